/**
 * The commands for trying a setup.
 *
 * @module
 */
import type { CommandSpec } from "../command.ts";

export const TRIAL_COMMANDS: readonly CommandSpec[] = [
  {
    name: "demo",
    section: "Trying it out",
    summary: "Show the whole way of six events on this machine",
    details:
      `Starts a test hook and a daemon on free ports in a temporary folder, sends the events of a peer's
and a volume's life, and shows what arrived. Ends with 0 only if all of it did.`,
    operands: [],
    options: [{ name: "keep", help: "leave it running until Ctrl-C" }],
    examples: [
      { line: "demo", does: "see that it works here" },
      { line: "demo --keep", does: "and then send events of your own" },
    ],
    load: () => import("../commands/demo.ts"),
  },
  {
    name: "emit",
    section: "Trying it out",
    summary: "Send an event as Gluster would",
    details:
      `Without --to it goes to the running daemon, or to the configured port of this machine.`,
    operands: [
      { name: "EVENT", help: "its name, see event-types" },
      { name: "KEY=VALUE", optional: true, repeatable: true, help: "what it says" },
    ],
    options: [{ name: "to", value: "HOST:PORT", help: "send it there" }],
    examples: [
      { line: "emit VOLUME_CREATE name=gv1 bricks=gl1:/b1", does: "say that a volume was made" },
    ],
    load: () => import("../commands/emit.ts"),
  },
  {
    name: "event-types",
    section: "Trying it out",
    summary: "List the kinds of events",
    operands: [{ name: "EVENT", optional: true, help: "show only this one, with its fields" }],
    options: [
      { name: "group", value: "GROUP", help: "only this group, such as BRICK" },
      { name: "severity", value: "SEVERITY", help: "info, warning, alert or critical, or worse" },
    ],
    examples: [
      { line: "event-types --severity alert", does: "what somebody should be called for" },
      { line: "event-types BRICK_DISCONNECTED", does: "what this one says" },
    ],
    load: () => import("../commands/event_types.ts"),
  },
  {
    name: "serve-test-hook",
    section: "Trying it out",
    summary: "Receive webhooks and show them",
    details:
      `Answers every POST, on any path, and shows what it got here and on a page that updates by itself:
the requests, and the cluster as the events tell it. It listens on all addresses, since nodes
have to reach it; the page is shown to browsers on this machine only.

With --json it prints one JSON object per request instead of a table: time, path, headers, body,
and what was found out about it.

With a secret or a token every request is verified: a token (JWT) as upstream makes it, Standard
Webhooks (v1, v1a), a bearer token. One that fails is answered with 401, and its reason is shown.

A path can ask for trouble of its own, which stands at its beginning and can be put together:
/status/503, /delay/2s, /fail-first/3, /fail-rate/0.3, /retry-after/5s, /hang, /reset; for example
/delay/2s/status/503.`,
    operands: [],
    options: [
      { name: "port", value: "PORT", help: "TCP port (9000; 0 takes a free one)" },
      { name: "host", value: "HOST", help: "address to listen on (default: all)" },
      { name: "status", value: "CODE", help: "status of every answer (200)" },
      { name: "delay", value: "TIME", help: "wait before every answer, at most 60s" },
      { name: "fail-first", value: "N", help: "only the first N requests fail (with 503)" },
      { name: "fail-rate", value: "RATE", help: "this part of the requests fails, such as 0.3" },
      { name: "hang", help: "never answer" },
      { name: "reset", help: "reset the connection instead of an answer" },
      { name: "retry-after", value: "TIME", help: "with failures, when to try again" },
      {
        name: "secret",
        value: "TEXT",
        help: "verify that requests are signed with it; - reads it",
      },
      { name: "secret-file", value: "FILE", help: "the same; former secrets in more lines" },
      {
        name: "bearer-token",
        short: "t",
        value: "TOKEN",
        help: "verify that requests have it; - reads it",
      },
      { name: "bearer-token-file", value: "FILE", help: "the same, from a file" },
      { name: "accept-unverified", help: "answer those that fail like all others" },
      { name: "forward", value: "URL", help: "send requests on, to this machine" },
      {
        name: "forward-allow",
        value: "HOST",
        repeatable: true,
        help: "or to this host",
      },
      { name: "keep", value: "N", help: "how many of the last requests the page has (1000)" },
      { name: "ui-open", help: "let other machines look at the page too" },
      { name: "output", value: "FILE", help: "also append every request to FILE, as JSON lines" },
      { name: "max-events", value: "N", help: "end with 0 after N events" },
    ],
    examples: [
      { line: "serve-test-hook --port 9000", does: "watch what a webhook gets" },
      { line: "serve-test-hook --status 503", does: "be a receiver in trouble" },
      { line: "serve-test-hook --secret - --port 9000", does: "see whether requests are signed" },
      { line: "serve-test-hook --fail-first 3 --retry-after 5s", does: "see how they are retried" },
      { line: "serve-test-hook --max-events 1 --json", does: "wait for one event, in a script" },
    ],
    load: () => import("../commands/serve_test_hook.ts"),
  },
];
