/**
 * Writes values as DER (ITU-T X.690), as far as certificates need it.
 *
 * @module
 */
import { joinBytes } from "./bytes.ts";

/** Bytes of one value, or of several. */
export type Bytes = Uint8Array<ArrayBuffer>;

const TAGS = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectId: 0x06,
  utf8String: 0x0c,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** The kinds of values that are made of others, or of bytes as they are. */
export type DerKind = keyof typeof TAGS;

const CONTEXT = 0x80;
const CONSTRUCTED = 0x20;

/** A value of a kind: what is in it one after the other. */
export function der(kind: DerKind, ...parts: readonly Bytes[]): Bytes {
  return tagged(TAGS[kind], parts);
}

/** A value that is known by its number: one of others, or one of bytes. */
export function derField(
  number: number,
  { parts, isMade }: { readonly parts: readonly Bytes[]; readonly isMade: boolean },
): Bytes {
  return tagged(CONTEXT | (isMade ? CONSTRUCTED : 0) | number, parts);
}

/** A text in a kind that holds one. */
export function derText(kind: "utf8String" | "utcTime" | "generalizedTime", text: string): Bytes {
  return der(kind, new TextEncoder().encode(text));
}

/** A number without a sign, the highest byte first. */
export function derInteger(bytes: Bytes): Bytes {
  const first = bytes.findIndex((byte) => byte !== 0);
  const least = first === -1 ? new Uint8Array(1) : bytes.subarray(first);
  // The highest bit is that of the sign.
  return der("integer", ...((least[0] ?? 0) >= 0x80 ? [new Uint8Array(1)] : []), least);
}

/** An object identifier such as `2.5.4.3`. */
export function derObjectId(dotted: string): Bytes {
  const [first = 0, second = 0, ...others] = dotted.split(".").map(Number);
  const numbers = [40 * first + second, ...others];
  return der("objectId", Uint8Array.from(numbers.flatMap(inSevens)));
}

/** Whole bytes as a string of bits. */
export function derBits(bytes: Bytes): Bytes {
  // None of the last byte is left out.
  return der("bitString", new Uint8Array(1), bytes);
}

/** Seven bits in each byte; all but the last have the highest bit set. */
function inSevens(number: number): number[] {
  const sevens = [number % 128];
  for (let rest = Math.floor(number / 128); rest > 0; rest = Math.floor(rest / 128)) {
    sevens.unshift(0x80 | rest % 128);
  }
  return sevens;
}

function tagged(tag: number, parts: readonly Bytes[]): Bytes {
  const content = joinBytes(parts);
  return joinBytes([Uint8Array.of(tag, ...lengthOf(content.length)), content]);
}

function lengthOf(length: number): number[] {
  if (length < 0x80) return [length];
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return [0x80 | bytes.length, ...bytes];
}
