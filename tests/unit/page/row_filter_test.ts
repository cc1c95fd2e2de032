import {
  compileFilter,
  isFiltering,
  isProblem,
  NO_FILTER,
  nodeOf,
} from "../../../src/page/assets/row_filter.js";
import { makeRow } from "../../support/page_rows.ts";
import { assertEquals } from "../../support/assert.ts";

Deno.test("without a filter every line is shown", () => {
  assertEquals(compileFilter(NO_FILTER)(makeRow()), true);
  assertEquals(isFiltering(NO_FILTER), false);
});

Deno.test("every word of a text has to be somewhere in the event, however it is written", () => {
  const row = makeRow({ message: { name: "gv0", options: [["cluster.quorum-type", "auto"]] } });
  const fits = (text: string) => compileFilter({ ...NO_FILTER, text })(row);
  assertEquals(fits("GV0"), true);
  assertEquals(fits("quorum started"), true);
  assertEquals(fits("gl1 volume_start"), true);
  assertEquals(fits("gv0 stopped"), false);
});

Deno.test("a text is found in the body of a request that holds no event", () => {
  const request = {
    url: "http://gl1:9000/hook",
    from: "127.0.0.1:1",
    receivedAt: 0,
    headers: {},
    body: "Hello there",
    bodyBytes: 11,
    status: 200,
    trouble: null,
    verdicts: [],
    events: 0,
  };
  const row = makeRow({ message: null, request });
  assertEquals(compileFilter({ ...NO_FILTER, text: "hello" })(row), true);
  assertEquals(compileFilter({ ...NO_FILTER, text: "/hook" })(row), true);
});

Deno.test("a severity lets through what is worse, and not what has none", () => {
  const fits = compileFilter({ ...NO_FILTER, severity: "alert" });
  const severities = ["info", "warning", "alert", "critical", null] as const;
  assertEquals(severities.map((severity) => fits(makeRow({ severity }))), [
    false,
    false,
    true,
    true,
    false,
  ]);
});

Deno.test("only problems are alerts and worse, and what is odd", () => {
  const fits = compileFilter({ ...NO_FILTER, problems: true });
  assertEquals(fits(makeRow()), false);
  assertEquals(fits(makeRow({ severity: "critical" })), true);
  assertEquals(fits(makeRow({ problems: ["duplicate"] })), true);
  assertEquals(isProblem(makeRow({ severity: "warning" })), false);
});

Deno.test("a node without a host name is found by its id", () => {
  const row = makeRow({ node: "" });
  assertEquals(nodeOf(row), row.nodeid);
  assertEquals(compileFilter({ ...NO_FILTER, node: row.nodeid })(row), true);
  assertEquals(compileFilter({ ...NO_FILTER, node: "gl1" })(row), false);
});

Deno.test("group and events have to fit both", () => {
  const fits = compileFilter({ ...NO_FILTER, group: "VOLUME", events: "*_START" });
  assertEquals(fits(makeRow()), true);
  assertEquals(fits(makeRow({ event: "VOLUME_STOP" })), false);
  assertEquals(fits(makeRow({ group: "BRICK" })), false);
});

Deno.test("a notice gets through any filter", () => {
  const notice = { key: "n", at: 0, notice: "The test hook was restarted", isProblem: true };
  assertEquals(compileFilter({ ...NO_FILTER, text: "nowhere", problems: true })(notice), true);
});
