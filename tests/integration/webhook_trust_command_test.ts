import { X509Certificate } from "node:crypto";
import { registryPath } from "../../src/registry/registry_file.ts";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "../support/assert.ts";
import { runHere } from "../support/fake_daemon.ts";
import type { ProgramResult } from "../support/program.ts";
import { Receiver } from "../support/receiver.ts";
import { testNeeding } from "../support/requirements.ts";
import { makeTempFolder, type TempFolder } from "../support/temp_folder.ts";
import { type Issued, LOCAL_NAMES, TestCa } from "../support/test_ca.ts";
import { serveTls } from "../support/tls_receiver.ts";

/** A folder whose registry holds the webhook "ops". */
async function makeNode(url: string, ...settings: string[]): Promise<TempFolder> {
  const folder = await makeTempFolder();
  await Deno.mkdir(`${folder.path}/events`);
  const lines = ["[[webhook]]", 'name = "ops"', `url = "${url}"`, 'timeout = "5s"', ...settings];
  await Deno.writeTextFile(registryPath(folder.path), lines.join("\n"));
  return folder;
}

async function runIn({ path }: TempFolder, ...args: string[]): Promise<ProgramResult> {
  const places = ["--workdir", path, "--state-dir", `${path}/state`, "--socket", `${path}/sock`];
  return await runHere([...args, "--local", ...places]);
}

async function trust(node: TempFolder, ...args: string[]): Promise<ProgramResult> {
  return await runIn(node, "webhook-trust", ...args);
}

async function registryOf({ path }: TempFolder): Promise<string> {
  return await Deno.readTextFile(registryPath(path));
}

async function fingerprint({ cert }: Issued): Promise<string> {
  return new X509Certificate(await Deno.readTextFile(cert)).fingerprint256;
}

testNeeding(["openssl"], "a self-signed certificate is shown, pinned, and then works", async () => {
  await using ca = await TestCa.make();
  const mine = await ca.selfSigned("whoever", { names: ["DNS:whoever"] });
  await using server = await serveTls(mine);
  await using node = await makeNode(`https://u:S3CRET@127.0.0.1:${server.addr.port}/?key=S3CRET`);
  const before = await runIn(node, "webhook-test", "ops");
  assertEquals(before.code, 3);
  assertMatch(before.stdout, /UnknownIssuer[\s\S]*webhook-trust ops/);
  const registry = await registryOf(node);

  const unasked = await trust(node, "ops");
  assertEquals(unasked.code, 1);
  assertMatch(unasked.stdout, /subject +CN=whoever\n +issuer +itself \(self-signed\)\n/);
  assertMatch(unasked.stdout, /names +DNS:whoever\n/);
  assertStringIncludes(unasked.stdout, await fingerprint(mine));
  assertMatch(unasked.stdout, /Without a pin it is not trusted: .*UnknownIssuer/);
  assertMatch(unasked.stderr, /asked on a terminal, and there is none\n *hint: .*--pin SHA256/);
  const wrong = await trust(node, "ops", "--pin", "0".repeat(64), "--yes");
  assertEquals(wrong.code, 1);
  assertMatch(wrong.stderr, /presents another certificate: .*not 00:00.*\n *hint: .*in between/);
  const odd = await trust(node, "ops", "--pin", "0123");
  assertEquals(odd.code, 64);
  assertMatch(odd.stderr, /--pin must be the SHA-256/);
  assertEquals(await registryOf(node), registry);

  const stored = await trust(node, "ops", "--pin", await fingerprint(mine));
  assertEquals([stored.code, stored.stderr], [0, ""]);
  assertMatch(stored.stdout, /takes this certificate from now on, and no other/);
  const digits = (await fingerprint(mine)).replaceAll(":", "").toLowerCase();
  assertStringIncludes(await registryOf(node), `server-pin = "${digits}"`);
  assertEquals((await runIn(node, "webhook-test", "ops")).code, 0);
  const again = await trust(node, "ops", "--yes");
  assertEquals(again.code, 0);
  assertMatch(again.stdout, /takes this certificate already/);
  for (const { stdout, stderr } of [before, unasked, wrong, stored, again]) {
    assert(!(stdout + stderr).includes("S3CRET"), stdout + stderr);
  }
});

