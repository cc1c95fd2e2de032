import { MalformedError } from "../../../src/spool/errors.ts";
import { Finished } from "../../../src/spool/finished.ts";
import { assert, assertEquals, assertThrows } from "../../support/assert.ts";
import { type Random, withRandom } from "../../support/random.ts";

/** The same with a plain set: slow, and easy to believe. */
class PlainFinished {
  readonly #done = new Set<number>();

  constructor(doneSeq: number) {
    this.addUpTo(doneSeq);
  }

  get doneSeq(): number {
    let seq = 0;
    while (this.#done.has(seq + 1)) seq++;
    return seq;
  }

  get beyondCount(): number {
    return this.#done.size - this.doneSeq;
  }

  has(seq: number): boolean {
    return this.#done.has(seq);
  }

  add(seq: number): boolean {
    return !this.#done.has(seq) && this.#done.add(seq) !== undefined;
  }

  addUpTo(seq: number): number {
    let added = 0;
    for (let place = 1; place <= seq; place++) added += Number(this.add(place));
    return added;
  }

  addRange(from: number, to: number): number {
    let added = 0;
    for (let place = from; place <= to; place++) added += Number(this.add(place));
    return added;
  }

  doneBehind(seq: number): number {
    let end = seq;
    while (this.#done.has(end + 1)) end++;
    return end;
  }
}

const PLACES = Array.from({ length: 70 }, (_, index) => index + 1);

function assertSame(finished: Finished, plain: PlainFinished): void {
  const seen = [finished.doneSeq, finished.beyondCount, PLACES.filter((seq) => finished.has(seq))];
  assertEquals(seen, [plain.doneSeq, plain.beyondCount, PLACES.filter((seq) => plain.has(seq))]);
  const behind = [0, ...PLACES].map((seq) => finished.doneBehind(seq));
  assertEquals(behind, [0, ...PLACES].map((seq) => plain.doneBehind(seq)));
}

function changeBoth(random: Random, finished: Finished, plain: PlainFinished): void {
  const seq = 1 + random.below(60);
  const to = seq + random.below(random.chance(0.9) ? 4 : 20);
  if (random.chance(0.05)) assertEquals(finished.addUpTo(seq), plain.addUpTo(seq), `up to ${seq}`);
  else if (random.chance(0.3)) {
    assertEquals(finished.addRange([seq, to]), plain.addRange(seq, to), `${seq}-${to}`);
  } else assertEquals(finished.add(seq), plain.add(seq), `${seq}`);
}

Deno.test("what is done is what a plain set says, whatever the order", () =>
  withRandom((random) => {
    for (let round = 0; round < 60; round++) {
      const doneSeq = random.below(10);
      let finished = new Finished(doneSeq);
      const plain = new PlainFinished(doneSeq);
      const steps = 5 + random.below(50);
      for (let step = 0; step < steps; step++) {
        changeBoth(random, finished, plain);
        if (random.chance(0.2)) finished = Finished.read(finished.doneSeq, finished.toText());
        assertSame(finished, plain);
      }
    }
  }));

Deno.test("neighbours become one range, and a filled hole moves the place on", () => {
  const finished = new Finished(0);
  for (const seq of [3, 5, 4, 9, 2]) finished.add(seq);
  assertEquals([finished.doneSeq, finished.toText()], [0, "2-5,9"]);
  finished.add(1);
  assertEquals([finished.doneSeq, finished.toText(), finished.beyondCount], [5, "9", 1]);
});

Deno.test("a copy lives on its own", () => {
  const finished = new Finished(1, [[4, 5]]);
  const copy = finished.copy();
  copy.add(6);
  copy.addUpTo(3);
  assertEquals([finished.doneSeq, finished.toText()], [1, "4-5"]);
  assertEquals([copy.doneSeq, copy.toText()], [6, ""]);
});

Deno.test("all up to a place in the middle of a range takes the whole range", () => {
  const finished = new Finished(0, [[3, 6], [9, 9]]);
  assertEquals(finished.addUpTo(4), 2);
  assertEquals([finished.doneSeq, finished.toText(), finished.beyondCount], [6, "9", 1]);
  assertEquals(finished.addUpTo(4), 0);
});

Deno.test("a hundred thousand in order beyond a hole are one range", () => {
  const finished = new Finished(0);
  for (let seq = 2; seq <= 100_001; seq++) finished.add(seq);
  assertEquals(finished.toText(), "2-100001");
  assert(finished.add(1) && finished.doneSeq === 100_001);
});

Deno.test("what is no list of ranges is refused", () => {
  for (const text of ["x", "3-", "-4", "3,,5", "3 - 4", "1e3"]) {
    assertThrows(() => Finished.read(0, text), MalformedError, "is no range of places");
  }
});

Deno.test("all but some places are done", () =>
  withRandom((random) => {
    for (let round = 0; round < 200; round++) {
      const lastSeq = random.below(30);
      const places = Array.from({ length: lastSeq }, (_, index) => index + 1);
      const unfinished = places.filter(() => random.chance(0.4));
      const finished = Finished.allBut(lastSeq, unfinished);
      assertEquals(places.filter((seq) => !finished.has(seq)), unfinished);
      assertEquals(lastSeq - finished.doneSeq - finished.beyondCount, unfinished.length);
      assertEquals(Finished.read(finished.doneSeq, finished.toText()), finished);
      const end = Math.max(0, ...places.filter((seq) => finished.has(seq)));
      assertEquals(finished.end, end);
    }
  }));

Deno.test("a range becomes one with those it overlaps or touches", () => {
  const make = () => new Finished(10, [[20, 22], [30, 32], [40, 40]]);
  const cases: [range: [number, number], added: number, doneSeq: number, text: string][] = [
    [[5, 9], 0, 10, "20-22,30-32,40"],
    [[25, 25], 1, 10, "20-22,25,30-32,40"],
    [[23, 29], 7, 10, "20-32,40"],
    [[21, 31], 7, 10, "20-32,40"],
    [[15, 50], 29, 10, "15-50"],
    [[33, 39], 7, 10, "20-22,30-40"],
    [[41, 41], 1, 10, "20-22,30-32,40-41"],
    [[20, 22], 0, 10, "20-22,30-32,40"],
    [[3, 19], 9, 22, "30-32,40"],
    [[11, 11], 1, 11, "20-22,30-32,40"],
    [[7, 6], 0, 10, "20-22,30-32,40"],
  ];
  for (const [range, added, doneSeq, text] of cases) {
    const finished = make();
    const seen = [finished.addRange(range), finished.doneSeq, finished.toText()];
    assertEquals(seen, [added, doneSeq, text], range.join("-"));
  }
});
