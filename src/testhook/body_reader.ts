/**
 * Bodies of requests, as bytes.
 *
 * @module
 */
import { joinBytes } from "../std/bytes.ts";

/** How much is taken. */
export interface BodyLimits {
  readonly largestBytes: number;
  /** Of all bodies together that are being read or have been read and are not let go. */
  readonly togetherBytes: number;
}

/** A body; there is room for others when it is disposed of. */
export interface ReadBody extends Disposable {
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Why a body is not taken. */
export type BodyRefusal = "too large" | "too much at once";

/** One that says that it is this small is read at once, which costs less than piece by piece. */
const SMALL_BYTES = 64 * 1024;

/** Reads bodies, as many as there is room for. */
export class BodyReader {
  readonly #limits: BodyLimits;
  #bytes = 0;

  constructor(limits: BodyLimits) {
    this.#limits = limits;
  }

  /** All of the body. */
  async read(request: Request): Promise<ReadBody | BodyRefusal> {
    const { largestBytes, togetherBytes } = this.#limits;
    using room = new Room((bytes) => this.#bytes += bytes);
    const announced = announcedBytes(request);
    if (announced !== undefined && announced <= Math.min(SMALL_BYTES, largestBytes)) {
      const bytes = await request.bytes();
      room.take(bytes.length);
      return this.#bytes > togetherBytes ? "too much at once" : keep(bytes, room);
    }
    const chunks: Uint8Array[] = [];
    for await (const chunk of request.body ?? []) {
      room.take(chunk.length);
      if (room.bytes > largestBytes) return "too large";
      if (this.#bytes > togetherBytes) return "too much at once";
      chunks.push(chunk);
    }
    return keep(joinBytes(chunks), room);
  }
}

/** How long the body is, if the request says so; HTTP holds it to that. */
function announcedBytes({ headers }: Request): number | undefined {
  const length = headers.get("content-length");
  return length === null || headers.has("transfer-encoding") ? undefined : Number(length);
}

function keep(bytes: Uint8Array<ArrayBuffer>, room: Room): ReadBody {
  const kept = room.move();
  return { bytes, [Symbol.dispose]: () => kept[Symbol.dispose]() };
}

/** What one body takes of the room for all. */
class Room implements Disposable {
  readonly #count: (bytes: number) => void;
  #bytes = 0;

  /** @param count Is told of what is taken, and of what is given back as less than nothing. */
  constructor(count: (bytes: number) => void) {
    this.#count = count;
  }

  get bytes(): number {
    return this.#bytes;
  }

  take(bytes: number): void {
    this.#bytes += bytes;
    this.#count(bytes);
  }

  /** All of it, for somebody else to give back. */
  move(): Room {
    const moved = new Room(this.#count);
    moved.#bytes = this.#bytes;
    this.#bytes = 0;
    return moved;
  }

  [Symbol.dispose](): void {
    this.#count(-this.#bytes);
    this.#bytes = 0;
  }
}
