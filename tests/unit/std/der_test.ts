import {
  type Bytes,
  der,
  derBits,
  derField,
  derInteger,
  derObjectId,
  derText,
} from "../../../src/std/der.ts";
import { assertEquals } from "../../support/assert.ts";

function hexOf(bytes: Bytes): string {
  return bytes.toHex();
}

Deno.test("numbers have no needless bytes, and no sign", () => {
  const cases: [number[], string][] = [
    [[0], "020100"],
    [[0, 0], "020100"],
    [[2], "020102"],
    [[0x7f], "02017f"],
    [[0x80], "02020080"],
    [[0, 0, 0x80, 1], "0203008001"],
    [[0, 0x7f, 0xff], "02027fff"],
  ];
  for (const [bytes, wanted] of cases) {
    assertEquals(hexOf(derInteger(Uint8Array.from(bytes))), wanted);
  }
});

Deno.test("identifiers have seven bits in each byte", () => {
  assertEquals(hexOf(derObjectId("2.5.4.3")), "0603550403");
  assertEquals(hexOf(derObjectId("1.2.840.10045.4.3.2")), "06082a8648ce3d040302");
});

Deno.test("lengths from 128 on say first how many bytes they take", () => {
  for (
    const [length, wanted] of [
      [0, "0400"],
      [127, "047f"],
      [128, "048180"],
      [255, "0481ff"],
      [256, "04820100"],
      [65_536, "0483010000"],
    ] as const
  ) {
    const head = der("octetString", new Uint8Array(length));
    assertEquals(hexOf(head.subarray(0, head.length - length)), wanted);
  }
});

Deno.test("texts, bits and fields have their tags, and what is in them follows", () => {
  assertEquals(hexOf(derText("utf8String", "ä")), "0c02c3a4");
  assertEquals(hexOf(derBits(Uint8Array.of(0xff))), "030200ff");
  const parts = [derInteger(Uint8Array.of(2)), der("sequence")];
  assertEquals(hexOf(derField(0, { parts, isMade: true })), "a0050201023000");
  assertEquals(hexOf(derField(2, { parts: [Uint8Array.of(1)], isMade: false })), "820101");
});
