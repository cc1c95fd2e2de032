import "reflect-metadata";
import { BasicConstraintsExtension, X509Certificate } from "@peculiar/x509";
import { makeLinkCertificate } from "../../../../src/daemon/links/link_certificate.ts";
import { assert, assertEquals } from "../../../support/assert.ts";

const UUID = "E9BFB6DA-5A8B-4B8E-9D2B-3F6A3F5F2C11";
const NAME = "e9bfb6da-5a8b-4b8e-9d2b-3f6a3f5f2c11.gluster-eventing.invalid";
/** The numbers of a signature are shorter, or have a byte more for their sign, now and then. */
const TIMES = 64;

Deno.test("a library of others reads the certificate, and finds that it is signed", async () => {
  const serials = new Set<string>();
  for (let time = 0; time < TIMES; time++) {
    const { cert, name } = await makeLinkCertificate(UUID);
    assertEquals(name, NAME);
    const read = new X509Certificate(cert);
    assert(await read.verify(), cert);
    serials.add(read.serialNumber);
    if (time > 0) continue;
    assertEquals([read.subject, read.issuer], [`CN=${NAME}`, `CN=${NAME}`]);
    assertEquals(
      [read.notBefore, read.notAfter].map((date) => date.toISOString().slice(0, 10)),
      ["2000-01-01", "9999-12-31"],
    );
    const constraints = read.getExtension(BasicConstraintsExtension);
    assertEquals([constraints?.ca, constraints?.critical], [false, true]);
    assertEquals(Array.from(read.extensions, ({ type }) => type), ["2.5.29.19", "2.5.29.17"]);
  }
  assertEquals(serials.size, TIMES);
});

Deno.test("TLS takes the certificate with its key, for the name in it and no other", async () => {
  const { cert, key, name } = await makeLinkCertificate(UUID);
  using server = Deno.listenTls({ hostname: "127.0.0.1", port: 0, cert, key });
  const { port } = server.addr;
  for (const [hostname, isRight] of [[name, true], ["other.invalid", false]] as const) {
    const served = server.accept().then(async (client) => {
      using _client = client;
      await client.handshake().catch(() => {});
    });
    const connection = await Deno.connect({ hostname: "127.0.0.1", port });
    using tls = await Deno.startTls(connection, { hostname, caCerts: [cert] });
    const isTaken = await tls.handshake().then(() => true, () => false);
    assertEquals(isTaken, isRight, hostname);
    await served;
  }
});
