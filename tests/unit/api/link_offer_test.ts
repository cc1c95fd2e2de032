import { readLinkOffer } from "../../../src/api/link_offer.ts";
import { assertEquals } from "../../support/assert.ts";

const OFFER = {
  node: "00000000-0000-4000-8000-000000000002",
  port: 49_612,
  certificate: "-----BEGIN CERTIFICATE-----\nMIIB6jCC\nAZGg==\n-----END CERTIFICATE-----",
  name: "00000000-0000-4000-8000-000000000002.gluster-eventing.invalid",
  token: "0123456789abcdef".repeat(4),
};

Deno.test("an offer of another node is taken as it is, and only what belongs to it", () => {
  assertEquals(readLinkOffer({ ...OFFER, more: 1 }), OFFER);
});

Deno.test("what is no offer is not taken for one", () => {
  const changes: Readonly<Record<string, unknown>>[] = [
    { node: "gl2" },
    { port: 0 },
    { port: 65_536 },
    { port: "49612" },
    { port: 1.5 },
    { certificate: "" },
    { certificate: `${OFFER.certificate}\n${OFFER.certificate}` },
    { name: "a\r\nb" },
    { name: "localhost" },
    { token: `${OFFER.token}\r\nx: y` },
    { token: "" },
  ];
  for (const change of changes) {
    assertEquals(readLinkOffer({ ...OFFER, ...change }), undefined, JSON.stringify(change));
  }
  for (const value of [null, undefined, "x", 1, [], {}]) {
    assertEquals(readLinkOffer(value), undefined);
  }
});
