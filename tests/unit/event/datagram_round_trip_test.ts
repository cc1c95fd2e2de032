import { EVENT_TYPES, type EventType, isFieldOf } from "../../../src/event/catalog.ts";
import { formatDatagram, parseDatagram } from "../../../src/event/datagram.ts";
import type { Message, MessageValue, Report } from "../../../src/event/event.ts";
import { assertEquals, assertThrows } from "../../support/assert.ts";
import { type Random, withRandom } from "../../support/random.ts";
import { readFixtureLines } from "./fixture_lines.ts";

const MESSAGES_PER_TYPE = 200;
const PIECES = [..."abz09 /.:-_,%<>()'\"\\é😀\t\n", "=", ";", "; ", ";word=", ";x-1=", "(null)"];
const OPTION_NAMES = ["cluster.quorum-type", "auth.allow", "user.note", "performance.nfs.io-cache"];

/** Whether a datagram can carry the text as this type's value: nothing in it looks like a key. */
function canCarry(type: EventType, text: string): boolean {
  return text === text.trim() &&
    [...text.matchAll(/; *([A-Za-z_][\w-]*)=/g)].every(([, key = ""]) => !isFieldOf(type, key));
}

function randomText(random: Random, type: EventType): string {
  for (;;) {
    const text = random.text(PIECES, 12);
    if (canCarry(type, text)) return text;
  }
}

function randomOptions(random: Random, type: EventType): MessageValue {
  const names = random.shuffled(OPTION_NAMES).slice(0, random.below(OPTION_NAMES.length + 1));
  return names.map((name) => [name, randomText(random, type)] as const);
}

function randomValue(random: Random, type: EventType, key: string): MessageValue {
  if (key === "force") return random.chance(0.5);
  if (key === "options" && type.name === "VOLUME_SET") return randomOptions(random, type);
  return randomText(random, type);
}

function randomKeys(random: Random, type: EventType): string[] {
  if (type.fields.length === 0) {
    const own = Array.from({ length: random.below(5) }, () => `k_${random.text([..."aB-9_"], 6)}`);
    return [...new Set([...own, ...random.chance(0.2) ? ["force", "__proto__"] : []])];
  }
  const fields = type.fields.filter(({ optional }) => !optional || random.chance(0.5));
  const isOld = random.chance(0.3);
  return fields.map(({ name, formerName }) =>
    (isOld ? formerName ?? name : name).replace(/-N$/, () => `-${random.below(30)}`)
  );
}

function randomReport(random: Random, type: EventType): Report {
  const keys = random.shuffled(randomKeys(random, type));
  const message: Message = Object.fromEntries(
    keys.map((key) => [key, randomValue(random, type, key)]),
  );
  return { ts: random.next(), event: type.name, message };
}

Deno.test("a message of any event reads as it was before it was sent", async () => {
  await withRandom((random) => {
    const unknown = {
      ...EVENT_TYPES[0],
      index: 142,
      name: "UNKNOWN_142",
      group: "UNKNOWN",
      severity: "warning",
      description: "",
      fields: [],
    } as const;
    for (const type of [...EVENT_TYPES, unknown]) {
      for (let left = MESSAGES_PER_TYPE; left > 0; left--) {
        const report = randomReport(random, type);
        const datagram = formatDatagram(report);
        const read = parseDatagram(new TextEncoder().encode(datagram));
        // Compared as text, to compare the order of the keys too.
        assertEquals(JSON.stringify(read), JSON.stringify(report), datagram);
      }
    }
  });
});

Deno.test("a datagram of the fixture that is sent on reads the same", () => {
  for (const { payload } of readFixtureLines()) {
    const report = parseDatagram(payload);
    if (report === undefined) throw new Error(`Refused: ${payload}`);
    assertEquals(parseDatagram(formatDatagram(report)), report, payload);
  }
});

Deno.test("a report is written as Gluster writes it", () => {
  const written = (event: string, message: Message) => formatDatagram({ ts: 17, event, message });
  assertEquals(written("PEER_ATTACH", { host: "gl2" }), "17 0 host=gl2");
  assertEquals(written("VOLUME_START", { name: "gv1", force: true }), "17 3 name=gv1;force=1");
  assertEquals(written("VOLUME_STOP", { name: "gv1", force: false }), "17 4 name=gv1;force=0");
  assertEquals(
    written("VOLUME_SET", { name: "gv1", options: [["a.b", "c"], ["d.e", "f,g"]] }),
    "17 6 name=gv1;options=,a.b,c,d.e,f,g",
  );
  assertEquals(written("BITROT_ENABLE", {}), "17 19 ");
  assertEquals(written("UNKNOWN_142", { a: "1" }), "17 142 a=1");
  assertEquals(written("UNKNOWN_-1", { a: "1" }), "17 -1 a=1");
  assertEquals(written("UNKNOWN_PEER", { peer: "x" }), "17 73 peer=x");
});

Deno.test("an event that has no index cannot be written", () => {
  for (const event of ["NO_SUCH", "volume_start", "EVENT_VOLUME_START", "UNKNOWN_", "UNKNOWN_x"]) {
    assertThrows(() => formatDatagram({ ts: 1, event, message: {} }), TypeError, `"${event}"`);
  }
});
