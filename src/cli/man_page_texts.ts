/**
 * What the man page says beside the commands.
 *
 * @module
 */
import { PROXY_VARIABLES } from "../dispatcher/proxies/proxy.ts";
import type { Example } from "./command.ts";
import { PLACE_OPTIONS, PLACE_VARIABLES } from "./places.ts";

/** A word and what there is to know about it. */
type Entry = readonly [word: string, text: string];

export const DESCRIPTION: readonly string[] = [
  `The processes of GlusterFS tell of what happens to peers, volumes and bricks by UDP datagrams.
The daemon of every node receives them, keeps each event on disk until every webhook has it, and
posts it as JSON, in order and as often as it takes.`,
  `Webhooks and settings are shared by all nodes. They stand in one file, the registry, which may be
edited by hand too; the daemon notices.`,
  `Results go to standard output, as a table or, with --json, as one JSON object with "output" and
"error". What goes wrong is said on standard error in two lines: what could not be done and why, and
a hint that helps.`,
];

export const FILES: readonly Entry[] = [
  [
    "WORKDIR/events/webhooks.toml",
    `The registry, mode 0600. WORKDIR is the folder of glusterd: what "gluster system:: getwd" says,
else what glusterd.vol says, else /var/lib/glusterd.`,
  ],
  ["/var/lib/gluster-eventing/spool.db", "The events, what waits for each webhook, and attempts."],
  ["/run/gluster-eventing/control.sock", "The socket through which commands ask the daemon."],
  [
    "/var/log/glusterfs/gluster-eventing.log",
    "The log of a daemon that was started without systemd; otherwise see journalctl(1).",
  ],
  ["gluster-eventing.service", "The unit of systemd."],
  ["/etc/glusterfs/glusterd.vol", "The configuration of glusterd; only read."],
];

export const ENVIRONMENT: readonly Entry[] = [
  ...PLACE_VARIABLES.map((name, at): Entry => [
    name,
    `Stands in for --${PLACE_OPTIONS[at]?.name ?? ""}. An empty one counts as unset.`,
  ]),
  [
    PROXY_VARIABLES.join(", "),
    `Proxies for the requests to webhooks that name none with --proxy; NO_PROXY names the hosts that
are reached without one.`,
  ],
];

export const SIGNALS: readonly Entry[] = [
  ["SIGHUP, SIGUSR2", "The daemon reads the registry again."],
  [
    "SIGTERM, SIGINT",
    `The daemon ends within five seconds and keeps what waits; the second one ends it at once.`,
  ],
];

export const EXAMPLES: readonly Example[] = [
  { line: "demo", does: "see the whole way of an event on this machine" },
  { line: "webhook-add https://ops.example.com/listen --name ops", does: "post every event there" },
  { line: "status", does: "see what is delivered, what waits and why" },
  {
    line: "attempts ops --failed --since 8h",
    does: "see the requests that failed, and the answers",
  },
  { line: "replay ops --dead-letters", does: "post what was given up on once more" },
];

export const SEE_ALSO: readonly (readonly [name: string, section: number])[] = [
  ["gluster", 8],
  ["glusterd", 8],
  ["journalctl", 1],
  ["systemctl", 1],
];
