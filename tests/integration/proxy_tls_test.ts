/**
 * Certificates and pins of webhooks that are reached through proxies.
 *
 * @module
 */
import { X509Certificate } from "node:crypto";
import { fingerprintOf } from "../../src/dispatcher/tls/server_pin.ts";
import { SocketClient } from "../../src/dispatcher/http/socket_client.ts";
import { type AttemptResult, describeResult } from "../../src/dispatcher/verdict.ts";
import type { Transport } from "../../src/registry/schema.ts";
import { assertEquals, assertMatch } from "../support/assert.ts";
import { OpensslServer } from "../support/openssl_server.ts";
import { HttpProxy, SocksProxy } from "../support/proxies.ts";
import { testNeeding } from "../support/requirements.ts";
import { type Issued, LOCAL_NAMES, TestCa } from "../support/test_ca.ts";

async function post(port: number, transport: Transport): Promise<AttemptResult> {
  using client = new SocketClient();
  const { signal } = new AbortController();
  const request = { url: `https://localhost:${port}/hook`, headers: {}, body: '{"n":1}' };
  return await client.post(request, { timeoutMs: 10_000, signal, transport });
}

async function encrypted({ cert, key }: Issued): Promise<HttpProxy> {
  const tls = { cert: await Deno.readTextFile(cert), key: await Deno.readTextFile(key) };
  return new HttpProxy({ tls });
}

const WAYS: Readonly<Record<string, (own: Issued) => Promise<HttpProxy | SocksProxy>>> = {
  "a proxy": () => Promise.resolve(new HttpProxy()),
  "an encrypted proxy": encrypted,
  "a SOCKS proxy": () => Promise.resolve(new SocksProxy()),
};

for (const [way, open] of Object.entries(WAYS)) {
  testNeeding(["openssl"], `through ${way} CAs, client certificates and pins count`, async () => {
    await using ca = await TestCa.make();
    const own = await ca.issue("localhost", { names: LOCAL_NAMES });
    const { cert: certFile, key: keyFile } = await ca.issue("me");
    const wants = ["-Verify", "1", "-verify_return_error", "-CAfile", ca.file];
    await using strict = await OpensslServer.start(own, wants);
    await using server = await OpensslServer.start(own);
    await using opened = await open(own);
    const { url: proxy } = opened;
    const caFile = ca.file;
    const serverPin = fingerprintOf(new X509Certificate(await Deno.readTextFile(own.cert)).raw);
    const good: readonly (readonly [number, Transport])[] = [
      [server.port, { caFile, proxy }],
      [strict.port, { caFile, certFile, keyFile, proxy }],
      [server.port, { caFile, serverPin, proxy }],
      [strict.port, { caFile, certFile, keyFile, serverPin, proxy }],
    ];
    for (const [port, transport] of good) {
      assertEquals(describeResult(await post(port, transport)), "200 OK");
    }
    const other = await post(server.port, { caFile, serverPin: "0".repeat(64), proxy });
    assertMatch(describeResult(other), /^tls: another certificate than the pinned one/);
    assertMatch(describeResult(await post(strict.port, { caFile, proxy })), /fatal alert/);
    assertMatch(describeResult(await post(server.port, { proxy })), /UnknownIssuer/);
    const gone = await post(server.port, { caFile, serverPin, proxy: "http://127.0.0.1:1" });
    assertMatch(describeResult(gone), /^refused: proxy 127\.0\.0\.1:1 refused the connection$/);
    assertEquals([server.requests, strict.requests], [2, 2]);
    assertEquals(opened.asked.every((line) => line.startsWith("CONNECT localhost:")), true);
  });
}
