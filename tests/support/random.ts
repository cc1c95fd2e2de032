/**
 * Random inputs that can be had again: one seed decides all of them.
 *
 * @module
 */

const SEED_VARIABLE = "GLUSTER_EVENTING_TEST_SEED";

/** Numbers that look random and follow from a seed. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A whole number from 0 to 2**32 - 1 (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }

  /** A whole number from 0 to `limit - 1`. */
  below(limit: number): number {
    return Math.floor(this.next() / 2 ** 32 * limit);
  }

  /** True as often as the share says, which lies between 0 and 1. */
  chance(share: number): boolean {
    return this.next() / 2 ** 32 < share;
  }

  /** One of the items. */
  pick<T>(items: readonly T[]): T {
    const at = this.below(items.length);
    if (at >= items.length) throw new RangeError("Cannot pick one of no items");
    return items[at] as T;
  }

  /** The items in another order. */
  shuffled<T>(items: readonly T[]): T[] {
    const left = [...items];
    return items.flatMap(() => left.splice(this.below(left.length), 1));
  }

  /** A text of up to `longest` pieces. */
  text(pieces: readonly string[], longest: number): string {
    return Array.from({ length: this.below(longest + 1) }, () => this.pick(pieces)).join("");
  }
}

/**
 * Runs a check with random inputs. A failure tells the seed, and with the seed in
 * `GLUSTER_EVENTING_TEST_SEED` the same inputs come again.
 */
export async function withRandom(check: (random: Random) => void | Promise<void>): Promise<void> {
  const given = Deno.env.get(SEED_VARIABLE);
  const seed = given === undefined || given === ""
    ? crypto.getRandomValues(new Uint32Array(1))[0] ?? 0
    : Number(given);
  try {
    await check(new Random(seed));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`With ${SEED_VARIABLE}=${seed}: ${reason}`, { cause: error });
  }
}
