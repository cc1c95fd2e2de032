import { adviseOn } from "../../src/dispatcher/probe_advice.ts";
import { SocketClient } from "../../src/dispatcher/http/socket_client.ts";
import { fingerprintOf } from "../../src/dispatcher/tls/server_pin.ts";
import type { AttemptResult } from "../../src/dispatcher/verdict.ts";
import type { WebhookClient } from "../../src/dispatcher/http/webhook_client.ts";
import type { Transport } from "../../src/registry/schema.ts";
import { X509Certificate } from "node:crypto";
import { assert, assertEquals, assertMatch } from "../support/assert.ts";
import { freePort } from "../soak/free_port.ts";
import { mustFind } from "../support/installed.ts";
import { OpensslServer } from "../support/openssl_server.ts";
import { RunningProgram } from "../support/program.ts";
import { linger, RawReceiver } from "../support/raw_receiver.ts";
import { testNeeding } from "../support/requirements.ts";
import { type Issued, LOCAL_NAMES, TestCa } from "../support/test_ca.ts";
import { until } from "../support/until.ts";
import { WEBHOOK } from "../unit/dispatcher/lanes/lane_answers.ts";

interface PostWish {
  readonly transport?: Transport;
  readonly host?: string;
  readonly body?: string;
  readonly timeoutMs?: number;
}

async function post(
  client: WebhookClient,
  port: number,
  { transport = {}, host = "localhost", body = '{"n":1}', timeoutMs = 10_000 }: PostWish = {},
): Promise<AttemptResult> {
  const request = { url: `https://${host}:${port}/hook`, headers: {}, body };
  return await client.post(request, { timeoutMs, signal: new AbortController().signal, transport });
}

async function postOnce(port: number, wish: PostWish): Promise<AttemptResult> {
  using client = new SocketClient();
  return await post(client, port, wish);
}

function assertOk(result: AttemptResult): void {
  assertEquals("status" in result && result.status, 200, Deno.inspect(result));
}

/** It failed while TLS was agreed on, and says why. */
function assertRefused(result: AttemptResult, detail: RegExp): void {
  assert(result.kind === "error", Deno.inspect(result));
  assertMatch(result.detail, detail);
  assertEquals([result.stage, result.errorClass], ["tls", "tls"], result.detail);
}

/** A receiver on all addresses of this machine. */
async function serve(
  { cert, key }: Issued,
  answer: (request: Request) => Response | Promise<Response> = () => new Response("thank you"),
): Promise<Deno.HttpServer<Deno.NetAddr>> {
  const [certText, keyText] = await Promise.all([cert, key].map((path) => Deno.readTextFile(path)));
  return Deno.serve(
    { hostname: "::", port: 0, onListen: () => {}, cert: certText ?? "", key: keyText ?? "" },
    async (request) => {
      await request.text();
      return await answer(request);
    },
  );
}

async function pinOf({ cert }: Issued): Promise<string> {
  return fingerprintOf(new X509Certificate(await Deno.readTextFile(cert)).raw);
}

testNeeding(
  ["openssl"],
  "a receiver of a private CA is trusted with ca-file, by its names",
  async () => {
    await using ca = await TestCa.make();
    await using other = await TestCa.make();
    await using server = await serve(await ca.issue("server", { names: LOCAL_NAMES }));
    const { port } = server.addr;
    const transport = { caFile: ca.file };
    for (const host of ["localhost", "127.0.0.1", "[::1]"]) {
      assertOk(await postOnce(port, { transport, host }));
    }
    assertRefused(await postOnce(port, { transport, host: "127.0.0.2" }), /not valid for/);
    assertRefused(await postOnce(port, {}), /UnknownIssuer/);
    assertRefused(await postOnce(port, { transport: { caFile: other.file } }), /UnknownIssuer/);
  },
);