testNeeding(["openssl"], "programs get all of it as JSON, and an old pin is replaced", async () => {
  await using ca = await TestCa.make();
  const mine = await ca.selfSigned("mine");
  await using server = await serveTls(mine);
  const old = "0".repeat(64);
  const url = `https://127.0.0.1:${server.addr.port}/`;
  await using node = await makeNode(url, `server-pin = "${old}"`);
  const seen = await trust(node, "ops");
  assertMatch(seen.stdout, /pinned so far: 00:00/);
  const test = await runIn(node, "webhook-test", "ops");
  assertMatch(
    test.stdout,
    new RegExp(`another certificate .*pinned is ${old}[\\s\\S]*webhook-trust`),
  );
  const { code, stdout } = await trust(node, url, "--yes", "--json");
  assertEquals(code, 0);
  const { output } = JSON.parse(stdout);
  const { subject, issuer, names, sha256, is_ca, trusted, changed } = output;
  assertEquals([subject, issuer, names, is_ca, trusted, changed], [
    "CN=mine",
    "CN=mine",
    [],
    false,
    false,
    true,
  ]);
  assertStringIncludes(await registryOf(node), `server-pin = "${sha256}"`);
});

testNeeding(["openssl"], "what is trusted as it is needs no pin, and gets none", async () => {
  await using ca = await TestCa.make();
  const mine = await ca.issue("server", { names: LOCAL_NAMES });
  await using server = await serveTls(mine);
  const url = `https://127.0.0.1:${server.addr.port}/`;
  await using node = await makeNode(url, `ca-file = "${ca.file}"`);
  const registry = await registryOf(node);
  const { code, stdout } = await trust(node, "ops", "--yes");
  assertEquals(code, 0);
  assertMatch(stdout, /a pin is not needed, and nothing was changed/);
  assertEquals(await registryOf(node), registry);
  const settings = [`ca-file = "${ca.file}"`, `server-pin = "${"0".repeat(64)}"`];
  await using other = await makeNode(url, ...settings);
  assertMatch((await trust(other, "ops", "--yes")).stdout, /another one is pinned; take that away/);
});

testNeeding(["openssl"], "what is never taken is not pinned, and the way out is told", async () => {
  await using ca = await TestCa.make();
  const cases = [
    [await ca.selfSigned("a", { isCa: true }), /CaUsedAsEndEntity/, /CA:FALSE; then/],
    [await ca.issue("e", { fromDays: -9, untilDays: -2 }), /certificate expired/, /has expired/],
    [await ca.issue("y", { fromDays: 2, untilDays: 9 }), /not valid yet/, /not valid yet/],
    [await ca.issue("p", {}), /UnknownIssuer/, /--ca-file FILE/],
  ] as const;
  for (const [bad, reason, hint] of cases) {
    await using server = await serveTls(bad);
    // A CA that is known shows what else is wrong.
    const isOfCa = !/UnknownIssuer|CaUsed/.test(reason.source);
    const settings = isOfCa ? [`ca-file = "${ca.file}"`] : [];
    await using node = await makeNode(`https://127.0.0.1:${server.addr.port}/`, ...settings);
    const registry = await registryOf(node);
    const { code, stdout, stderr } = await trust(node, "ops", "--yes");
    assertEquals(code, 1, stdout);
    const [message = "", help = ""] = stderr.split("\n");
    assertMatch(message, /cannot be pinned/);
    assertMatch(message, reason);
    assertMatch(help, hint);
    assertEquals(await registryOf(node), registry);
  }
});

testNeeding(
  ["openssl"],
  "the command that the hint gives makes a certificate that works",
  async () => {
    await using ca = await TestCa.make();
    const authority = await ca.selfSigned("a", { isCa: true });
    let command = "";
    {
      await using server = await serveTls(authority);
      await using node = await makeNode(`https://localhost:${server.addr.port}/`);
      const { stderr } = await trust(node, "ops", "--yes");
      command = /made there with: (openssl req .*CA:FALSE); then/.exec(stderr)?.[1] ?? "";
    }
    await ca.run(...command.split(" ").slice(1));
    const made = { cert: ca.path("cert.pem"), key: ca.path("key.pem") };
    await using server = await serveTls(made);
    await using node = await makeNode(`https://localhost:${server.addr.port}/`);
    assertEquals((await trust(node, "ops", "--yes")).code, 0);
    assertEquals((await runIn(node, "webhook-test", "ops")).code, 0);
  },
);

Deno.test("where there is no certificate to trust, it is said why", async () => {
  await using receiver = new Receiver();
  await using plain = await makeNode(receiver.url);
  const none = await trust(plain, "ops", "--yes");
  assertEquals(none.code, 1);
  assertMatch(none.stderr, /no certificate to trust: its URL is http:/);
  await using secure = await makeNode(receiver.url.replace("http:", "https:"));
  assertMatch((await trust(secure, "ops")).stderr, /corrupt message[\s\S]*speaks no TLS/);
  await using closed = await makeNode("https://127.0.0.1:1/");
  assertMatch((await trust(closed, "ops")).stderr, /refused\n *hint: /);
  await using proxied = await makeNode("https://127.0.0.1:1/", 'proxy = "http://127.0.0.1:1"');
  assertMatch((await trust(proxied, "ops")).stderr, /go through a proxy\n *hint: .*--proxy none/);
  assertEquals((await trust(closed, "nobody")).code, 6);
});
