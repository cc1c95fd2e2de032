import type { StreamItem } from "../../../src/api/event_stream.ts";
import { readItems } from "../../../src/api/follow_items.ts";
import { readServerSent, ServerSentError } from "../../../src/api/read_server_sent.ts";
import {
  formatItem,
  joinPieces,
  KEEP_ALIVE,
  STREAM_OPENING,
} from "../../../src/api/server_sent.ts";
import { assertEquals, assertRejects } from "../../support/assert.ts";
import { historyEvent } from "../../support/fake_daemon.ts";
import { withRandom } from "../../support/random.ts";

const NODE = "e9bfb6da-5a8b-4b8e-9d2b-3f6a3f5f2c11";
const POSITION = `${NODE}=01KAPC6Q0R5T5CZ3X6M1000001`;
const ITEMS: readonly StreamItem[] = [
  { kind: "notice", notice: { notice: "gap", node: NODE, host: "gl1", reason: "gone" } },
  { kind: "event", event: historyEvent(1), position: POSITION },
  {
    kind: "event",
    event: historyEvent(2, { message: { name: 'line\nbreak\r\n: "data: ü\u2028\u0000' } }),
    position: POSITION,
  },
  { kind: "notice", notice: { notice: "live", node: NODE, host: "gl1" }, position: POSITION },
];

function bodyOf(
  chunks: Iterable<Uint8Array<ArrayBuffer>>,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  return ReadableStream.from(chunks);
}

Deno.test("an event is a message without a type, a notice is one of the type notice", () => {
  const [, event, , notice] = ITEMS.map(formatItem);
  assertEquals(event, `id: ${POSITION}\ndata: ${JSON.stringify(historyEvent(1))}\n\n`);
  assertEquals(
    notice,
    `id: ${POSITION}\nevent: notice\ndata: {"notice":"live","node":"${NODE}","host":"gl1"}\n\n`,
  );
});

Deno.test("what is written is read, wherever it is cut and whatever is in it", async () => {
  await withRandom(async (random) => {
    const text = STREAM_OPENING + ITEMS.map((item) => KEEP_ALIVE + formatItem(item)).join("");
    const bytes = new TextEncoder().encode(text);
    for (let round = 0; round < 50; round++) {
      const chunks: Uint8Array<ArrayBuffer>[] = [];
      for (let at = 0; at < bytes.length;) {
        const end = at + 1 + random.below(round < 5 ? 2 : 300);
        chunks.push(bytes.slice(at, end));
        at = end;
      }
      let signs = 0;
      const read = await Array.fromAsync(readItems(bodyOf(chunks), () => signs++));
      assertEquals(read, [...ITEMS]);
      assertEquals(signs > 0, true);
    }
  });
});

Deno.test("a line without end is given up, and what is no message is nothing", async () => {
  const filling = new Uint8Array(100_000).fill(65);
  const endless = bodyOf(Array.from({ length: 20 }, () => filling));
  await assertRejects(async () => {
    for await (const message of readServerSent(endless, () => {})) throw new Error(message.data);
  }, ServerSentError);
  const text = new TextEncoder().encode(
    "id: 1\n\nretry: 5\n\ndata\n\ndata: a\ndata: b\n\nfoo: x\n\n",
  );
  assertEquals(await Array.fromAsync(readServerSent(bodyOf([text]), () => {})), [
    { type: "message", data: "", id: "1" },
    { type: "message", data: "a\nb", id: "1" },
  ]);
});

Deno.test("pieces are joined up to a size, and one that is larger goes alone", () => {
  assertEquals([...joinPieces(["aa", "bb", "ccccc", "d", "e", "f"], 4)], [
    "aabb",
    "ccccc",
    "def",
  ]);
  assertEquals([...joinPieces([], 4)], []);
});
