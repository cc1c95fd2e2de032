/**
 * The commands that look back at what happened, and repeat it.
 *
 * @module
 */
import type { CommandSpec, OperandSpec, OptionSpec } from "../command.ts";

const WHICH: OperandSpec = {
  name: "WEBHOOK",
  optional: true,
  help: "only this webhook, by URL or name",
};
const PATTERNS =
  `An event fits if it fits all options. Of the patterns one must fit, and none that begins with "!":
VOLUME_* is every event whose name begins so, group:BRICK every event of that group.`;

/** Options that select kinds of events. */
const KINDS: readonly OptionSpec[] = [
  {
    name: "events",
    value: "PATTERN,...",
    repeatable: true,
    help: "only these: VOLUME_*, group:BRICK, or !VOLUME_SET for all others",
  },
  { name: "group", value: "GROUP", help: "the same as --events group:GROUP" },
  { name: "severity", value: "SEVERITY", help: "info, warning, alert or critical, or worse" },
];

/** Options that select events. */
const SELECTION: readonly OptionSpec[] = [
  { name: "id", value: "ID", repeatable: true, help: "only the event with this id" },
  ...KINDS,
  { name: "since", value: "TIME", help: "not before: 2h ago, or a time such as 2026-11-23" },
  { name: "until", value: "TIME", help: "before: 2h ago, or a time such as 2026-11-23" },
];

/** The option that limits how many rows are shown. */
const LIMIT: OptionSpec = {
  name: "limit",
  value: "N",
  help: "only the newest N (100)",
};

export const LOOKING_BACK_COMMANDS: readonly CommandSpec[] = [
  {
    name: "history",
    section: "Looking back",
    summary: "Show the events that this node received",
    details: `${PATTERNS}\nEvents are kept for history-max-age, see config-get.`,
    operands: [],
    options: [...SELECTION, LIMIT],
    examples: [
      { line: "history --since 2h --severity alert", does: "what was bad in the last two hours" },
      {
        line: 'history --events "VOLUME_*,!VOLUME_SET" --limit 1000 --json',
        does: "the life of the volumes, for a program",
      },
    ],
    load: () => import("../commands/history.ts"),
  },
  {
    name: "watch",
    section: "Looking back",
    summary: "Show events as they are received",
    details:
      `Goes on until Ctrl-C, also when the daemon restarts: what it receives meanwhile is shown then.
With --cluster the events of all nodes are shown; a node that cannot be heard is told of, and what it
receives meanwhile is shown when it is back.
With --json it prints one JSON object per event. What is to be said between events is on standard
error, such as that the history does not reach back far enough.
${PATTERNS}`,
    operands: [],
    options: [
      ...KINDS,
      {
        name: "since",
        value: "TIME|ID",
        help: "first what there was since: 2h ago, 2026-11-23, or behind the event with this id",
      },
      { name: "cluster", help: "the events of all nodes, not of this one only" },
      { name: "max-events", value: "N", help: "end with 0 after N events" },
    ],
    examples: [
      { line: "watch --severity alert", does: "see what goes wrong as it does" },
      { line: "watch --cluster", does: "see what happens on all nodes" },
      { line: "watch --since 1h --events group:BRICK", does: "the last hour's too" },
      {
        line: "watch --events VOLUME_START --max-events 1 --json",
        does: "wait for one event, in a script",
      },
    ],
    load: () => import("../commands/watch.ts"),
  },
  {
    name: "attempts",
    section: "Looking back",
    summary: "Show the requests that were made and what became of them",
    details: `--since and --until mean when a request was made.\n${PATTERNS}`,
    operands: [WHICH],
    options: [
      { name: "failed", help: "only those that did not deliver" },
      ...SELECTION,
      LIMIT,
    ],
    examples: [
      { line: "attempts ops --failed", does: "see why a webhook gets nothing" },
      { line: "attempts --id 01KAPC6Q0R5T5CZ3X6M1J3M4W7", does: "the whole way of one event" },
    ],
    load: () => import("../commands/attempts.ts"),
  },
  {
    name: "dead-letters",
    section: "Looking back",
    summary: "Show the events that were given up on",
    details: PATTERNS,
    operands: [WHICH],
    options: [...SELECTION, LIMIT],
    examples: [{ line: "dead-letters ops", does: "what a webhook never got, and why" }],
    load: () => import("../commands/dead_letters.ts"),
  },
  {
    name: "replay",
    section: "Looking back",
    summary: "Post events again to a webhook",
    details:
      `At least one option must say which events. They have the ids that they had, so that a receiver
can tell. What waits for the webhook anyway is left out. What its filter leaves out is posted: you
ask for it.
${PATTERNS}`,
    operands: [{ name: "WEBHOOK", help: "where to post them, by URL or name" }],
    options: [
      { name: "dead-letters", help: "only what was given up on for this webhook" },
      ...SELECTION,
      { name: "dry-run", help: "only say what would be done" },
    ],
    examples: [
      { line: "replay ops --dead-letters --dry-run", does: "see what would be posted again" },
      { line: "replay ops --since 2h", does: "after its receiver lost two hours" },
      { line: "replay ops --id 01KAPC6Q0R5T5CZ3X6M1J3M4W7", does: "only this event" },
    ],
    load: () => import("../commands/replay.ts"),
  },
];
