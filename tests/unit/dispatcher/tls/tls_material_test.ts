import { TlsMaterialError, TlsMaterialStore } from "../../../../src/dispatcher/tls/tls_material.ts";
import type { Transport } from "../../../../src/registry/schema.ts";
import { assert, assertEquals, assertMatch, assertThrows } from "../../../support/assert.ts";
import { testNeeding } from "../../../support/requirements.ts";
import { TestCa } from "../../../support/test_ca.ts";

function refusal(transport: Transport): { message: string; hint: string } {
  return assertThrows(() => new TlsMaterialStore().load(transport), TlsMaterialError);
}

testNeeding(
  ["openssl"],
  "what the files hold is read once, and again when they change",
  async () => {
    await using ca = await TestCa.make();
    const { cert, key } = await ca.issue("me");
    let nowMs = 0;
    const store = new TlsMaterialStore(() => nowMs);
    const transport = { caFile: ca.file, certFile: cert, keyFile: key };
    const first = store.load(transport);
    assertEquals(first, {
      caCerts: [await Deno.readTextFile(ca.file)],
      client: { cert: await Deno.readTextFile(cert), key: await Deno.readTextFile(key) },
    });
    nowMs += 10_000;
    assert(store.load(transport) === first);
    const next = await ca.issue("next");
    await Deno.rename(next.cert, cert);
    await Deno.rename(next.key, key);
    assert(store.load(transport) === first, "a second has to pass before it looks again");
    nowMs += 1001;
    const second = store.load(transport);
    assertEquals(second?.client?.cert, await Deno.readTextFile(cert));
    assertEquals(store.load({}), undefined);
    assertEquals(store.load({ serverPin: "0".repeat(64) }), undefined);
  },
);

testNeeding(
  ["openssl"],
  "line ends of other systems and words around certificates are fine",
  async () => {
    await using ca = await TestCa.make();
    const { cert, key } = await ca.issue("me");
    for (const file of [cert, key, ca.file]) {
      const text = `# ours\n${await Deno.readTextFile(file)}`;
      await Deno.writeTextFile(file, text.replaceAll("\n", "\r\n"));
    }
    const loaded = new TlsMaterialStore().load({ caFile: ca.file, certFile: cert, keyFile: key });
    assertEquals(loaded?.caCerts.length, 1);
  },
);

testNeeding(["openssl"], "a file that cannot be used is told of, with what helps", async () => {
  await using ca = await TestCa.make();
  const [me, other] = [await ca.issue("me"), await ca.issue("other")];
  const at = (name: string) => ca.path(name);
  const damaged = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  await Promise.all([
    Deno.writeTextFile(at("empty"), ""),
    Deno.writeTextFile(at("words"), "no certificate\n"),
    Deno.writeTextFile(at("damaged.pem"), damaged),
    Deno.writeTextFile(at("mixed.pem"), await Deno.readTextFile(ca.file) + damaged),
    Deno.writeTextFile(at("damaged.key"), damaged.replaceAll("CERTIFICATE", "PRIVATE KEY")),
    ca.run("x509", "-in", ca.file, "-outform", "DER", "-out", "ca.der"),
    ca.run("pkcs8", "-topk8", "-in", me.key, "-out", "encrypted.key", "-passout", "pass:x"),
    ca.run("ec", "-in", me.key, "-aes128", "-out", "old.key", "-passout", "pass:x"),
    ca.run(..."req -x509 -newkey rsa:1024 -nodes -subj /CN=x -keyout r.key -out r.pem".split(" ")),
  ]);
  await ca.run("req", "-new", "-key", me.key, "-subj", "/CN=me", "-out", "me.csr");
  await ca.run("x509", "-req", "-in", "me.csr", "-signkey", me.key, "-out", "v1.pem");
  const shows = (certFile: string, keyFile: string) => ({ certFile, keyFile });
  const cases: readonly (readonly [Transport, RegExp, RegExp])[] = [
    [{ caFile: at("none") }, /^Cannot read ca-file .*none: there is no such file$/, /every node/],
    [{ caFile: at("") }, /^Cannot read ca-file .*: it is no regular file$/, /readable/],
    [{ caFile: at("empty") }, /no certificate in ca-file .*empty: the file is empty$/, /ls -l/],
    [{ caFile: at("words") }, /no certificate in ca-file .*words$/, /PEM/],
    [{ caFile: at("ca.der") }, /it is DER, not PEM$/, /openssl x509 -inform DER/],
    [{ caFile: me.key }, /no certificate in ca-file/, /PEM/],
    [{ caFile: at("damaged.pem") }, /certificate in ca-file .* cannot be read/, /storeutl/],
    [{ caFile: at("mixed.pem") }, /certificate in ca-file .* cannot be read/, /storeutl/],
    [shows(me.cert, at("none")), /^Cannot read key-file/, /every node/],
    [shows(me.cert, me.cert), /no private key in key-file/, /PEM/],
    [shows(me.cert, at("encrypted.key")), /is encrypted$/, /openssl pkey/],
    [shows(me.cert, at("old.key")), /is encrypted$/, /openssl pkey/],
    [shows(me.cert, at("damaged.key")), /key is damaged or of a kind/, /Ed25519/],
    [shows(me.cert, other.key), /key is not that of the first certificate$/, /-pubkey/],
    [shows(at("damaged.pem"), me.key), /a certificate is damaged$/, /storeutl/],
    [shows(at("v1.pem"), me.key), /version 1 of X\.509$/, /-copy_extensions/],
    [shows(at("r.pem"), at("r.key")), /key is damaged or of a kind/, /2048/],
  ];
  for (const [transport, message, hint] of cases) {
    const error = refusal(transport);
    assertMatch(error.message, message);
    assertMatch(error.hint, hint, error.message);
  }
});

testNeeding(["openssl"], "keys of every kind that TLS has can be used", async () => {
  await using ca = await TestCa.make();
  const kinds = [
    ["rsa:2048"],
    ["ec", "-pkeyopt", "ec_paramgen_curve:P-384"],
    ["ec", "-pkeyopt", "ec_paramgen_curve:P-521"],
    ["ed25519"],
  ];
  for (const kind of kinds) {
    const files = { certFile: ca.path("k.pem"), keyFile: ca.path("k.key") };
    const output = ["-subj", "/CN=x", "-nodes", "-keyout", files.keyFile, "-out", files.certFile];
    await ca.run("req", "-x509", "-newkey", ...kind, ...output);
    assert(new TlsMaterialStore().load(files)?.client !== undefined, kind.join(" "));
  }
});
