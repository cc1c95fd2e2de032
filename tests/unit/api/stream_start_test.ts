import { decodeStreamQuery, encodeQuery, InvalidQueryError } from "../../../src/api/spool_query.ts";
import { formatPosition, parseStart } from "../../../src/api/stream_start.ts";
import { InvalidFilterError } from "../../../src/event/event_filter.ts";
import { assertEquals, assertThrows } from "../../support/assert.ts";

const ID = "01KAPC6Q0R5T5CZ3X6M1J3M4W7";
const NODE = "e9bfb6da-5a8b-4b8e-9d2b-3f6a3f5f2c11";
const OTHER = "00000000-0000-4000-8000-000000000001";

Deno.test("a stream begins behind an event, at a time or at a position", () => {
  assertEquals(parseStart(ID), { kind: "id", id: ID });
  assertEquals(parseStart(ID.toLowerCase()), { kind: "id", id: ID });
  assertEquals(parseStart("1970-01-01T00:00:01Z"), { kind: "time", timeMs: 1000 });
  assertEquals(parseStart("1970-01-01T01:00:01+01:00"), { kind: "time", timeMs: 1000 });
  assertEquals(parseStart(`${NODE.toUpperCase()}=${ID}`), {
    kind: "position",
    ids: new Map([[NODE, ID]]),
  });
  const ids = [[NODE, ID], [OTHER, ID]] as const;
  assertEquals(parseStart(formatPosition(ids)), { kind: "position", ids: new Map(ids) });
});

Deno.test("anything else is no place to begin at", () => {
  const wrong = [
    "",
    "2h",
    "2026-11-23",
    ID.slice(1),
    `${ID}0`,
    // More than the 128 bits of a ULID.
    `8${ID.slice(1)}`,
    // There is no U among the digits.
    `${ID.slice(0, -1)}U`,
    `${NODE}`,
    `${NODE}=`,
    `=${ID}`,
    `${NODE}=${ID},`,
    `${NODE}=${ID}=${ID}`,
    `gl1=${ID}`,
    Array.from({ length: 1001 }, () => `${NODE}=${ID}`).join(","),
  ];
  for (const text of wrong) assertEquals(parseStart(text), undefined, text);
});

Deno.test("what is asked of a stream goes through the query of a URL unharmed", () => {
  const query = {
    events: ["VOLUME_*", "!VOLUME_SET"],
    severity: "alert",
    since: `${NODE}=${ID},${OTHER}=${ID}`,
    scope: "cluster",
  } as const;
  assertEquals(decodeStreamQuery(new URLSearchParams(encodeQuery(query).toString())), query);
  assertEquals(decodeStreamQuery(new URLSearchParams()), {});
});

Deno.test("a question that makes no sense is refused with what is allowed", () => {
  const cases: readonly [query: string, hint: RegExp][] = [
    ["since=2h", /the id of an event, a time such as .*, or a position/],
    [`since=${ID}&since=${ID}`, /the id of an event/],
    ["scope=pool", /^give one of: node, cluster$/],
    ["limit=5", /^there are: events, severity, since, scope$/],
  ];
  for (const [query, hint] of cases) {
    const error = assertThrows(
      () => decodeStreamQuery(new URLSearchParams(query)),
      InvalidQueryError,
    );
    assertEquals(hint.test(error.hint), true, `${query}: ${error.hint}`);
  }
  assertThrows(() => decodeStreamQuery(new URLSearchParams("events=NO")), InvalidFilterError);
});
