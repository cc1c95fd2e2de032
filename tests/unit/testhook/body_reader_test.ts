import { BodyReader } from "../../../src/testhook/body_reader.ts";
import { assertEquals } from "../../support/assert.ts";

function post(body: BodyInit): Request {
  return new Request("http://localhost/", { method: "POST", body });
}

Deno.test("bodies are read whole, and one that is too large is not", async () => {
  const reader = new BodyReader({ largestBytes: 10, togetherBytes: 15 });
  assertEquals(await reader.read(post("0123456789")), new TextEncoder().encode("0123456789"));
  assertEquals(await reader.read(post("0123456789a")), "too large");
  assertEquals(await reader.read(new Request("http://localhost/")), new Uint8Array());
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
  const first = reader.read(post(slow));
  // The stream's first piece is there at once, the end is not.
  await new Promise((resolve) => setTimeout(resolve));
  assertEquals(await reader.read(post("01234567")), "too much at once");
  waiting.resolve();
  assertEquals((await first).length, 8);
  assertEquals((await reader.read(post("01234567"))).length, 8);
});
