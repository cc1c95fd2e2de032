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
      `Answers every POST, on any path. With --json it prints one JSON object per request instead of a
table: time, path, headers and body.`,
    operands: [],
    options: [
      { name: "port", value: "PORT", help: "TCP port (9000; 0 takes a free one)" },
      { name: "host", value: "HOST", help: "address to listen on (default: all)" },
      { name: "status", value: "CODE", help: "status of every answer (200)" },
      { name: "keep", value: "N", help: "how many of the last requests the page has (1000)" },
      { name: "ui-open", help: "let other machines look at the page too" },
      { name: "output", value: "FILE", help: "also append every request to FILE, as JSON lines" },
      { name: "max-events", value: "N", help: "end with 0 after N events" },
    ],
    examples: [
      { line: "serve-test-hook --port 9000", does: "watch what a webhook gets" },
      { line: "serve-test-hook --status 503", does: "be a receiver in trouble" },
      { line: "serve-test-hook --max-events 1 --json", does: "wait for one event, in a script" },
    ],
    load: () => import("../commands/serve_test_hook.ts"),
  },
];
