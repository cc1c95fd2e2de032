import { parseDatagram } from "../../../src/event/datagram.ts";
import { assertEquals } from "../../support/assert.ts";

Deno.test("bytes that are no UTF-8 become U+FFFD and lose nothing else", () => {
  const bytes = [...new TextEncoder().encode("5 1 host=a"), 0xff, 0xc3, 0x28, 0x80];
  const report = parseDatagram(new Uint8Array([...bytes, ...new TextEncoder().encode("é😀")]));
  assertEquals(report, {
    ts: 5,
    event: "PEER_DETACH",
    message: { host: "a\uFFFD\uFFFD(\uFFFDé😀" },
  });
});

Deno.test("zero bytes are data", () => {
  assertEquals(parseDatagram("5 1 host=a\0b\0")?.message, { host: "a\0b\0" });
});

Deno.test("the key __proto__ is a key like any other", () => {
  const message = parseDatagram("5 999 __proto__=x;constructor=y;toString=z")?.message ?? {};
  assertEquals(
    JSON.stringify(message),
    '{"__proto__":"x","constructor":"y","toString":"z"}',
  );
  assertEquals(Object.getPrototypeOf(message), Object.prototype);
});

Deno.test("the keys keep the order in which they were sent", () => {
  const message = parseDatagram("5 70 uuid=u;host=h")?.message ?? {};
  assertEquals(Object.keys(message), ["uuid", "host"]);
});

for (
  const text of [
    "",
    " ",
    "\n",
    "1700000000",
    "1700000000 ",
    "name=gv1;force=0",
    "x 1 host=a",
    "1700000000 x host=a",
    "1700000000 1host=a",
    "17.5 1 host=a",
    "-17 1 host=a",
    "0x11 1 host=a",
    "1700000000 +1 host=a",
    "1700000000 1.5 host=a",
    "1700000000,1,host=a",
    "<14>1700000000 1 host=a",
    "1700000000\u0000 1 host=a",
  ]
) {
  Deno.test(`a datagram that does not begin with two numbers is refused: ${JSON.stringify(text)}`, () => {
    assertEquals(parseDatagram(text), undefined);
    assertEquals(parseDatagram(new TextEncoder().encode(text)), undefined);
  });
}
