import {
  decodeAttemptQuery,
  decodeDeadLetterQuery,
  decodeHistoryQuery,
  decodeReplayRequest,
  decodeWebhook,
  encodeQuery,
  InvalidQueryError,
} from "../../../src/api/spool_query.ts";
import type {
  AttemptQuery,
  DeadLetterQuery,
  HistoryQuery,
} from "../../../src/api/spool_reports.ts";
import { InvalidFilterError } from "../../../src/event/event_filter.ts";
import { assert, assertEquals, assertThrows } from "../../support/assert.ts";

const SELECTION = {
  ids: ["01KAPC6Q0R5T5CZ3X6M1J3M4W7", "a&b=c +%"],
  events: ["VOLUME_*", "!VOLUME_SET"],
  severity: "warning",
  since: "2026-11-23T03:00:00.000Z",
  until: "2026-11-24T03:00:00.250Z",
};

Deno.test("a question comes out of a URL as it went in", () => {
  const history: HistoryQuery = { ...SELECTION, limit: 100_000 };
  const letters: DeadLetterQuery = { ...history, webhook: "https://ops.example.com/a?b=c&d=ü" };
  const attempts: AttemptQuery = { ...letters, failed: true };
  const reread = (query: HistoryQuery) => new URLSearchParams(encodeQuery(query).toString());
  assertEquals(decodeHistoryQuery(reread(history)), history);
  assertEquals(decodeDeadLetterQuery(reread(letters)), letters);
  assertEquals(decodeAttemptQuery(reread(attempts)), attempts);
  assertEquals(decodeAttemptQuery(reread({ limit: 1 })), { limit: 1 });
});

Deno.test("a question without a limit is one for the newest hundred", () => {
  assertEquals(decodeHistoryQuery(new URLSearchParams()), { limit: 100 });
});

Deno.test("times come in as UTC, whatever their offset", () => {
  const params = new URLSearchParams({ since: "2026-11-23T05:00:00+02:00" });
  assertEquals(decodeHistoryQuery(params).since, "2026-11-23T03:00:00.000Z");
});

Deno.test("an empty list of ids never turns into all events", () => {
  assertThrows(
    () => decodeHistoryQuery(encodeQuery({ ids: [], limit: 1 })),
    InvalidQueryError,
    '"ids" cannot be [""]',
  );
});

const WRONG: readonly (readonly [query: string, message: string, hint: string])[] = [
  ["limt=5", 'There is no "limt" to ask for', "did you mean: limit"],
  ["webhook=ops", 'There is no "webhook" to ask for', "there are: ids, events, "],
  ["toString=1", 'There is no "toString"', "there are: "],
  ["__proto__=1", 'There is no "__proto__"', "there are: "],
  ["limit=0", '"limit" cannot be 0', "from 1 to 100000"],
  ["limit=100001", '"limit" cannot be 100001', "from 1 to 100000"],
  ["limit=-1", '"limit" cannot be "-1"', "from 1 to 100000"],
  ["limit=1.5", '"limit" cannot be "1.5"', "from 1 to 100000"],
  ["limit=1e3", '"limit" cannot be "1e3"', "from 1 to 100000"],
  ["limit=", '"limit" cannot be ""', "from 1 to 100000"],
  ["limit=1&limit=2", '"limit" cannot be ["1","2"]', "from 1 to 100000"],
  ["severity=", '"severity" cannot be ""', "not empty"],
  ["severity=info&severity=alert", '"severity" cannot be ["info","alert"]', "one text"],
  ["ids=", '"ids" cannot be [""]', "none that is empty"],
  ["since=2026-11-23", '"since" cannot be "2026-11-23"', "2026-11-23T03:00:00Z"],
  ["until=2026-02-30T00:00:00Z", '"until" cannot be', "2026-11-23T03:00:00Z"],
  ["since=2026-11-23T03:00:00+02:00", '"since" cannot be', "%2B"],
];

for (const [query, message, hint] of WRONG) {
  Deno.test(`the query ${query} is refused`, () => {
    const error = assertThrows(
      () => decodeHistoryQuery(new URLSearchParams(query)),
      InvalidQueryError,
      message,
    );
    assert(error.hint.includes(hint), error.hint);
  });
}

Deno.test("a query with a pattern or a severity that matches nothing is refused", () => {
  for (const query of ["events=VOLUM_*", "severity=bad"]) {
    assertThrows(() => decodeHistoryQuery(new URLSearchParams(query)), InvalidFilterError);
  }
  assertThrows(
    () => decodeAttemptQuery(new URLSearchParams("failed=yes")),
    InvalidQueryError,
    '"failed" cannot be "yes"',
  );
});

Deno.test("a request for a replay is taken with any selection", () => {
  const { since, ids } = SELECTION;
  for (const selection of [SELECTION, { since }, { ids }, { dead_letters: true }]) {
    const request = { webhook: "ops", dry_run: true, ...selection };
    assertEquals(decodeReplayRequest(request), request);
  }
});

Deno.test("a request for a replay that does not say of what is refused", () => {
  const requests = [{}, { dead_letters: false }, { dry_run: true }, { dry_run: false }];
  for (const request of requests) {
    assertThrows(
      () => decodeReplayRequest({ webhook: "ops", ...request }),
      InvalidQueryError,
      "never means all",
    );
  }
});

const WRONG_BODIES: readonly (readonly [body: unknown, message: string])[] = [
  [undefined, "no JSON object"],
  [null, "no JSON object"],
  ["ops", "no JSON object"],
  [["ops"], "no JSON object"],
  [{ since: "2026-11-23T03:00:00Z" }, '"webhook" is missing'],
  [{ webhook: "", dead_letters: true }, '"webhook" cannot be ""'],
  [{ webhook: 7, dead_letters: true }, '"webhook" cannot be 7'],
  [{ webhook: "ops", ids: [] }, '"ids" cannot be []'],
  [{ webhook: "ops", ids: "a" }, '"ids" cannot be "a"'],
  [{ webhook: "ops", ids: [1] }, '"ids" cannot be [1]'],
  [{ webhook: "ops", dead_letters: "true" }, '"dead_letters" cannot be "true"'],
  [{ webhook: "ops", since: 1795330857 }, '"since" cannot be 1795330857'],
  [{ webhook: "ops", since: null }, '"since" cannot be null'],
  [{ webhook: "ops", deadLetters: true }, 'There is no "deadLetters"'],
  [{ webhook: "ops", ids: ["a"], limit: 5 }, 'There is no "limit"'],
  [JSON.parse('{"webhook": "ops", "__proto__": {"dead_letters": true}}'), "__proto__"],
];

for (const [body, message] of WRONG_BODIES) {
  Deno.test(`the request for a replay ${JSON.stringify(body)} is refused`, () => {
    assertThrows(() => decodeReplayRequest(body), InvalidQueryError, message);
  });
}

Deno.test("a request about a webhook has its name and nothing else", () => {
  assertEquals(decodeWebhook({ webhook: "ops" }), "ops");
  for (const body of [{}, { webhook: "" }, { webhook: "ops", all: true }, []]) {
    assertThrows(() => decodeWebhook(body), InvalidQueryError);
  }
});
