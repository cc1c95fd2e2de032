/**
 * A stream of events as it comes over HTTP.
 *
 * @module
 */
import type { StreamItem, StreamNotice } from "./event_stream.ts";
import { readServerSent, type ServerSentMessage } from "./read_server_sent.ts";
import { NOTICE_TYPE } from "./server_sent.ts";
import type { HistoryEvent } from "./spool_reports.ts";

/** Takes notice when nothing comes for too long. */
export class SilenceWatch implements Disposable {
  readonly #silence = new AbortController();
  #timer: number | undefined;
  #isHeard = false;

  /** @param limitMs How long is too long at first. */
  constructor(limitMs: number) {
    this.#wait(limitMs);
  }

  /** Aborted with a `TimeoutError` when it was too long. */
  get signal(): AbortSignal {
    return this.#silence.signal;
  }

  /** Whether something came. */
  get isHeard(): boolean {
    return this.#isHeard;
  }

  /** Something came; something else has to come within the time. */
  heard(limitMs: number): void {
    this.#isHeard = true;
    this.#wait(limitMs);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }

  #wait(limitMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => this.#silence.abort(new DOMException("Nothing came", "TimeoutError")),
      limitMs,
    );
  }
}

/**
 * Reads what a stream sends, until its end.
 *
 * @param onSign Called whenever something came, be it only a sign of life.
 * @throws {ServerSentError | SyntaxError} If it is no such stream.
 */
export async function* readItems(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  onSign: () => void,
): AsyncGenerator<StreamItem> {
  for await (const message of readServerSent(body, onSign)) yield toItem(message);
}

function toItem({ type, data, id }: ServerSentMessage): StreamItem {
  if (type !== NOTICE_TYPE) {
    return { kind: "event", event: JSON.parse(data) as HistoryEvent, position: id };
  }
  const notice = JSON.parse(data) as StreamNotice;
  return { kind: "notice", notice, ...(id === "" ? {} : { position: id }) };
}
