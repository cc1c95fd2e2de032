import { readCertificate, readCertificates } from "../../../../src/dispatcher/tls/certificate.ts";
import { expiryOfFiles } from "../../../../src/dispatcher/tls/certificate_expiry.ts";
import { assert, assertEquals, assertThrows } from "../../../support/assert.ts";
import { testNeeding } from "../../../support/requirements.ts";
import { TestCa } from "../../../support/test_ca.ts";

const DAY_MS = 86_400_000;

testNeeding(
  ["openssl"],
  "a certificate says who, by whom, for which names and how long",
  async () => {
    await using ca = await TestCa.make();
    const names = ["DNS:ops.example.com", "IP:192.0.2.1", "IP:2001:db8::1"];
    const { cert } = await ca.issue("ops", { names, untilDays: 12 });
    const read = readCertificate(await Deno.readTextFile(cert));
    assertEquals([read.subject, read.names.length, read.isCa], ["CN=ops", 3, false]);
    assertEquals(read.names.slice(0, 2), ["DNS:ops.example.com", "IP:192.0.2.1"]);
    assert(/^CN=ca-/.test(read.issuer), read.issuer);
    assert(Math.abs(read.validUntilMs - Date.now() - 12 * DAY_MS) < 60_000);
    assert(/^[0-9a-f]{64}$/.test(read.sha256));
    const own = readCertificate(await Deno.readTextFile(ca.file));
    assertEquals([own.isCa, own.names, own.issuer], [true, [], own.subject]);
    assertThrows(() => readCertificate("no certificate"), Error);
  },
);

testNeeding(["openssl"], "what a certificate says moves no cursor", async () => {
  await using ca = await TestCa.make();
  const { cert } = await ca.selfSigned("bad", { subject: "a\u001b[31mb" });
  const { subject } = readCertificate(await Deno.readTextFile(cert));
  // deno-lint-ignore no-control-regex
  assert(!/[\x00-\x1f]/.test(subject), JSON.stringify(subject));
});

testNeeding(["openssl"], "of several CAs the last end counts, of a chain the first", async () => {
  await using ca = await TestCa.make();
  const files = [
    (await ca.issue("short", { untilDays: 5 })).cert,
    (await ca.issue("long", { untilDays: 50 })).cert,
  ];
  const text = (await Promise.all(files.map((file) => Deno.readTextFile(file)))).join("");
  const [short = 0, long = 0] = readCertificates(text).map(({ validUntilMs }) => validUntilMs);
  assertEquals(expiryOfFiles({ caCerts: [text], client: { cert: text, key: "" } }), {
    caMs: long,
    clientMs: short,
  });
  assert(short < long);
  assertEquals(expiryOfFiles({ caCerts: [] }), {});
});
