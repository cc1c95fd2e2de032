import type { AttemptReport, DeadLetterReport } from "../../../src/api/spool_reports.ts";
import { renderAttempts, renderDeadLetters, renderHistory } from "../../../src/cli/spool_rows.ts";
import { assertEquals } from "../../support/assert.ts";
import { historyEvent } from "../../support/fake_daemon.ts";

const AT = new Date(2026, 10, 23, 3, 4, 5).toISOString();

const ATTEMPT: AttemptReport = {
  at: AT,
  webhook: "ops",
  id: "ID1",
  event: "VOLUME_START",
  events: 1,
  status: 200,
  error: null,
  result: "200 OK",
  duration_ms: 12.4,
  answer: "",
  outcome: "delivered",
  next_attempt_at: null,
};

function letter(webhook: string): DeadLetterReport {
  return {
    ...historyEvent(1, { id: "ID1" }),
    webhook,
    given_up_at: AT,
    reason: "400 Bad Request",
  };
}

Deno.test("events are shown with local time and what they say", () => {
  const events = [
    historyEvent(1, { id: "ID1" }),
    historyEvent(2, {
      id: "ID2",
      event: "VOLUME_SET",
      message: { name: "gv2", options: [["a.b", "on"], ["c", "x,y"]], bricks: "gl1:/b1 gl2:/b2" },
    }),
    historyEvent(3, { id: "ID3", event: "UNKNOWN_7", severity: "warning", message: {} }),
    historyEvent(4, { id: "ID4", message: { name: "a\x1b[2Jb", empty: "", quote: '"' } }),
  ];
  assertEquals(renderHistory(events), [
    "TIME                 EVENT         SEVERITY  ID   MESSAGE",
    "2026-11-23 03:04:05  VOLUME_START  info      ID1  name=gv1 force=false",
    '2026-11-23 03:04:05  VOLUME_SET    info      ID2  name=gv2 options=[["a.b","on"],["c","x,y"]] ' +
    'bricks="gl1:/b1 gl2:/b2"',
    "2026-11-23 03:04:05  UNKNOWN_7     warning   ID3",
    "2026-11-23 03:04:05  VOLUME_START  info      ID4  " +
    String.raw`name=a\u{1b}[2Jb empty="" quote="\""`,
  ]);
});

Deno.test("attempts are shown with what came of them", () => {
  const next = new Date(2026, 10, 23, 3, 5, 0).toISOString();
  const attempts: AttemptReport[] = [
    ATTEMPT,
    { ...ATTEMPT, events: 100, answer: ' "fine"\r\n  thanks\x07 ' },
    {
      ...ATTEMPT,
      status: null,
      error: "timeout",
      result: "timeout: no answer within 15s",
      duration_ms: 15_000,
      outcome: "retry",
      next_attempt_at: next,
    },
    { ...ATTEMPT, status: 400, result: "400 Bad Request", outcome: "dead" },
    { ...ATTEMPT, status: 410, result: "410 Gone", outcome: "paused" },
  ];
  const [heading, ...rows] = renderAttempts(attempts).map((line) => line.split(/ {2,}/));
  assertEquals(heading, ["TIME", "WEBHOOK", "EVENT", "ID", "RESULT", "MS", "NEXT", "ANSWER"]);
  const start = ["2026-11-23 03:04:05", "ops"];
  assertEquals(rows, [
    [...start, "VOLUME_START", "ID1", "200 OK", "12", "-"],
    [...start, "VOLUME_START +99", "ID1", "200 OK", "12", "-", '"fine" thanks\\u{7}'],
    [
      ...start,
      "VOLUME_START",
      "ID1",
      "timeout: no answer within 15s",
      "15000",
      "2026-11-23 03:05:00",
    ],
    [...start, "VOLUME_START", "ID1", "400 Bad Request", "12", "dead letter"],
    [...start, "VOLUME_START", "ID1", "410 Gone", "12", "paused"],
  ]);
});

Deno.test("dead letters are shown with how to post them again", () => {
  const again = (name: string) =>
    `Post them again: gluster-eventing replay ${name} --dead-letters --dry-run`;
  assertEquals(renderDeadLetters([letter("ops")]), [
    "GIVEN UP             WEBHOOK  EVENT         ID   REASON           MESSAGE",
    "2026-11-23 03:04:05  ops      VOLUME_START  ID1  400 Bad Request  name=gv1 force=false",
    "",
    again("ops"),
  ]);
  assertEquals(renderDeadLetters([letter("ops"), letter("ops")]).at(-1), again("ops"));
  assertEquals(renderDeadLetters([letter("ops"), letter("mon")]).at(-1), again("NAME"));
});
