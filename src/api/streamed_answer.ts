/**
 * The body of an answer that comes in chunks without an end (RFC 9112, 7.1), piece by piece.
 *
 * @module
 */
import { framingOf, type Head, parseHead, ProtocolError } from "../dispatcher/http/http_head.ts";

const MOST_OF_A_HEAD = 16 * 1024;
const MOST_OF_A_LINE = 256;
const LINE_END = 0x0a;

// One character for each byte.
const latin1 = new TextDecoder("latin1");

type Part = "head" | "size" | "data" | "data end" | "trailer" | "done";

/** Reads the head and then the body of one answer. */
export class StreamedAnswer {
  #part: Part = "head";
  #head: Head | undefined;
  #text = "";
  /** What is still to come of a chunk. */
  #left = 0;

  /** Set once all of it has come. */
  get head(): Head | undefined {
    return this.#head;
  }

  /** Whether the body has ended. */
  get isDone(): boolean {
    return this.#part === "done";
  }

  /**
   * Takes what came next.
   *
   * @returns What of it belongs to the body; it lies in the same memory.
   * @throws {ProtocolError} If it is no answer, or one of another kind.
   */
  push(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>[] {
    const pieces: Uint8Array<ArrayBuffer>[] = [];
    let rest = bytes;
    while (rest.length > 0 && this.#part !== "done") {
      if (this.#part === "data") {
        const own = rest.subarray(0, this.#left);
        this.#left -= own.length;
        if (this.#left === 0) this.#part = "data end";
        pieces.push(own);
        rest = rest.subarray(own.length);
      } else rest = this.#takeLine(rest);
    }
    return pieces;
  }

  #takeLine(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    const end = bytes.indexOf(LINE_END);
    const length = end === -1 ? bytes.length : end + 1;
    this.#text += latin1.decode(bytes.subarray(0, length));
    if (this.#text.length > (this.#part === "head" ? MOST_OF_A_HEAD : MOST_OF_A_LINE)) {
      throw new ProtocolError("the answer has a line that is too long");
    }
    if (end !== -1) this.#endLine();
    return bytes.subarray(length);
  }

  #endLine(): void {
    if (this.#part === "head") {
      if (/\n\r?\n$/.test(this.#text)) this.#endHead();
      return;
    }
    const line = this.#text.replace(/\r?\n$/, "");
    this.#text = "";
    if (this.#part === "size") {
      const [, size] = /^([0-9A-Fa-f]{1,8})[ \t]*(?:;.*)?$/.exec(line) ?? [];
      if (size === undefined) throw new ProtocolError("the answer has a chunk without a length");
      this.#left = parseInt(size, 16);
      this.#part = this.#left === 0 ? "trailer" : "data";
    } else if (line === "") this.#part = this.#part === "trailer" ? "done" : "size";
    else if (this.#part === "data end") throw new ProtocolError("a chunk is longer than it says");
  }

  #endHead(): void {
    const head = parseHead(this.#text.replace(/\r?\n$/, ""));
    this.#text = "";
    const { kind } = framingOf(head);
    // Of other kinds only the status is wanted.
    this.#part = kind === "chunked" ? "size" : "done";
    if (kind !== "chunked" && head.status === 200) {
      throw new ProtocolError("the answer does not come in chunks");
    }
    this.#head = head;
  }
}
