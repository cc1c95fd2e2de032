/**
 * Which events a webhook is done with, also when they end in another order than they came.
 *
 * @module
 */

import { MalformedError } from "./errors.ts";

/** Places in the log, both ends included. */
export type Range = readonly [from: number, to: number];

/** All up to a place, and ranges beyond it. Adding costs the same however much is done. */
export class Finished {
  #doneSeq: number;
  #beyond: Range[];
  #beyondCount = 0;

  constructor(doneSeq: number, beyond: readonly Range[] = []) {
    this.#doneSeq = doneSeq;
    this.#beyond = [...beyond];
    for (const [from, to] of beyond) this.#beyondCount += to - from + 1;
  }

  /** Reads what `toText` wrote. @throws {MalformedError} If it is something else. */
  static read(doneSeq: number, text: string): Finished {
    const ranges = text === "" ? [] : text.split(",").map((range): Range => {
      const [, from, to = from] = /^(\d+)(?:-(\d+))?$/.exec(range) ?? [];
      if (from === undefined) {
        throw new MalformedError(`"${range}" is no range of places in the log`);
      }
      return [Number(from), Number(to)];
    });
    return new Finished(doneSeq, ranges);
  }

  /** All up to a place but some, which are in order. */
  static allBut(lastSeq: number, unfinished: readonly number[]): Finished {
    const [first = lastSeq + 1] = unfinished;
    const ranges = unfinished.map((seq, index): Range => {
      return [seq + 1, (unfinished[index + 1] ?? lastSeq + 1) - 1];
    });
    return new Finished(first - 1, ranges.filter(([from, to]) => from <= to));
  }

  /** The last event before the first that is not done. */
  get doneSeq(): number {
    return this.#doneSeq;
  }

  /** How many are done beyond that. */
  get beyondCount(): number {
    return this.#beyondCount;
  }

  /** The last event that is done. */
  get end(): number {
    return this.#beyond.at(-1)?.[1] ?? this.#doneSeq;
  }

  /** Whether an event is done. */
  has(seq: number): boolean {
    if (seq <= this.#doneSeq) return true;
    const range = this.#beyond[this.#indexBehind(seq) - 1];
    return range !== undefined && seq <= range[1];
  }

  /** The last place of what is done without a hole right behind a place; itself if nothing is. */
  doneBehind(seq: number): number {
    if (seq < this.#doneSeq) return this.#doneSeq;
    const range = this.#beyond[this.#indexBehind(seq + 1) - 1];
    return range === undefined ? seq : Math.max(seq, range[1]);
  }

  /** Marks an event as done. @returns False if it was so already. */
  add(seq: number): boolean {
    return this.addRange([seq, seq]) === 1;
  }

  /** Marks all places of a range as done. @returns How many were not. */
  addRange([from, to]: Range): number {
    const start = Math.max(from, this.#doneSeq + 1);
    if (start > to) return 0;
    if (start === this.#doneSeq + 1) return this.addUpTo(to);
    // Those it overlaps or touches become one with it.
    const before = this.#indexBehind(start) - 1;
    const first = (this.#beyond[before]?.[1] ?? -1) >= start - 1 ? before : before + 1;
    const end = this.#indexBehind(to + 1);
    const known = this.#beyond.slice(first, end);
    const whole: Range = [
      Math.min(start, known[0]?.[0] ?? start),
      Math.max(to, known.at(-1)?.[1] ?? to),
    ];
    const added = lengthOf(whole) - known.reduce((sum, range) => sum + lengthOf(range), 0);
    this.#beyond.splice(first, end - first, whole);
    this.#beyondCount += added;
    return added;
  }

  /** Marks all up to a place as done. @returns How many were not. */
  addUpTo(seq: number): number {
    if (seq <= this.#doneSeq) return 0;
    let known = 0;
    const left: Range[] = [];
    for (const [from, to] of this.#beyond) {
      known += Math.max(0, Math.min(to, seq) - from + 1);
      if (to > seq) left.push([Math.max(from, seq + 1), to]);
    }
    const added = seq - this.#doneSeq - known;
    this.#doneSeq = seq;
    this.#beyond = left;
    this.#beyondCount -= known;
    this.#takeUpFirst();
    return added;
  }

  /** A copy that can be changed without changing this one. */
  copy(): Finished {
    return new Finished(this.#doneSeq, this.#beyond);
  }

  /** The ranges beyond `doneSeq`, for example `7-9,12`. */
  toText(): string {
    return this.#beyond.map(([from, to]) => from === to ? `${from}` : `${from}-${to}`).join(",");
  }

  /** The index of the first range that begins behind the place. */
  #indexBehind(seq: number): number {
    let low = 0;
    let high = this.#beyond.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#beyond[middle]?.[0] ?? Infinity) > seq) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #takeUpFirst(): void {
    const [first] = this.#beyond;
    if (first?.[0] !== this.#doneSeq + 1) return;
    this.#beyond.shift();
    this.#beyondCount -= first[1] - first[0] + 1;
    this.#doneSeq = first[1];
  }
}

function lengthOf([from, to]: Range): number {
  return to - from + 1;
}
