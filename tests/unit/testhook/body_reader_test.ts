import { BodyReader, type BodyRefusal } from "../../../src/testhook/body_reader.ts";
import { assertEquals } from "../../support/assert.ts";

function post(body: BodyInit): Request {
  return new Request("http://localhost/", { method: "POST", body });
}

/** How long the body is; it is let go at once. */
async function read(reader: BodyReader, body: BodyInit): Promise<number | BodyRefusal> {
  const read = await reader.read(post(body));
  if (typeof read === "string") return read;
  using _room = read;
  return read.bytes.length;
}

Deno.test("bodies are read whole, and one that is too large is not", async () => {
  const reader = new BodyReader({ largestBytes: 10, togetherBytes: 15 });
  const whole = await reader.read(post("0123456789"));
  if (typeof whole === "string") throw new Error(whole);
  assertEquals(whole.bytes, new TextEncoder().encode("0123456789"));
  whole[Symbol.dispose]();
  assertEquals(await read(reader, "0123456789a"), "too large");
  assertEquals(await read(reader, ""), 0);
});

Deno.test("what comes together has a limit too, and leaves no trace", async () => {
  const reader = new BodyReader({ largestBytes: 10, togetherBytes: 15 });
  const waiting = Promise.withResolvers<void>();
  const slow = new ReadableStream<Uint8Array>({
    async start(controller) {
      controller.enqueue(new Uint8Array(8));
      await waiting.promise;
      controller.close();
    },
  });
  const first = read(reader, slow);
  // The stream's first piece is there at once, the end is not.
  await new Promise((resolve) => setTimeout(resolve));
  assertEquals(await read(reader, "01234567"), "too much at once");
  waiting.resolve();
  assertEquals(await first, 8);
  assertEquals(await read(reader, "01234567"), 8);
});

Deno.test("a body that was read takes room until it is let go, once", async () => {
  const reader = new BodyReader({ largestBytes: 10, togetherBytes: 15 });
  const held = await reader.read(post("01234567"));
  if (typeof held === "string") throw new Error(held);
  assertEquals(await read(reader, "01234567"), "too much at once");
  held[Symbol.dispose]();
  held[Symbol.dispose]();
  assertEquals(await read(reader, "01234567"), 8);
  assertEquals(await read(reader, new Uint8Array(16)), "too large");
});
