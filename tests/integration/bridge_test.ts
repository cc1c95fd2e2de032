import { bridge, tcpEnd } from "../../src/dispatcher/proxies/bridge.ts";
import { assertEquals } from "../support/assert.ts";
import { linger, RawReceiver, say } from "../support/raw_receiver.ts";
import { until } from "../support/until.ts";

async function connect(url: string): Promise<Deno.TcpConn> {
  return await Deno.connect({ hostname: "127.0.0.1", port: Number(new URL(url).port) });
}

async function readAll(connection: Deno.Conn): Promise<string> {
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(1024);
  let text = "";
  for (let count = await connection.read(buffer); count !== null;) {
    text += decoder.decode(buffer.subarray(0, count), { stream: true });
    count = await connection.read(buffer);
  }
  return text;
}

Deno.test("both ways lead through a bridge, and its end is seen after all that came", async () => {
  const long = "x".repeat(1_000_000);
  let got = 0;
  await using receiver = new RawReceiver(async (connection) => {
    const buffer = new Uint8Array(65_536);
    while (got < long.length) got += await connection.read(buffer) ?? 0;
    const bytes = new TextEncoder().encode(long);
    for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
  });
  using near = await bridge(await connect(receiver.url), { end: tcpEnd, cut: () => {} });
  const bytes = new TextEncoder().encode(long);
  for (let at = 0; at < bytes.length;) at += await near.write(bytes.subarray(at));
  assertEquals((await readAll(near)).length, long.length);
  assertEquals(got, long.length);
});

Deno.test("a bridge that is left ends its stream, whatever that waits for", async () => {
  let ended = 0;
  await using idle = new RawReceiver(async (connection) => {
    await linger(connection);
    ended++;
  });
  const near = await bridge(await connect(idle.url), { end: tcpEnd, cut: () => {} });
  near.close();
  await until("the stream has ended", () => ended === 1);
  // Nobody takes what is written.
  const { promise: leave, resolve } = Promise.withResolvers<void>();
  await using deaf = new RawReceiver(async () => await leave);
  const stream = await connect(deaf.url);
  let cuts = 0;
  const cut = () => {
    cuts++;
    stream.close();
  };
  const stuck = await bridge(stream, { end: tcpEnd, cut });
  const writing = (async () => {
    for (let round = 0; round < 200; round++) await stuck.write(new Uint8Array(65_536));
  })();
  await writing;
  stuck.close();
  await until("the stream has been cut", () => cuts === 1);
  resolve();
});

Deno.test("a bridge to what breaks ends", async () => {
  await using receiver = new RawReceiver(say("hello"));
  const stream = await connect(receiver.url);
  using near = await bridge(stream, { end: tcpEnd, cut: () => {} });
  await near.write(new Uint8Array(3));
  const buffer = new Uint8Array(16);
  const count = await near.read(buffer) ?? 0;
  assertEquals(new TextDecoder().decode(buffer.subarray(0, count)), "hello");
  stream.close();
  assertEquals(await near.read(buffer), null);
});