testNeeding(["openssl"], "a receiver that wants a certificate of its client gets it", async () => {
  await using ca = await TestCa.make();
  await using other = await TestCa.make();
  const [own, client] = [await ca.issue("localhost", { names: LOCAL_NAMES }), await ca.issue("me")];
  const stranger = await other.issue("stranger");
  const wants = ["-Verify", "1", "-verify_return_error", "-CAfile", ca.file];
  const caFile = ca.file;
  const shows = ({ cert, key }: Issued) => ({ caFile, certFile: cert, keyFile: key });
  for (const version of ["-tls1_2", "-tls1_3"]) {
    await using server = await OpensslServer.start(own, [...wants, version]);
    const { port } = server;
    for (const host of ["localhost", "127.0.0.1"]) {
      assertOk(await postOnce(port, { transport: shows(client), host }));
    }
    const none = await postOnce(port, { transport: { caFile } });
    assertRefused(none, /received fatal alert: (CertificateRequired|HandshakeFailure)/);
    const wrong = await postOnce(port, { transport: shows(stranger) });
    assertRefused(wrong, /received fatal alert: UnknownCA/);
    // What is shown does not make the receiver trusted, and its name counts.
    const { cert: certFile, key: keyFile } = client;
    assertRefused(await postOnce(port, { transport: { certFile, keyFile } }), /UnknownIssuer/);
    const misnamed = await postOnce(port, { transport: shows(client), host: "127.0.0.2" });
    assert(misnamed.kind === "error");
    assertEquals(server.requests, 2, server.output);
  }
});

testNeeding(
  ["openssl", "nginx"],
  "nginx gets the certificate, and says so where it gets none",
  async () => {
    await using ca = await TestCa.make();
    const { cert, key } = await ca.issue("server", { names: LOCAL_NAMES });
    const me = await ca.issue("me");
    const port = freePort();
    const folder = ca.path("");
    await Deno.writeTextFile(
      ca.path("nginx.conf"),
      `daemon off; master_process off; pid ${folder}pid; error_log stderr;
    events {}
    http {
      access_log off; client_body_temp_path ${folder}b; proxy_temp_path ${folder}p;
      fastcgi_temp_path ${folder}f; uwsgi_temp_path ${folder}u; scgi_temp_path ${folder}s;
      server {
        listen 127.0.0.1:${port} ssl; ssl_certificate ${cert}; ssl_certificate_key ${key};
        ssl_client_certificate ${ca.file}; ssl_verify_client on; location / { return 200; }
      }
    }`,
    );
    const args = ["-p", folder, "-e", "stderr", "-c", ca.path("nginx.conf")];
    await using nginx = new RunningProgram(args, { binary: mustFind("nginx") });
    const transport = { caFile: ca.file, certFile: me.cert, keyFile: me.key };
    using client = new SocketClient();
    await until(
      "it is there",
      async () => (await post(client, port, { transport })).kind === "response",
      {
        seen: () => nginx.stderr,
      },
    );
    for (const body of ["{}", "x".repeat(500_000)]) {
      assertOk(await post(client, port, { transport, body }));
    }
    const url = `https://localhost:${port}/`;
    const none = await postOnce(port, { transport: { caFile: ca.file } });
    assertEquals("status" in none && none.status, 400, Deno.inspect(none));
    assertMatch(adviseOn(none, { webhook: { ...WEBHOOK, url } }), /--cert-file FILE --key-file/);
  },
);

testNeeding(["openssl"], "over Node's TLS the name of the receiver counts too", async () => {
  await using ca = await TestCa.make();
  const { cert: certFile, key: keyFile } = await ca.issue("me");
  const transport = { caFile: ca.file, certFile, keyFile };
  // A certificate for "localhost" alone is not one for an address.
  await using server = await serve(await ca.issue("server", { names: ["DNS:localhost"] }));
  assertOk(await postOnce(server.addr.port, { transport }));
  for (const host of ["127.0.0.1", "[::1]"]) {
    assertRefused(await postOnce(server.addr.port, { transport, host }), /not valid for/);
  }
});

