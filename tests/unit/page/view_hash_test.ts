import { NO_FILTER } from "../../../src/page/assets/row_filter.js";
import { readHash, writeHash } from "../../../src/page/assets/view_hash.js";
import { assertEquals } from "../../support/assert.ts";

Deno.test("what the page begins with needs no words in the address", () => {
  assertEquals(writeHash("events", NO_FILTER), "");
  assertEquals(readHash(""), { view: "events", filter: NO_FILTER });
});

Deno.test("a view and its filter come back from the address as they were", () => {
  const filter = {
    text: "a&b = c#d % ü",
    events: "VOLUME_*, !VOLUME_SET",
    group: "VOLUME",
    severity: "alert",
    node: "gl1.example.com",
    problems: true,
  } as const;
  assertEquals(readHash(`#${writeHash("cluster", filter)}`), { view: "cluster", filter });
});

Deno.test("what makes no sense in an address is left out", () => {
  const { filter } = readHash("#severity=awful&problems=perhaps&colour=blue&group");
  assertEquals(filter, NO_FILTER);
});
