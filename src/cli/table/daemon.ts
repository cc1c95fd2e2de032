/**
 * The commands that run the daemon and ask it.
 *
 * @module
 */
import type { CommandSpec } from "../command.ts";
import { DEFAULT_LOG_FILE } from "../log_file.ts";

export const DAEMON_COMMANDS: readonly CommandSpec[] = [
  {
    name: "run",
    section: "Daemon",
    summary: "Receive events and deliver them, in the foreground",
    details:
      `Listens for the datagrams of Gluster's processes, keeps every event on disk until each webhook
has it, and posts it. Changes of the registry are noticed within a second; a new port counts after a
restart. SIGHUP and SIGUSR2 make it read the registry too, and begin the log file anew if that was
moved aside; SIGTERM and SIGINT end it within 5 s, the second one at once.`,
    operands: [],
    options: [
      {
        name: "listen",
        value: "HOST:PORT",
        repeatable: true,
        help: "UDP address (default: the configured port on every address)",
      },
      { name: "node-id", value: "UUID", help: "this node's id (default: glusterd's)" },
      {
        name: "log-file",
        value: "FILE",
        help: "append the log to FILE (default: standard error)",
      },
    ],
    examples: [
      { line: "run", does: "serve this node" },
      {
        line: "run --listen 127.0.0.1:55600 --workdir ./work --state-dir ./state --socket ./sock",
        does: "try it beside a running service, without root",
      },
    ],
    load: () => import("../commands/run.ts"),
  },
  {
    name: "start",
    section: "Daemon",
    summary: "Start the service on every node, now and at boot",
    details:
      `With systemd it is the unit gluster-eventing.service that is enabled and started. Without, it is a
process of its own that writes to ${DEFAULT_LOG_FILE}, and somebody has to
start it after a boot.`,
    operands: [],
    options: [],
    examples: [{ line: "start", does: "receive and deliver events from now on" }],
    load: () => import("../commands/start.ts"),
  },
  {
    name: "stop",
    section: "Daemon",
    summary: "Stop the service on every node, also at boot",
    details: "What waits stays on disk. Events that happen while it is stopped are not noticed.",
    operands: [],
    options: [],
    examples: [{ line: "stop", does: "end the daemon; it has ended when the command has" }],
    load: () => import("../commands/stop.ts"),
  },
  {
    name: "restart",
    section: "Daemon",
    summary: "Stop the service on every node and start it again",
    operands: [],
    options: [],
    examples: [{ line: "restart", does: "make another port or receive-buffer count" }],
    load: () => import("../commands/restart.ts"),
  },
  {
    name: "status",
    section: "Daemon",
    summary: "Show how every node and its webhooks are doing",
    details:
      `A row for each node, and for each webhook the counts of all nodes together. With --local more of
this node: addresses, registry, spool.`,
    operands: [],
    options: [],
    examples: [
      { line: "status", does: "see what is delivered and what waits" },
      { line: "status --json", does: "the same for a program" },
    ],
    load: () => import("../commands/status.ts"),
  },
  {
    name: "reload",
    section: "Daemon",
    summary: "Make the daemons read their registries now",
    details: "A registry with problems is not taken over: the one before stays in force.",
    operands: [],
    options: [],
    examples: [{ line: "reload", does: "after an edit by hand, see at once whether it is good" }],
    load: () => import("../commands/reload.ts"),
  },
  {
    name: "sync",
    section: "Daemon",
    summary: "Give the newest registry to every node of the pool",
    details:
      `Nodes come in step by themselves when they see each other again; this does it now, and says for
each node whether it worked. A registry that was edited by hand on this node is given to all others.`,
    operands: [],
    options: [
      { name: "force", help: "this node's registry counts, even if another node has a newer one" },
    ],
    examples: [{ line: "sync", does: "after an edit by hand on this node" }],
    load: () => import("../commands/sync.ts"),
  },
];