testNeeding(
  ["openssl"],
  "a pinned certificate is taken whatever its name, and no other",
  async () => {
    await using ca = await TestCa.make();
    const mine = await ca.selfSigned("whoever");
    const serverPin = await pinOf(mine);
    await using server = await serve(mine);
    const { port } = server.addr;
    for (const host of ["localhost", "127.0.0.1", "[::1]"]) {
      assertOk(await postOnce(port, { transport: { serverPin }, host }));
    }
    let requests = 0;
    // Trusted by its CA and with the right name, but not the one.
    const trusted = await ca.issue("server", { names: LOCAL_NAMES });
    await using another = await serve(trusted, () => {
      requests++;
      return new Response();
    });
    const transport = { serverPin, caFile: ca.file };
    const refused = await postOnce(another.addr.port, { transport });
    assertRefused(refused, new RegExp(`${await pinOf(trusted)}.*pinned is ${serverPin}`));
    assertEquals(requests, 0);
    // With its CA, what a CA has signed can be pinned.
    const both = { serverPin: await pinOf(trusted), caFile: ca.file };
    assertOk(await postOnce(another.addr.port, { transport: both, host: "127.0.0.2" }));
    const { serverPin: alone } = both;
    assertRefused(
      await postOnce(another.addr.port, { transport: { serverPin: alone } }),
      /Unknown/,
    );
  },
);

testNeeding(["openssl"], "a receiver with another certificate than before is told of", async () => {
  await using ca = await TestCa.make();
  const [first, second] = [await ca.selfSigned("first"), await ca.selfSigned("second")];
  const transport = { serverPin: await pinOf(first) };
  using client = new SocketClient();
  let port = 0;
  {
    await using server = await serve(first);
    port = server.addr.port;
    assertOk(await post(client, port, { transport }));
  }
  await using _other = Deno.serve({
    hostname: "::",
    port,
    onListen: () => {},
    cert: await Deno.readTextFile(second.cert),
    key: await Deno.readTextFile(second.key),
  }, () => new Response());
  const pinned = new RegExp(`${await pinOf(second)}.*pinned is ${transport.serverPin}`);
  await until("the connection from before is gone", async () => {
    const result = await post(client, port, { transport });
    return result.kind === "error" && pinned.test(result.detail);
  });
});

testNeeding(
  ["openssl"],
  "a pin does not make up for what is wrong with a certificate",
  async () => {
    await using ca = await TestCa.make();
    const authority = await ca.selfSigned("of-a-ca", { names: LOCAL_NAMES, isCa: true });
    const expired = await ca.issue("expired", { fromDays: -20, untilDays: -10 });
    for (
      const [bad, why] of [[authority, /CaUsedAsEndEntity/], [
        expired,
        /certificate expired/,
      ]] as const
    ) {
      await using server = await serve(bad);
      const transport = { serverPin: await pinOf(bad), caFile: ca.file };
      assertRefused(await postOnce(server.addr.port, { transport }), why);
    }
  },
);

testNeeding(["openssl"], "renewed files are used for the next request", async () => {
  await using ca = await TestCa.make();
  await using next = await TestCa.make();
  const server = await ca.issue("localhost", { names: LOCAL_NAMES });
  const wants = ["-Verify", "1", "-CAfile", ca.file];
  const [old, renewed] = [await ca.issue("before"), await ca.issue("after")];
  const folder = ca.path("");
  const transport = {
    caFile: `${folder}trusted.pem`,
    certFile: `${folder}shown.pem`,
    keyFile: `${folder}shown.key`,
  };
  const show = async ({ cert, key }: Issued) => {
    await Deno.copyFile(cert, transport.certFile);
    await Deno.copyFile(key, transport.keyFile);
  };
  await Deno.copyFile(ca.file, transport.caFile);
  await show(old);
  using client = new SocketClient();
  await using receiver = await OpensslServer.start(server, wants);
  const { port } = receiver;
  assertOk(await post(client, port, { transport }));
  assertMatch(receiver.output, /CN = before/);
  await show(renewed);
  await until("the new one is shown", async () => {
    await post(client, port, { transport });
    return /CN = after/.test(receiver.output);
  });
  // What is not trusted any more ends connections that were made with it.
  await Deno.copyFile(next.file, transport.caFile);
  await until("the old CA is not trusted", async () => {
    const result = await post(client, port, { transport });
    return result.kind === "error" && /UnknownIssuer|refused/.test(result.detail);
  });
  await Deno.remove(transport.caFile);
  const gone = await until("the file is missed", async () => {
    const result = await post(client, port, { transport });
    return result.kind === "error" && result.detail.startsWith("Cannot read") ? result : undefined;
  });
  assert(gone.kind === "error", Deno.inspect(gone));
  assertEquals([gone.stage, gone.errorClass], [undefined, "settings"], gone.detail);
  assertMatch(gone.detail, /^Cannot read ca-file .*trusted\.pem: there is no such file$/);
  assert("hint" in gone && /every node/.test(gone.hint ?? ""));
});

