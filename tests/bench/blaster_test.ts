import { assert, assertEquals, assertRejects } from "../support/assert.ts";
import { Blaster } from "./blaster.ts";
import { numberInBody } from "./numbered_datagram.ts";

/** Fewer than the kernel keeps for a socket that nobody reads. */
const COUNT = 100;

Deno.test("what is sent, at once or at a pace, arrives numbered and of a usual length", async () => {
  const socket = Deno.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 0 });
  try {
    const { port } = socket.addr as Deno.NetAddr;
    using blaster = new Blaster(port);
    const { signal } = new AbortController();
    await blaster.send({ count: COUNT / 2 }, signal);
    const ms = await blaster.send({ count: COUNT / 2, perSecond: 1000 }, signal);
    assert(ms > 40, `${COUNT / 2} at 1,000 a second took ${ms} ms`);
    assertEquals(blaster.sent, COUNT);
    for (let number = 0; number < COUNT; number++) {
      const [bytes] = await socket.receive();
      const text = new TextDecoder().decode(bytes);
      assertEquals(numberInBody(text), number);
      assert(bytes.length >= 100 && bytes.length <= 150, `${bytes.length} bytes: ${text}`);
    }
  } finally {
    socket.close();
  }
});

Deno.test("nobody waits for the rest of what is sent once the signal has come", async () => {
  const stop = new AbortController();
  using blaster = new Blaster(9);
  const sending = blaster.send({ count: 1000, perSecond: 1 }, stop.signal);
  stop.abort(new Error("enough"));
  await assertRejects(() => sending, Error, "enough");
});
