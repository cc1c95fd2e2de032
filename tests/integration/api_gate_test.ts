/**
 * The gate on real sockets, in front of a server that tells what reaches it.
 *
 * @module
 */
import { Gate, GateError, type GateOptions } from "../../src/api/gate.ts";
import { assert, assertEquals, assertMatch, assertThrows } from "../support/assert.ts";
import { exchange, RawConnection, statusOf } from "../support/raw_http.ts";
import { makeTempFolder } from "../support/temp_folder.ts";
import { until } from "../support/until.ts";

const CERT = await Deno.readTextFile(new URL("../fixtures/tls/cert.pem", import.meta.url));
const KEY = await Deno.readTextFile(new URL("../fixtures/tls/key.pem", import.meta.url));
const LOOPBACK = { hostname: "127.0.0.1", port: 0 };
const TOKEN = "0123456789abcdef";
const INSIDE = "http+unix://localhost";
const GET = "GET /v1/x HTTP/1.1\r\nHost: localhost\r\n";

/** A gate, what it guards, and what happened. */
interface Guarded extends AsyncDisposable {
  readonly gate: Gate;
  readonly requests: { readonly url: string; readonly headers: Headers }[];
  readonly bodies: string[];
  readonly refused: string[];
}

async function guard(
  options: Partial<GateOptions> = {},
  answer: (request: Request) => Response | Promise<Response> = () => new Response("inside"),
): Promise<Guarded> {
  await using cleanups = new AsyncDisposableStack();
  const folder = cleanups.use(await makeTempFolder());
  const path = `${folder.path}/sock`;
  const requests: { url: string; headers: Headers }[] = [];
  const bodies: string[] = [];
  const refused: string[] = [];
  const faults: unknown[] = [];
  const inner = Deno.serve(
    { path, onListen: () => {}, onError: () => new Response() },
    async (request) => {
      requests.push({ url: request.url, headers: new Headers(request.headers) });
      if (request.method === "POST") {
        bodies.push(await request.text());
      }
      return await answer(request);
    },
  );
  cleanups.defer(() => inner.shutdown());
  const gate = Gate.open({
    address: LOOPBACK,
    socket: path,
    onRefused: (from) => refused.push(from),
    onFault: (error) => faults.push(error),
    ...options,
  });
  cleanups.defer(() => gate.stop(0));
  cleanups.defer(() => assertEquals(faults, []));
  const all = cleanups.move();
  return { gate, requests, bodies, refused, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

Deno.test("a request goes in anew, and its answer comes out, for one request", async () => {
  await using guarded = await guard();
  const answer = await exchange(
    guarded.gate.address,
    "GET /v1/x?y=%20 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer s3cret\r\n" +
      "Connection: keep-alive\r\nX-One: 1\r\n\r\n" +
      "GET /v1/second HTTP/1.1\r\nHost: localhost\r\n\r\n",
  );
  assertMatch(
    answer,
    /^HTTP\/1\.1 200 OK\r\n(?:.+\r\n)*connection: close\r\n(?:.+\r\n)*\r\ninside$/,
  );
  const [request, ...others] = guarded.requests;
  assertEquals(others, []);
  assertEquals(request?.url, `${INSIDE}/v1/x?y=%20`);
  assertEquals(request?.headers.get("x-one"), "1");
  assertEquals(request?.headers.get("authorization"), null);
});

Deno.test("a body goes in whole, in whatever pieces it comes, and nothing behind it", async () => {
  await using guarded = await guard({ token: () => TOKEN });
  const head = `POST /v1/x HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${TOKEN}\r\n`;
  const body = "x".repeat(200_000);
  const length = `Content-Length: ${body.length}\r\n\r\n`;
  const pieces = [
    head,
    length + body.slice(0, 1),
    body.slice(1, 70_000),
    body.slice(70_000) + "tail",
  ];
  assertEquals(statusOf(await exchange(guarded.gate.address, ...pieces)), 200);
  assertEquals(guarded.bodies.map((text) => text.length), [body.length]);
  assertEquals(statusOf(await exchange(guarded.gate.address, `${head}\r\n`)), 200);
  assertEquals(guarded.bodies.at(-1), "");
});

Deno.test("who is refused gets a whole answer, also with a large body, and reaches nothing", async () => {
  await using guarded = await guard({ token: () => TOKEN });
  const { address } = guarded.gate;
  const post = "POST /v1/x HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n";
  const answer = await exchange(address, post, "x".repeat(1_000_000));
  assertMatch(answer, /^HTTP\/1\.1 401 Unauthorized\r\n/);
  assertMatch(answer, /\r\nwww-authenticate: Bearer realm="gluster-eventing"\r\n/);
  assertMatch(answer, /\r\ncache-control: no-store\r\n/);
  assertMatch(answer, /\r\nx-content-type-options: nosniff\r\n/);
  assert(!/access-control/i.test(answer));
  assertEquals(Object.keys(JSON.parse(answer.split("\r\n\r\n")[1] ?? "")), ["error", "hint"]);
  const tooLarge = `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5000000\r\n\r\n`;
  assertEquals(statusOf(await exchange(address, tooLarge)), 413);
  assertEquals(statusOf(await exchange(address, "hello\r\n\r\n")), 400);
  assertEquals(
    statusOf(
      await exchange(address, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"),
    ),
    411,
  );
  assertEquals(guarded.requests.length, 0);
  assertEquals(guarded.refused.length, 4);
  assertMatch(guarded.refused[0] ?? "", /^127\.0\.0\.1:\d+$/);
});

Deno.test("an answer that comes before the body has come is not lost with the rest of it", async () => {
  await using folder = await makeTempFolder();
  const socket = `${folder.path}/hasty`;
  const inner = Deno.listen({ transport: "unix", path: socket });
  const answering = (async () => {
    for await (const connection of inner) {
      await connection.read(new Uint8Array(1000));
      await connection.write(new TextEncoder().encode("HTTP/1.1 404 Not Found\r\n\r\nno"));
      connection.close();
    }
  })();
  await using guarded = await guard({ token: () => TOKEN, socket });
  const head = `POST /v1/x HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${TOKEN}\r\n`;
  const body = "x".repeat(4_000_000);
  for (let round = 0; round < 5; round++) {
    const pieces = [`${head}Content-Length: ${body.length}\r\n\r\n`, body];
    assertMatch(await exchange(guarded.gate.address, ...pieces), /^HTTP\/1.1 404 [^]*no$/);
  }
  inner.close();
  await answering;
});

Deno.test("a head that never ends is answered and cut off", async () => {
  await using guarded = await guard();
  using connection = await RawConnection.open(guarded.gate.address);
  await connection.send(GET);
  let isWanted = true;
  for (let sent = 0; isWanted && sent < 1e8; sent += 1000) {
    isWanted = await connection.send("a".repeat(1000));
  }
  assertEquals(isWanted, false);
  const large = await exchange(guarded.gate.address, `${GET}A: ${"a".repeat(20_000)}\r\n\r\n`);
  assertEquals(statusOf(large), 431);
  assertEquals(guarded.requests.length, 0);
});

Deno.test("who sends nothing, half a head or half a body is cut off when the time is over", async () => {
  await using guarded = await guard({ token: () => TOKEN, limits: { headMs: 50, bodyMs: 50 } });
  const half =
    `POST / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${TOKEN}\r\nContent-Length: 9\r\n\r\nabc`;
  for (const text of ["", "G", GET, half]) {
    using connection = await RawConnection.open(guarded.gate.address);
    await connection.send(text);
    assertEquals(statusOf(await connection.ended), 0, text);
  }
});

Deno.test("a client that goes in the middle of its body is not waited for", async () => {
  await using guarded = await guard({ token: () => TOKEN, limits: { bodyMs: 600_000 } });
  const { hostname, port } = guarded.gate.address;
  const conn = await Deno.connect({ hostname, port });
  const head = `POST / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${TOKEN}\r\n`;
  await conn.write(new TextEncoder().encode(`${head}Content-Length: 9\r\n\r\nabc`));
  await until("it is asked", () => guarded.requests.length === 1);
  await conn.closeWrite();
  assertEquals(await conn.read(new Uint8Array(1)), null);
  conn.close();
});

Deno.test("a head that drips in does not get more time with every drop", async () => {
  await using guarded = await guard({ limits: { headMs: 100 } });
  using connection = await RawConnection.open(guarded.gate.address);
  let isOver = false;
  void connection.ended.then(() => isOver = true);
  await connection.send(GET);
  for (let at = 0; !isOver; at++) {
    await connection.send(`A${at}: b\r\n`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  assertEquals(statusOf(connection.received), 0);
});

Deno.test("a handshake of TLS that never ends is cut off too", async () => {
  await using guarded = await guard({ tls: { cert: CERT, key: KEY }, limits: { headMs: 50 } });
  using silent = await RawConnection.open(guarded.gate.address);
  assertEquals(await silent.ended, "");
  using half = await RawConnection.open(guarded.gate.address);
  await half.send(new Uint8Array([22, 3, 1, 2, 0, 1, 0]));
  await half.ended;
});

Deno.test("who does not take the answer is cut off", async () => {
  await using guarded = await guard(
    { limits: { stallMs: 50 } },
    () => new Response(new ReadableStream({ pull: (to) => to.enqueue(new Uint8Array(65_536)) })),
  );
  const { hostname, port } = guarded.gate.address;
  const conn = await Deno.connect({ hostname, port });
  await conn.write(new TextEncoder().encode(`${GET}\r\n`));
  await until("it is cut off", async () => {
    // Once the other side has given up, what is written comes back as an error.
    try {
      await conn.write(new Uint8Array(1));
      return undefined;
    } catch (error) {
      return error instanceof Error;
    }
  });
  conn.close();
});

Deno.test("there are only so many connections, of all and of one, and room again afterwards", async () => {
  await using guarded = await guard({ limits: { connections: 3, connectionsOfOne: 2 } });
  const { address } = guarded.gate;
  const held = [await RawConnection.open(address), await RawConnection.open(address)];
  assertEquals(await exchange(address), "");
  assertEquals(guarded.refused.length, 1);
  for (const connection of held) connection[Symbol.dispose]();
  await until("there is room", async () => statusOf(await exchange(address, `${GET}\r\n`)) === 200);
});

Deno.test("TLS is served with the certificate, and plain text is not", async () => {
  await using guarded = await guard({ tls: { cert: CERT, key: KEY }, token: () => TOKEN });
  const { port } = guarded.gate.address;
  assertEquals(guarded.gate.url, `https://127.0.0.1:${port}`);
  using client = Deno.createHttpClient({ caCerts: [CERT] });
  const ask = async (token: string) => {
    const headers = { authorization: `Bearer ${token}` };
    const response = await fetch(`https://localhost:${port}/v1/x`, { client, headers });
    return [response.status, await response.text()];
  };
  assertEquals(await ask(TOKEN), [200, "inside"]);
  assertEquals((await ask(`${TOKEN}0`))[0], 401);
  assertEquals(statusOf(await exchange(guarded.gate.address, `${GET}\r\n`)), 0);
});

Deno.test("a WebSocket goes through in both directions", async () => {
  await using guarded = await guard({}, (request) => {
    const { socket, response } = Deno.upgradeWebSocket(request);
    socket.onmessage = ({ data }) => socket.send(`${data}!`);
    return response;
  });
  const socket = new WebSocket(`${guarded.gate.url.replace("http", "ws")}/v1/events`);
  const heard: unknown[] = [];
  socket.onopen = () => socket.send("hello");
  socket.onmessage = ({ data }) => heard.push(data);
  await until("it is answered", () => heard.length > 0);
  assertEquals(heard, ["hello!"]);
  const closed = new Promise((resolve) => socket.onclose = resolve);
  socket.close();
  await closed;
});

Deno.test("what follows a request for a WebSocket that becomes none is no request", async () => {
  await using guarded = await guard();
  using connection = await RawConnection.open(guarded.gate.address);
  await connection.send(
    `${GET}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n` +
      "POST /v1/stop HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n",
  );
  let isEnded = false;
  void connection.ended.then(() => isEnded = true);
  const urls = () => [...new Set(guarded.requests.map(({ url }) => url))];
  await until("it has ended, or more was asked", () => isEnded || urls().length > 1);
  assertEquals(urls(), [`${INSIDE}/v1/x`]);
  assertEquals(statusOf(connection.received), 200);
});

Deno.test("a gate that stops takes nobody any more, and cuts off who does not end", async () => {
  const never = Promise.withResolvers<Response>();
  await using guarded = await guard({}, () => never.promise);
  using connection = await RawConnection.open(guarded.gate.address);
  await connection.send(`${GET}\r\n`);
  await until("it is asked", () => guarded.requests.length === 1);
  await guarded.gate.stop(20);
  assertEquals(await connection.ended, "");
  never.resolve(new Response());
  await exchange(guarded.gate.address).then(
    () => assert(false, "somebody still listens"),
    (error) => assert(error instanceof Deno.errors.ConnectionRefused, String(error)),
  );
});

Deno.test("a gate without a daemon behind it says so", async () => {
  await using guarded = await guard({ socket: "/nowhere/sock" });
  const answer = await exchange(guarded.gate.address, `${GET}\r\n`);
  assertEquals(statusOf(answer), 503);
});

Deno.test("a gate that others could reach needs a token and TLS, whatever the registry said", () => {
  const open = (options: Partial<GateOptions>) => () =>
    Gate.open({ address: { hostname: "0.0.0.0", port: 0 }, socket: "/x", ...options });
  const tls = { cert: CERT, key: KEY };
  assertThrows(open({}), GateError, "needs a token and TLS");
  assertThrows(open({ tls }), GateError, "needs a token and TLS");
  assertThrows(open({ token: () => TOKEN }), GateError, "needs a token and TLS");
});

Deno.test("a certificate that is of no use, and a port in use, are told", () => {
  const open = (options: Partial<GateOptions>) => () =>
    Gate.open({ address: LOOPBACK, socket: "/x", ...options });
  const bad = assertThrows(
    open({ tls: { cert: "no", key: KEY } }),
    GateError,
    "No certificates found",
  );
  assertMatch(bad.hint, /both PEM/);
  using taken = Deno.listen(LOOPBACK);
  const inUse = assertThrows(open({ address: taken.addr }), GateError, "Address already in use");
  assertMatch(inUse.hint, /ss -tlnp/);
});
