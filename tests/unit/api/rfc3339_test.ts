import { parseTimeMs } from "../../../src/api/rfc3339.ts";
import { assertEquals } from "../../support/assert.ts";

Deno.test("times of RFC 3339 are read, with any offset and fraction", () => {
  const timeMs = Date.UTC(2026, 10, 23, 3, 0, 0);
  const cases: [string, number][] = [
    ["2026-11-23T03:00:00Z", timeMs],
    ["2026-11-23t03:00:00z", timeMs],
    ["2026-11-23T05:30:00+02:30", timeMs],
    ["2026-11-22T23:00:00-04:00", timeMs],
    ["2026-11-23T03:00:00.250Z", timeMs + 250],
    ["2026-11-23T03:00:00.250999999Z", timeMs + 250],
    ["2024-02-29T00:00:00Z", Date.UTC(2024, 1, 29)],
  ];
  for (const [text, wanted] of cases) assertEquals(parseTimeMs(text), wanted, text);
});

Deno.test("what only looks like a time is none", () => {
  const cases = [
    "",
    "now",
    "1795330857",
    "2026-11-23",
    "2026-11-23T03:00:00",
    "2026-11-23T03:00Z",
    "2026-11-23 03:00:00Z",
    "2026-11-23T03:00:00 02:00",
    "2026-02-29T00:00:00Z",
    "2026-02-30T00:00:00Z",
    "2026-04-31T00:00:00Z",
    "2026-13-01T00:00:00Z",
    "2026-00-01T00:00:00Z",
    "2026-11-00T00:00:00Z",
    "2026-11-23T24:00:00Z",
    "2026-11-23T03:60:00Z",
    "2026-11-23T03:00:60Z",
    "2026-11-23T03:00:00+24:00",
    " 2026-11-23T03:00:00Z",
    "2026-11-23T03:00:00Z\n",
  ];
  for (const text of cases) assertEquals(parseTimeMs(text), undefined, text);
});
