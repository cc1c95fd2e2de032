import type { AttemptResult } from "../../src/dispatcher/verdict.ts";
import { assertEquals, assertStringIncludes } from "../support/assert.ts";
import { HttpProxy, SocksProxy } from "../support/proxies.ts";
import { Receiver } from "../support/receiver.ts";
import { testNeeding } from "../support/requirements.ts";

const FIXTURES = new URL("../fixtures/", import.meta.url).pathname;
const CERT = `${FIXTURES}tls/cert.pem`;

/** Posts in a process of its own, which trusts a certificate. */
async function post(url: string, proxy: string, trusted?: string): Promise<AttemptResult> {
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-check", "-A", `${FIXTURES}post_once.ts`, url, proxy],
    env: trusted === undefined ? {} : { DENO_CERT: trusted },
  }).output();
  const text = new TextDecoder().decode(stdout);
  assertStringIncludes(text, '"kind"', new TextDecoder().decode(stderr));
  return JSON.parse(text);
}

function readTls() {
  const [cert = "", key = ""] = [CERT, `${FIXTURES}tls/key.pem`].map(Deno.readTextFileSync);
  return { cert, key };
}

const PROXIES: Readonly<Record<string, () => HttpProxy | SocksProxy | undefined>> = {
  "directly": () => undefined,
  "through a proxy": () => new HttpProxy(),
  "through an encrypted proxy": () => new HttpProxy({ tls: readTls() }),
  "through a SOCKS proxy": () => new SocksProxy(),
};

for (const [way, open] of Object.entries(PROXIES)) {
  Deno.test(`${way}: a receiver with TLS is verified, by its name and its address`, async () => {
    const bodies: string[] = [];
    await using proxy = open();
    const via = proxy?.url ?? "none";
    await using server = Deno.serve(
      { hostname: "0.0.0.0", port: 0, onListen: () => {}, ...readTls() },
      async (request) => {
        bodies.push(await request.text());
        return new Response("thank you", { status: 202 });
      },
    );
    const { port } = server.addr;
    for (const host of ["localhost", "127.0.0.1"]) {
      const result = await post(`https://${host}:${port}/hook`, via, CERT);
      assertEquals("status" in result && [result.status, result.answer], [202, "thank you"]);
    }
    const untrusted = await post(`https://localhost:${port}/hook`, via);
    assertEquals("errorClass" in untrusted && untrusted.errorClass, "tls", Deno.inspect(untrusted));
    // The certificate is not for this name.
    const misnamed = await post(`https://127.0.0.2:${port}/hook`, via, CERT);
    assertEquals("errorClass" in misnamed && misnamed.errorClass, "tls", Deno.inspect(misnamed));
    assertEquals(bodies, ['{"n":1}', '{"n":1}']);
    assertEquals((proxy?.asked.length ?? 2) >= 2, true);
  });

  testNeeding(["ipv6"], `${way}: a receiver with TLS and an IPv6 address is verified`, async () => {
    await using proxy = open();
    await using server = Deno.serve(
      { hostname: "::1", port: 0, onListen: () => {}, ...readTls() },
      () => new Response(null, { status: 204 }),
    );
    const url = `https://[::1]:${server.addr.port}/hook`;
    const result = await post(url, proxy?.url ?? "none", CERT);
    assertEquals("status" in result && result.status, 204, Deno.inspect(result));
  });
}

Deno.test("an encrypted proxy forwards what is not encrypted, and is verified", async () => {
  await using proxy = new HttpProxy({ tls: readTls(), user: "us", password: "pa55" });
  await using receiver = new Receiver();
  const setting = proxy.url.replace("//", "//us:pa55@");
  const result = await post(receiver.url, setting, CERT);
  assertEquals("status" in result && result.status, 200, Deno.inspect(result));
  assertEquals(proxy.asked, [`POST ${receiver.url}`]);
  const untrusted = await post(receiver.url, setting);
  const { kind, ...told } = untrusted;
  assertEquals([kind, "proxyStep" in told && told.proxyStep], ["error", "tls"]);
  assertEquals(receiver.requests.length, 1);
});
