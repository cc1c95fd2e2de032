import { Buffer } from "node:buffer";

/** Decodes base64 in its one spelling (RFC 4648, 4): padded, no other characters. */
export function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, "base64");
  return bytes.toString("base64") === text ? bytes : undefined;
}
