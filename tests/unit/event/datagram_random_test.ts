import { formatDatagram, parseDatagram } from "../../../src/event/datagram.ts";
import type { MessageValue, Report } from "../../../src/event/event.ts";
import { assert, assertEquals } from "../../support/assert.ts";
import { Random, withRandom } from "../../support/random.ts";
import { readFixtureLines } from "./fixture_lines.ts";

const INPUTS = 1_000_000;
const ROUND_TRIPS = 100_000;

const encoder = new TextEncoder();
const REAL = readFixtureLines().map(({ payload }) => encoder.encode(payload));
/** What has a meaning in a datagram, what nearly has, and what has none. */
const SNIPPETS = [
  ";",
  "=",
  " ",
  ",",
  "; ",
  ";name=",
  ";force=1",
  ";options=,",
  "__proto__=",
  ";child-3=",
  "\0",
  "\n",
  "-1 ",
  "9999 ",
  "%s%n",
  "\uFEFF",
  "é😀",
].map((text) => encoder.encode(text));

const scratch = new Uint8Array(4096);

/** Random bytes, now and then behind a header. */
function randomBytes(random: Random): Uint8Array {
  const header = random.chance(0.7) ? encoder.encode(`1 ${random.below(160) - 5} `) : [];
  scratch.set(header);
  const length = header.length + random.below(40);
  const isNarrow = random.chance(0.5);
  for (let at = header.length; at < length; at++) {
    const byte = random.next();
    // Seven characters that make up keys and separators, or any byte.
    scratch[at] = isNarrow ? "ab;= ,\n".charCodeAt(byte % 7) : byte;
  }
  return scratch.subarray(0, length);
}

/** A real datagram after up to four accidents. */
function mutatedDatagram(random: Random): Uint8Array {
  const real = random.pick(REAL);
  scratch.set(real);
  let length = real.length;
  for (let left = 1 + random.below(4); left > 0; left--) {
    const at = random.below(length + 1);
    switch (random.below(4)) {
      case 0:
        scratch[at] = random.next();
        break;
      case 1:
        length = at;
        break;
      case 2: {
        const snippet = random.pick(SNIPPETS);
        scratch.copyWithin(at + snippet.length, at, length);
        scratch.set(snippet, at);
        length += snippet.length;
        break;
      }
      default: {
        const cut = random.below(length - at + 1);
        scratch.copyWithin(at, at + cut, length);
        length -= cut;
      }
    }
  }
  return scratch.subarray(0, length);
}

function randomInput(random: Random): Uint8Array {
  return random.chance(0.5) ? mutatedDatagram(random) : randomBytes(random);
}

function isPlain(value: MessageValue): boolean {
  if (typeof value === "string") return value === value.trim();
  if (typeof value === "boolean") return true;
  return value.every((pair) => pair.length === 2 && pair.every((part) => typeof part === "string"));
}

/** What is wrong with a report, if anything is. */
function faultOf(report: Report): string | undefined {
  if (!Number.isSafeInteger(report.ts) || report.ts < 0) return "its time is no time";
  if (!/^[A-Z0-9_-]+$/.test(report.event)) return "its event has no proper name";
  if (!Object.values(report.message).every(isPlain)) return "its message holds no plain values";
  return JSON.stringify(report).startsWith('{"ts":') ? undefined : "JSON cannot hold it";
}

Deno.test("no input makes the parser throw or return what JSON cannot hold", async () => {
  await withRandom((random) => {
    let parsed = 0;
    for (let count = 0; count < INPUTS; count++) {
      const input = randomInput(random);
      try {
        const report = parseDatagram(input);
        if (report === undefined) continue;
        parsed++;
        const fault = faultOf(report);
        if (fault !== undefined) throw new Error(`${fault}: ${Deno.inspect(report)}`);
      } catch (error) {
        throw new Error(`Input ${count}: ${Deno.inspect(new TextDecoder().decode(input))}`, {
          cause: error,
        });
      }
    }
    // A generator of which everything is refused would test nothing.
    assert(parsed > INPUTS / 4 && parsed < INPUTS, `${parsed} of ${INPUTS} were parsed`);
  });
});

Deno.test("whatever was parsed can be sent on and reads the same there", async () => {
  await withRandom((random) => {
    for (let count = 0; count < ROUND_TRIPS; count++) {
      const report = parseDatagram(randomInput(random));
      if (report === undefined) continue;
      const sent = formatDatagram(report);
      const again = parseDatagram(sent);
      // Compared as text, to compare the order of the keys too.
      assertEquals(JSON.stringify(again), JSON.stringify(report), sent);
    }
  });
});

Deno.test("a seed decides all random inputs", () => {
  const draw = () => {
    const random = new Random(7);
    return Array.from({ length: 50 }, () => [...randomInput(random)]);
  };
  assertEquals(draw(), draw());
});
