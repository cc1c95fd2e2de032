import { UsageError } from "../../../src/cli/command.ts";
import { readTime, showTime } from "../../../src/cli/local_time.ts";
import { assert, assertEquals, assertThrows } from "../../support/assert.ts";

const NOW_MS = Date.UTC(2026, 10, 23, 12, 0, 0);

function read(text: string): string {
  return readTime(text, { name: "since", nowMs: NOW_MS });
}

/** The RFC 3339 form of a local time. */
function local(...[year, month, day, hour = 0, minute = 0, second = 0]: number[]): string {
  return new Date(year ?? 0, (month ?? 0) - 1, day, hour, minute, second).toISOString();
}

Deno.test("a duration is a time so long ago", () => {
  assertEquals(read("2h"), "2026-11-23T10:00:00.000Z");
  assertEquals(read("1.5h"), "2026-11-23T10:30:00.000Z");
  assertEquals(read("7d"), "2026-11-16T12:00:00.000Z");
  assertEquals(read("0s"), "2026-11-23T12:00:00.000Z");
});

Deno.test("a duration that goes back beyond all events means all of them", () => {
  assertEquals(read("999999999999d"), "1970-01-01T00:00:00.000Z");
});

Deno.test("a time with an offset is that time, one without is local", () => {
  assertEquals(read("2026-11-23T03:00:00+02:00"), "2026-11-23T01:00:00.000Z");
  assertEquals(read("2026-11-23"), local(2026, 11, 23));
  assertEquals(read("2026-07-01"), local(2026, 7, 1));
  assertEquals(read("2026-11-23 03:04"), local(2026, 11, 23, 3, 4));
  assertEquals(read("2026-11-23 03:04:05"), local(2026, 11, 23, 3, 4, 5));
  assertEquals(read("2026-11-23T03:04:05"), local(2026, 11, 23, 3, 4, 5));
});

Deno.test("what is no time is refused with examples", () => {
  const cases = [
    "",
    "yesterday",
    "2",
    "2 h",
    "-2h",
    "2026",
    "2026-11",
    "2026-11-31",
    "2026-02-30 03:00",
    "2026-11-23 25:00",
    "2026-11-23 03",
    "2026-11-23 3:00",
    "2026-11-23 03:00 Z",
    "23.11.2026",
  ];
  for (const text of cases) {
    const error = assertThrows(() => read(text), UsageError, `--since cannot be "${text}"`);
    for (const example of ["2h", "2026-11-23,", "2026-11-23T03:00:00Z"]) {
      assert(error.hint.includes(example), error.hint);
    }
  }
});

Deno.test("a time is shown as local date and time, and can be given again", () => {
  const time = local(2026, 1, 2, 3, 4, 5);
  assertEquals(showTime(time), "2026-01-02 03:04:05");
  assertEquals(read(showTime(time)), time);
  assertEquals(showTime(local(2026, 12, 31, 23, 59, 59)), "2026-12-31 23:59:59");
});
