import { backOffMs } from "../../../src/page/assets/back_off.js";
import { describeConnection } from "../../../src/page/assets/connection_view.js";
import { exportName, toNdjson } from "../../../src/page/assets/row_export.js";
import { wordsFor } from "../../../src/page/assets/table_words.js";
import { clockTime, roughly } from "../../../src/page/assets/time_text.js";
import { titleOf } from "../../../src/page/assets/title_counter.js";
import { toShort, toVisible, toVisibleLines } from "../../../src/page/assets/visible_text.js";
import { makeRow } from "../../support/page_rows.ts";
import { assertEquals } from "../../support/assert.ts";

Deno.test("waiting for a server grows from half a second to five", () => {
  assertEquals([1, 2, 3, 4, 5, 50].map(backOffMs), [500, 1000, 2000, 4000, 5000, 5000]);
});

Deno.test("what would hide what a text says is made visible", () => {
  assertEquals(toVisible("a\0b\u202ec\nd"), "a\\u{0}b\\u{202e}c\\u{a}d");
  assertEquals(toVisibleLines("a\tb\nc\x1b[31m\u2066"), "a\tb\nc\\u{1b}[31m\\u{2066}");
});

Deno.test("a text is cut between characters", () => {
  assertEquals(toShort("abc", 3), "abc");
  assertEquals(toShort("abcd", 3), "abc…");
  assertEquals(toShort("ab😀d", 3), "ab…");
});

Deno.test("a lost connection is told with its time and the next try", () => {
  const since = new Date(2026, 10, 26, 14, 3, 22).getTime();
  const lost = {
    state: "reconnecting",
    since,
    nextTryAt: since + 9000,
    reason: "refused",
  } as const;
  const { word, more, title } = describeConnection(lost, since + 5000);
  assertEquals(word, "Reconnecting since 14:03:22");
  assertEquals(more, "next try in 4 s");
  assertEquals(title, "The server cannot be heard: refused");
  assertEquals(describeConnection({ state: "live", since }, since).word, "Live");
});

Deno.test("the counts say what is kept and what fits", () => {
  const counts = { received: 12_345, kept: 2000, matching: 7, isFiltering: true };
  assertEquals(wordsFor(counts), "12,345 events, the newest 2,000 here, 7 fit the filter");
  assertEquals(wordsFor({ received: 1, kept: 1, matching: 1, isFiltering: false }), "1 event");
});

Deno.test("the title tells what came while nobody looked", () => {
  assertEquals(titleOf("test hook", { critical: 0, alert: 0 }), "test hook");
  assertEquals(titleOf("test hook", { critical: 2, alert: 1 }), "(2 critical, 1 alert) test hook");
});

Deno.test("an export is one JSON object per line, without the notices", () => {
  const notice = { key: "n", at: 0, notice: "restarted", isProblem: true };
  const text = toNdjson([
    makeRow({ payload: { a: 1 } }),
    notice,
    makeRow({ payload: { b: "\n" } }),
  ]);
  assertEquals(text, '{"a":1}\n{"b":"\\n"}\n');
  assertEquals(
    exportName(new Date("2026-11-26T14:03:22.123Z")),
    "gluster-events-2026-11-26T140322Z.ndjson",
  );
});

Deno.test("times are those of the browser's zone, and long ones are told roughly", () => {
  assertEquals(clockTime(new Date(2026, 10, 26, 4, 3, 2, 7).getTime()), "04:03:02.007");
  assertEquals([-5, 12_000, 240_000, 7_200_000, 259_200_000].map(roughly), [
    "0 s",
    "12 s",
    "4 min",
    "2 h",
    "3 d",
  ]);
});
