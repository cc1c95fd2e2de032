/**
 * The body of a request on its way through the gate.
 *
 * @module
 */
import { writeAll } from "../std/files.ts";
import type { RequestHead } from "./request_head.ts";

/** A request whose head was read. */
export interface BegunRequest {
  readonly head: RequestHead;
  /** What came behind the head. */
  readonly begun: Uint8Array<ArrayBuffer>;
}

/** A request ends before its body does. */
export class ClientGoneError extends Error {
  override readonly name = "ClientGoneError";
}

const CHUNK = 16 * 1024;

/**
 * Hands on so many bytes, and not what follows them.
 *
 * @throws {ClientGoneError} If they do not come.
 */
export async function sendBody(
  client: Deno.Conn,
  to: { write(bytes: Uint8Array): Promise<number> },
  { begun, left }: { readonly begun: Uint8Array<ArrayBuffer>; readonly left: number },
): Promise<void> {
  await writeAll(to, begun.subarray(0, left));
  let missing = left - begun.length;
  const chunk = new Uint8Array(CHUNK);
  while (missing > 0) {
    const count = await client.read(chunk).catch(() => null);
    if (count === null) throw new ClientGoneError("The body ends too early");
    await writeAll(to, chunk.subarray(0, Math.min(count, missing)));
    missing -= count;
  }
}
