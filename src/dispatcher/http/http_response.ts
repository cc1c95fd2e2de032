/**
 * Reads the answer to a request as it comes, piece by piece.
 *
 * @module
 */
import {
  checkBeginning,
  framingOf,
  type Head,
  isInterim,
  keepsConnection,
  parseHead,
  ProtocolError,
} from "./http_head.ts";
import { KEPT_OF_A_BODY, MOST_OF_A_BODY, toAnswer } from "./request_result.ts";

/** With the interim answers before it. */
const MOST_OF_HEADS = 65_536;
const MOST_OF_A_CHUNK_LINE = 256;

// One character for each byte, so that places in the text are places in the bytes.
const latin1 = new TextDecoder("latin1");

type Part = "head" | "body" | "until close" | "chunk size" | "chunk" | "chunk end" | "trailer";

/** One answer. Bytes go in with `push` until it `isDone`. */
export class ResponseReader {
  #part: Part | "done" = "head";
  #head: Head | undefined;
  #text = "";
  #headBytes = 0;
  /** What is still to come of the body or the chunk. */
  #left = 0;
  #bodyBytes = 0;
  readonly #kept: Uint8Array[] = [];
  #keptBytes = 0;
  #isWhole = false;
  #hasSurplus = false;

  /** Set once all of it has come. */
  get head(): Head | undefined {
    return this.#head;
  }

  /** Nothing more is read, because it has ended or because it is too long. */
  get isDone(): boolean {
    return this.#part === "done";
  }

  /** Whether another request may follow on the connection. */
  get isReusable(): boolean {
    return this.#isWhole && !this.#hasSurplus && this.#head !== undefined &&
      keepsConnection(this.#head);
  }

  /** The beginning of the body as text; nothing if it is packed, which nobody asked for. */
  get answer(): string {
    if (this.#keptBytes === 0 || this.#head?.get("content-encoding") !== undefined) return "";
    return toAnswer(this.#kept);
  }

  /**
   * Takes what came next.
   *
   * @throws {ProtocolError} If the head is none; afterwards, what is wrong only ends the reading.
   */
  push(bytes: Uint8Array): void {
    let rest = bytes;
    while (rest.length > 0 && this.#part !== "done") rest = this.#take(rest);
    if (rest.length > 0) this.#hasSurplus = true;
  }

  /** Takes note that nothing more will come. @returns Whether there is an answer. */
  end(): boolean {
    this.#part = "done";
    return this.#head !== undefined;
  }

  #take(bytes: Uint8Array): Uint8Array {
    switch (this.#part) {
      case "head":
        return this.#takeHead(bytes);
      case "chunk size":
      case "chunk end":
      case "trailer":
        return this.#takeLine(bytes);
      default:
        return this.#takeBody(bytes);
    }
  }

  #takeHead(bytes: Uint8Array): Uint8Array {
    const before = this.#text.length;
    this.#text += latin1.decode(bytes);
    // The end may lie across two pieces.
    const end = /\n\r?\n/g;
    end.lastIndex = Math.max(0, before - 2);
    const match = end.exec(this.#text);
    const length = match === null ? this.#text.length : end.lastIndex;
    if (this.#headBytes + length > MOST_OF_HEADS) {
      throw new ProtocolError(`the answer has more than ${MOST_OF_HEADS} bytes of headers`);
    }
    if (match === null) {
      checkBeginning(this.#text);
      return bytes.subarray(bytes.length);
    }
    this.#headBytes += length;
    const head = parseHead(this.#text.slice(0, match.index + 1));
    this.#text = "";
    if (!isInterim(head)) this.#beginBody(head);
    return bytes.subarray(length - before);
  }

  #beginBody(head: Head): void {
    const framing = framingOf(head);
    this.#head = head;
    if (framing.kind === "close") {
      this.#part = "until close";
      this.#left = Infinity;
    } else if (framing.kind === "chunked") {
      this.#part = "chunk size";
    } else if (framing.bytes === 0) {
      this.#finish();
    } else {
      this.#part = "body";
      this.#left = framing.bytes;
    }
  }

  #takeBody(bytes: Uint8Array): Uint8Array {
    const own = bytes.subarray(0, Math.min(bytes.length, this.#left));
    this.#keep(own);
    this.#left -= own.length;
    if (this.#bodyBytes > MOST_OF_A_BODY) this.#part = "done";
    else if (this.#left === 0 && this.#part === "chunk") this.#part = "chunk end";
    else if (this.#left === 0) this.#finish();
    return bytes.subarray(own.length);
  }

  #keep(bytes: Uint8Array): void {
    this.#bodyBytes += bytes.length;
    const room = KEPT_OF_A_BODY - this.#keptBytes;
    if (room <= 0) return;
    // What is read next comes into the same memory.
    const kept = bytes.slice(0, room);
    this.#kept.push(kept);
    this.#keptBytes += kept.length;
  }

  #takeLine(bytes: Uint8Array): Uint8Array {
    const end = bytes.indexOf(0x0a);
    const length = end === -1 ? bytes.length : end + 1;
    this.#text += latin1.decode(bytes.subarray(0, length));
    if (this.#text.length > MOST_OF_A_CHUNK_LINE) {
      this.#part = "done";
    } else if (end !== -1) {
      const line = this.#text.replace(/\r?\n$/, "");
      this.#text = "";
      this.#endLine(line);
    }
    return bytes.subarray(length);
  }

  #endLine(line: string): void {
    if (this.#part === "trailer") {
      this.#headBytes += line.length;
      if (line === "") this.#finish();
      else if (this.#headBytes > MOST_OF_HEADS) this.#part = "done";
      return;
    }
    if (this.#part === "chunk end") {
      this.#part = line === "" ? "chunk size" : "done";
      return;
    }
    const [, size] = /^([0-9A-Fa-f]{1,12})[ \t]*(?:;.*)?$/.exec(line) ?? [];
    this.#left = parseInt(size ?? "", 16);
    // The status has come; a chunk that makes no sense only ends the reading.
    if (Number.isNaN(this.#left)) this.#part = "done";
    else this.#part = this.#left === 0 ? "trailer" : "chunk";
  }

  #finish(): void {
    this.#part = "done";
    this.#isWhole = true;
  }
}