testNeeding(
  ["openssl"],
  "large bodies go both ways over Node's TLS, one after another",
  async () => {
    await using ca = await TestCa.make();
    const mine = await ca.selfSigned("whoever");
    const lengths: number[] = [];
    const [cert, key] = await Promise.all(
      [mine.cert, mine.key].map((path) => Deno.readTextFile(path)),
    );
    await using server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {}, cert: cert ?? "", key: key ?? "" },
      async (request) => {
        lengths.push((await request.text()).length);
        return new Response("x".repeat(60_000));
      },
    );
    const transport = { serverPin: await pinOf(mine) };
    using client = new SocketClient();
    for (const length of [10, 1_000_000, 3_000_000, 20]) {
      const body = "y".repeat(length);
      assertOk(await post(client, server.addr.port, { transport, host: "127.0.0.1", body }));
    }
    assertEquals(lengths, [10, 1_000_000, 3_000_000, 20]);
  },
);

testNeeding(["openssl"], "requests side by side over Node's TLS all end", async () => {
  await using ca = await TestCa.make();
  const mine = await ca.selfSigned("whoever");
  await using server = await serve(mine);
  const transport = { serverPin: await pinOf(mine) };
  using client = new SocketClient();
  for (let round = 0; round < 3; round++) {
    const posts = Array.from({ length: 16 }, () => post(client, server.addr.port, { transport }));
    for (const result of await Promise.all(posts)) assertOk(result);
  }
});

Deno.test("what does not go on with TLS is given up in time, and is not left open", async () => {
  let ended = 0;
  await using deaf = new RawReceiver(async (connection) => {
    await linger(connection);
    ended++;
  });
  const port = Number(new URL(deaf.url).port);
  const transport = { serverPin: "0".repeat(64) };
  using client = new SocketClient();
  const options = { transport, host: "127.0.0.1" };
  const late = await post(client, port, { ...options, timeoutMs: 100 });
  assert(late.kind === "error");
  assertEquals([late.stage, late.errorClass], ["tls", "timeout"], Deno.inspect(late));
  assertEquals(late.detail, "no agreement on TLS within 100 ms");
  await until("the receiver sees the end of it", () => ended === 1);
  const cut = new AbortController();
  const url = `https://127.0.0.1:${port}/`;
  const { signal } = cut;
  const posting = client.post({ url, headers: {}, body: "" }, {
    timeoutMs: 9000,
    signal,
    transport,
  });
  setTimeout(() => cut.abort(new Error("enough")), 50);
  const reason = await posting.then(() => undefined, (error) => error);
  assertEquals(reason?.message, "enough");
  await until("the receiver sees the end of it", () => ended === 2);
});

Deno.test("where nothing listens, the stages are told over Node's sockets as well", async () => {
  const transport = { serverPin: "0".repeat(64) };
  const refused = await postOnce(1, { transport, host: "127.0.0.1" });
  assert(refused.kind === "error");
  assertEquals([refused.stage, refused.errorClass], ["connect", "refused"], Deno.inspect(refused));
  const unknown = await postOnce(1, { transport, host: "nowhere.invalid" });
  assert(unknown.kind === "error");
  assertEquals([unknown.stage, unknown.errorClass], ["name", "dns"], Deno.inspect(unknown));
});
