import { WrongTokens } from "../../../src/api/wrong_tokens.ts";
import { assertEquals } from "../../support/assert.ts";

function makeWrong() {
  const time = { nowMs: 0 };
  return { time, wrong: new WrongTokens(() => time.nowMs) };
}

function add(wrong: WrongTokens, address: string, count: number): void {
  for (let each = 0; each < count; each++) wrong.add(address);
}

Deno.test("an address waits after ten wrong tokens within a minute, and no other does", () => {
  const { time, wrong } = makeWrong();
  add(wrong, "192.0.2.1", 9);
  time.nowMs = 20_000;
  assertEquals(wrong.waitMs("192.0.2.1"), 0);
  wrong.add("192.0.2.1");
  assertEquals(wrong.waitMs("192.0.2.1"), 40_000);
  assertEquals(wrong.waitMs("192.0.2.2"), 0);
  time.nowMs = 60_000;
  assertEquals(wrong.waitMs("192.0.2.1"), 0);
  wrong.add("192.0.2.1");
  assertEquals(wrong.waitMs("192.0.2.1"), 0);
});

Deno.test("of IPv6 a whole network of 64 bits counts as one address", () => {
  const { wrong } = makeWrong();
  add(wrong, "2001:db8::1", 5);
  add(wrong, "2001:db8:0:0:1:2:3:4", 5);
  assertEquals(wrong.waitMs("2001:DB8::ffff") > 0, true);
  assertEquals(wrong.waitMs("2001:db8:0:1::1"), 0);
  assertEquals(wrong.waitMs("::1"), 0);
  add(wrong, "::ffff:192.0.2.1", 10);
  assertEquals(wrong.waitMs("::ffff:192.0.2.2"), 0);
});

Deno.test("only so many addresses are remembered", () => {
  const { wrong } = makeWrong();
  add(wrong, "192.0.2.1", 10);
  for (let each = 0; each < 1024; each++) wrong.add(`198.51.${each >> 8}.${each & 255}`);
  assertEquals(wrong.waitMs("192.0.2.1"), 0);
});
