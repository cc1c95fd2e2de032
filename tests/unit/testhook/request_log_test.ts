import { type LogLimits, RequestLog } from "../../../src/testhook/request_log.ts";
import { assertEquals } from "../../support/assert.ts";
import { shownRequest } from "./shown_request.ts";

function logOf(limits: Partial<LogLimits>, numbers: Iterable<number>): RequestLog {
  const log = new RequestLog({ count: 1000, bytes: 1e6, ...limits });
  for (const number of numbers) log.put(shownRequest(number));
  return log;
}

const numbersIn = (items: readonly Uint8Array[]) =>
  items.map((json) => JSON.parse(new TextDecoder().decode(json)).number);

/** What somebody gets who reads all of it, by and by. */
function readFrom(log: RequestLog, revision = 0): number[] {
  const numbers: number[] = [];
  for (let entry = log.after(revision); entry !== undefined; entry = log.after(entry.revision)) {
    numbers.push(entry.number);
  }
  return numbers;
}

const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

Deno.test("the newest requests are kept, oldest first", () => {
  const log = logOf({ count: 3 }, upTo(10));
  assertEquals([log.size, numbersIn(log.newest(Infinity)), numbersIn(log.newest(2))], [
    3,
    [8, 9, 10],
    [9, 10],
  ]);
  assertEquals([log.has(7), log.has(8)], [false, true]);
});

Deno.test("large requests push out more than one, and one alone stays however large it is", () => {
  const log = new RequestLog({ count: 100, bytes: 10_000 });
  for (const number of upTo(20)) log.put(shownRequest(number));
  log.put(shownRequest(21, "x".repeat(9000)));
  assertEquals(numbersIn(log.newest(Infinity)).at(-1), 21);
  assertEquals(log.size <= 4 && log.bytes <= 10_000, true, `${log.size}, ${log.bytes}`);
  log.put(shownRequest(22, "x".repeat(20_000)));
  assertEquals([log.size, readFrom(log)], [1, [22]]);
});

Deno.test("a request of which more is known takes the place of what was kept", () => {
  const log = logOf({}, upTo(3));
  const { revision, bytes } = log;
  log.put(shownRequest(2));
  assertEquals(numbersIn(log.newest(Infinity)), [1, 2, 3]);
  assertEquals([log.size, log.bytes, log.revision], [3, bytes, revision + 1]);
  assertEquals([readFrom(log), readFrom(log, revision)], [[1, 3, 2], [2]]);
});

Deno.test("who is too far behind goes on with the oldest that is kept", () => {
  const log = logOf({ count: 4 }, upTo(10));
  assertEquals([readFrom(log), readFrom(log, 8), readFrom(log, 10)], [[7, 8, 9, 10], [9, 10], []]);
});

Deno.test("a request that changes again and again takes nothing from the others", () => {
  const log = logOf({ count: 5 }, upTo(5));
  for (let change = 0; change < 10_000; change++) log.put(shownRequest(3));
  assertEquals([log.size, readFrom(log)], [5, [1, 2, 4, 5, 3]]);
  for (const number of [6, 7]) log.put(shownRequest(number));
  assertEquals(numbersIn(log.newest(Infinity)), [3, 4, 5, 6, 7]);
});
