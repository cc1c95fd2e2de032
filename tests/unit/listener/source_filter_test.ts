import { compileSources, SourceFilter } from "../../../src/listener/source_filter.ts";
import { assert, assertEquals, assertThrows } from "../../support/assert.ts";
import { type Random, withRandom } from "../../support/random.ts";

const RULES = ["10.1.2.3/8", "192.168.1.5", "fd00::/8", "2001:db8::7"];

const VERDICTS: readonly (readonly [sender: string, isAllowed: boolean])[] = [
  ["10.0.0.0", true],
  ["10.255.255.255", true],
  ["9.255.255.255", false],
  ["11.0.0.0", false],
  ["192.168.1.5", true],
  ["192.168.1.6", false],
  ["fd12:3456::1", true],
  ["fe00::1", false],
  ["2001:db8::7", true],
  ["2001:db8::8", false],
  ["::ffff:10.0.0.1", true],
  ["::FFFF:192.168.1.5", true],
  ["::ffff:11.0.0.1", false],
  ["fd00::1%eth0", true],
  ["fe80::1%eth0", false],
  ["127.0.0.1", true],
  ["127.255.255.254", true],
  ["::ffff:127.0.0.1", true],
  ["128.0.0.1", false],
  ["::1", true],
  ["::2", false],
  ["::", false],
  ["0.0.0.0", false],
  ["", false],
  ["no address", false],
];

for (const [sender, isAllowed] of VERDICTS) {
  Deno.test(`a datagram from "${sender}" is ${isAllowed ? "allowed" : "denied"}`, () => {
    assertEquals(compileSources(RULES)(sender), isAllowed);
  });
}

Deno.test("without a list every source is allowed", () => {
  const isAllowed = compileSources([]);
  assert(isAllowed("203.0.113.9") && isAllowed("2001:db8::1"));
});

Deno.test("all of IPv6 is not all of IPv4, whatever the socket, and the other way round", () => {
  const senders = ["203.0.113.9", "::ffff:203.0.113.9", "2001:db8::1"];
  assertEquals(senders.map(compileSources(["::/0"])), [false, false, true]);
  assertEquals(senders.map(compileSources(["0.0.0.0/0"])), [true, true, false]);
  assertEquals(senders.map(compileSources(["::ffff:0:0/96"])), [true, true, false]);
});

Deno.test("what is no network is not compiled as if it were none", () => {
  assertThrows(() => compileSources(["10.0.0.0/8", "gl1"]), TypeError, '"gl1"');
});

Deno.test("another list counts from the next datagram on", () => {
  let list: readonly string[] = ["10.0.0.0/8"];
  const filter = new SourceFilter(() => list);
  const ask = () => ["10.0.0.1", "10.0.0.1", "192.0.2.1"].map((from) => filter.allows(from));
  assertEquals(ask(), [true, true, false]);
  list = ["192.0.2.0/24"];
  assertEquals(ask(), [false, false, true]);
  list = [];
  assertEquals(ask(), [true, true, true]);
});

/** Addresses as texts of zeros and ones: what they have in common is easy to see. */
interface Rule {
  readonly bits: string;
  readonly prefix: number;
}

const SIZES = [32, 128] as const;
const LOOPBACK: readonly Rule[] = [
  { bits: "01111111".padEnd(32, "0"), prefix: 8 },
  { bits: "1".padStart(128, "0"), prefix: 128 },
];

function randomBits(random: Random, count: number): string {
  return Array.from({ length: count }, () => random.below(2)).join("");
}

function randomRule(random: Random): Rule {
  const size = random.pick(SIZES);
  // So that nothing is IPv4 in the guise of IPv6 by chance.
  const bits = size === 32 ? randomBits(random, 32) : `11${randomBits(random, 126)}`;
  return { bits, prefix: random.chance(0.2) ? size : random.below(size + 1) };
}

/** An address at the border of a network, or any. */
function randomSender(random: Random, rules: readonly Rule[]): string {
  const { bits, prefix } = random.chance(0.9) ? random.pick(rules) : randomRule(random);
  const kept = Math.max(0, Math.min(bits.length, prefix - random.below(3) + 1));
  const sender = bits.slice(0, kept) + randomBits(random, bits.length - kept);
  return bits.length === 32 ? sender : `11${sender.slice(2)}`;
}

function numbersOf(bits: string, width: number): number[] {
  return Array.from(
    { length: bits.length / width },
    (_, at) => Number.parseInt(bits.slice(at * width, (at + 1) * width), 2),
  );
}

/** The address in one of the ways in which it can be written. */
function write(bits: string, random: Random): string {
  if (bits.length === 32) return numbersOf(bits, 8).join(".");
  const digits = random.pick([1, 4]);
  const groups = numbersOf(bits, 16).map((group) => group.toString(16).padStart(digits, "0"));
  const tail = numbersOf(bits.slice(96), 8).join(".");
  const text = random.chance(0.2) ? [...groups.slice(0, 6), tail].join(":") : groups.join(":");
  return random.chance(0.2) ? text.toUpperCase() : text;
}

function writeRule({ bits, prefix }: Rule, random: Random): string {
  if (bits.length === 32 && random.chance(0.2)) {
    return `::ffff:${write(bits, random)}/${prefix + 96}`;
  }
  const isWhole = prefix === bits.length && random.chance(0.5);
  return isWhole ? write(bits, random) : `${write(bits, random)}/${prefix}`;
}

function writeSender(bits: string, random: Random): string {
  const text = write(bits, random);
  if (random.chance(0.7)) return text;
  return bits.length === 32 ? `::ffff:${text}` : `${text}%eth0`;
}

function isWithin(bits: string, rules: readonly Rule[]): boolean {
  return rules.some((rule) =>
    rule.bits.length === bits.length && bits.startsWith(rule.bits.slice(0, rule.prefix))
  );
}

Deno.test("random senders are allowed if their bits begin like those of a network", async () => {
  await withRandom((random) => {
    const counts = { allowed: 0, denied: 0 };
    for (let round = 0; round < 400; round++) {
      const rules = Array.from({ length: 1 + random.below(4) }, () => randomRule(random));
      const texts = rules.map((rule) => writeRule(rule, random));
      const filter = new SourceFilter(() => texts);
      for (let count = 0; count < 20; count++) {
        const bits = randomSender(random, rules);
        const sender = writeSender(bits, random);
        const expected = isWithin(bits, [...LOOPBACK, ...rules]);
        assertEquals(filter.allows(sender), expected, `${sender} with ${texts.join(",")}`);
        counts[expected ? "allowed" : "denied"]++;
      }
    }
    assert(Math.min(counts.allowed, counts.denied) > 1000, Deno.inspect(counts));
  });
});
