import { assertEquals, assertThrows } from "../support/assert.ts";
import {
  type ArrivalFigures,
  checkArrivals,
  checkNumbers,
  type LaneOrder,
} from "./arrival_checks.ts";
import { ArrivalLog } from "./arrival_log.ts";

/** Ten events with the numbers 0 to 9; each has its number as id. */
const COMMITTED = Array.from({ length: 10 }, (_, number) => ({ id: `id-${number}`, number }));

interface Post {
  readonly numbers: readonly number[];
  readonly isRefused?: boolean;
  readonly id?: string;
  readonly extra?: string;
}

/** A log of requests; a number stands for an accepted request with that event. */
function logOf(...posts: (number | Post)[]): ArrivalLog {
  const log = new ArrivalLog();
  for (const post of posts) {
    const { numbers, isRefused = false, id, extra } = typeof post === "number"
      ? { numbers: [post] }
      : post;
    const events = numbers.map((number) => ({
      id: id ?? `id-${number}`,
      message: { brick: `/bricks/b${number}` },
      extra,
    }));
    const [first] = events;
    const isSingle = events.length === 1;
    log.add({
      ...(isSingle && first !== undefined ? { id: first.id } : {}),
      body: JSON.stringify(isSingle ? first : events),
      isAccepted: !isRefused,
    });
  }
  return log;
}

function check(log: ArrivalLog, { order = "fifo" }: { order?: LaneOrder } = {}): ArrivalFigures {
  return checkArrivals("ops", log, { committed: COMMITTED, order });
}

const FIRST = [0, 1, 2, 3];
const REST = [4, 5, 6, 7, 8, 9];

Deno.test("retries, repeats after a crash and batches are all right", () => {
  const refused = { numbers: [4], isRefused: true };
  const figures = check(logOf(...FIRST, refused, refused, ...REST));
  assertEquals(figures, { requests: 12, duplicates: 0 });
  assertEquals(check(logOf(...FIRST, 2, 3, ...REST)), { requests: 12, duplicates: 2 });
  const batches = [{ numbers: [0, 1, 2] }, { numbers: [3, 4, 5], isRefused: true }];
  const wider = { numbers: [1, 2, 3, 4, 5, 6, 7, 8, 9] };
  assertEquals(check(logOf(...batches, wider)), { requests: 3, duplicates: 2 });
});

Deno.test("an event that is missing, or was refused to the end, is noticed", () => {
  assertThrows(() => check(logOf(...FIRST)), Error, "misses 6 of 10 events: number 4 (id-4)");
  const last = { numbers: [9], isRefused: true };
  assertThrows(() => check(logOf(...FIRST, 4, 5, 6, 7, 8, last)), Error, "misses 1 of 10 events");
});

Deno.test("an event that comes before the one ahead of it was accepted is noticed", () => {
  assertThrows(() => check(logOf(0, 1, 3, 2, ...REST)), Error, "number 3 (id-3), event 3");
  const refused = { numbers: [2], isRefused: true };
  assertThrows(() => check(logOf(0, 1, refused, 3, 2, ...REST)), Error, "when only 2 before it");
  const mixed = { numbers: [4, 6, 5] };
  assertThrows(() => check(logOf(...FIRST, mixed)), Error, "out of order at number 6");
});

Deno.test("order counts within a volume, or not at all, where that was asked for", () => {
  // The volumes of 0 and 8, and of 1 and 9, are the same.
  const mixed = [7, 1, 0, 9, 8, 2, 3, 4, 5, 6];
  assertEquals(check(logOf(...mixed), { order: "volume" }).duplicates, 0);
  const wrong = logOf(8, 0, 1, 9, 2, 3, 4, 5, 6, 7);
  assertThrows(() => check(wrong, { order: "volume" }), Error, "number 8 (id-8)");
  assertEquals(check(wrong, { order: "none" }).duplicates, 0);
});

Deno.test("an unknown id, another event under an id, and another body are noticed", () => {
  const unknown = { numbers: [4], id: "id-x" };
  assertThrows(() => check(logOf(...FIRST, unknown)), Error, "what was never taken in");
  const other = { numbers: [5], id: "id-4" };
  assertThrows(() => check(logOf(...FIRST, other)), Error, "but the history has number 4");
  const changed = { numbers: [3], extra: "more" };
  assertThrows(() => check(logOf(...FIRST, changed)), Error, "two bodies for number 3");
});

Deno.test("a history that has a datagram twice is noticed", () => {
  const committed = [{ id: "a", number: 1 }, { id: "b", number: 1 }];
  const log = new ArrivalLog();
  assertThrows(
    () => checkArrivals("ops", log, { committed, order: "fifo" }),
    Error,
    "taken in twice: number 1",
  );
});

Deno.test("without a history the numbers tell what is missing or comes too late", () => {
  assertEquals(checkNumbers("ops", logOf(0, 1, 3, 1), 3), { requests: 4, duplicates: 1 });
  assertThrows(() => checkNumbers("ops", logOf(0, 1, 3), 4), Error, "but 4 were taken in");
  assertThrows(() => checkNumbers("ops", logOf(0, 3, 1), 3), Error, "number 1 only after");
});
