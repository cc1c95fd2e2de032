/**
 * Reads the events that another daemon sends as `text/event-stream` (the HTML standard, 9.2.6).
 *
 * @module
 */
import type { StreamItem } from "./event_stream.ts";
import { NOTICE_TYPE } from "./server_sent.ts";

/** An event is at most a datagram, and as JSON several times as long. */
const MOST_CHARACTERS = 2 ** 20;

/** What came is no stream of events. */
export class StreamFormatError extends Error {
  override readonly name = "StreamFormatError";
}

/** Takes bytes as they come, and gives whole items. */
export class StreamItemReader {
  readonly #decoder = new TextDecoder("utf-8", { fatal: true });
  #text = "";
  #id = "";
  #type = "";
  #data = "";
  #items: StreamItem[] = [];

  /** Takes what came next. @throws {Error} If it is nothing that a daemon sends. */
  push(bytes: Uint8Array<ArrayBuffer>): void {
    const lines = (this.#text + this.#decoder.decode(bytes, { stream: true })).split("\n");
    this.#text = lines.pop() ?? "";
    for (const line of lines) this.#takeLine(line.replace(/\r$/, ""));
    if (this.#text.length + this.#data.length > MOST_CHARACTERS) {
      throw new StreamFormatError(`an event is longer than ${MOST_CHARACTERS} characters`);
    }
  }

  /** What is whole by now, once. */
  take(): readonly StreamItem[] {
    const items = this.#items;
    this.#items = [];
    return items;
  }

  #takeLine(line: string): void {
    if (line === "") return this.#endItem();
    const [, name = "", value = ""] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
    if (name === "id") this.#id = value;
    else if (name === "event") this.#type = value;
    else if (name === "data") this.#data += value;
  }

  #endItem(): void {
    const [type, data] = [this.#type, this.#data];
    const position = this.#id === "" ? undefined : this.#id;
    this.#type = "";
    this.#data = "";
    if (data === "") return;
    const value: unknown = JSON.parse(data);
    if (typeof value !== "object" || value === null) {
      throw new StreamFormatError("an event is no JSON object");
    }
    // Who sends it was asked as one of the same pool, and is of this program.
    if (type === NOTICE_TYPE) {
      const notice = value as Extract<StreamItem, { kind: "notice" }>["notice"];
      this.#items.push({ kind: "notice", notice, ...(position === undefined ? {} : { position }) });
    } else if (type === "" && position !== undefined) {
      const event = value as Extract<StreamItem, { kind: "event" }>["event"];
      this.#items.push({ kind: "event", event, position });
    }
  }
}
