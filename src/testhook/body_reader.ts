/**
 * Bodies of requests, as bytes.
 *
 * @module
 */

/** How much is taken. */
export interface BodyLimits {
  readonly largestBytes: number;
  /** Of all bodies that are being read at the same time. */
  readonly togetherBytes: number;
}

/** Why a body is not taken. */
export type BodyRefusal = "too large" | "too much at once";

/** Reads bodies, as many as there is room for. */
export class BodyReader {
  readonly #limits: BodyLimits;
  #bytes = 0;

  constructor(limits: BodyLimits) {
    this.#limits = limits;
  }

  /** All of the body. */
  async read(request: Request): Promise<Uint8Array<ArrayBuffer> | BodyRefusal> {
    const { largestBytes, togetherBytes } = this.#limits;
    const chunks: Uint8Array[] = [];
    let size = 0;
    try {
      for await (const chunk of request.body ?? []) {
        size += chunk.length;
        this.#bytes += chunk.length;
        if (size > largestBytes) return "too large";
        if (this.#bytes > togetherBytes) return "too much at once";
        chunks.push(chunk);
      }
    } finally {
      this.#bytes -= size;
    }
    return join(chunks, size);
  }
}

function join(chunks: readonly Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
