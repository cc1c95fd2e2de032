import { LineBudget } from "../../../src/daemon/line_budget.ts";
import { Logger } from "../../../src/daemon/logger.ts";
import { logLaneNotice, logListenerNotice } from "../../../src/daemon/notices.ts";
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

Deno.test("how long something takes is said in units that people read", () => {
  const lines: string[] = [];
  const logger = new Logger({ write: (line) => lines.push(line), now: () => 0 });
  const about = { webhook: "ops", event: { seq: 1, ...makeEvent(1) }, reason: "503" };
  for (const retryInMs of [0, 140.4, 9999, 61_234, 30 * 86_400_000]) {
    const budget = new LineBudget(() => 0);
    logLaneNotice(logger, { kind: "webhook_failing", ...about, retryInMs }, budget);
  }
  const said = lines.map((line) => /retry_in=(\S+)/.exec(line)?.[1]);
  assertEquals(said, ["0s", "140ms", "9999ms", "61s", "30d"]);
});

Deno.test("datagrams that are denied are told of with where to look", () => {
  const lines: string[] = [];
  const logger = new Logger({ write: (line) => lines.push(line), now: () => 0 });
  logListenerNotice(logger, { kind: "datagrams_denied", count: 7, from: "[fd00::1]:49152" }, true);
  assertEquals(lines.length, 1);
  assertMatch(
    lines[0] ?? "",
    /WARNING datagrams from sources that allow-from does not list count=7 last_from=\[fd00::1\]:49152 hint="see what is allowed: gluster-eventing config-get --name allow-from"$/,
  );
});
