import { LineBudget } from "../../../src/daemon/line_budget.ts";
import { Logger } from "../../../src/daemon/logger.ts";
import { logLaneNotice } from "../../../src/daemon/notices.ts";
import { assertEquals, assertMatch } from "../../support/assert.ts";
import { makeEvent } from "../../support/spool_bench.ts";

Deno.test("a gap that a webhook does not take is not called a dead letter", () => {
  const lines: string[] = [];
  const logger = new Logger({ write: (line) => lines.push(line), now: () => 0 });
  const budget = new LineBudget(() => 0);
  const about = { webhook: "ops", event: { seq: 0, ...makeEvent(1) }, reason: "400 Bad Request" };
  logLaneNotice(logger, { kind: "gap_given_up", ...about }, budget);
  logLaneNotice(logger, { kind: "event_given_up", ...about, givenUp: 1 }, budget);
  assertEquals(lines.length, 2);
  assertMatch(lines[0] ?? "", /WARNING webhook was not told which events it misses webhook=ops/);
  assertMatch(lines[1] ?? "", /event became a dead letter/);
});
