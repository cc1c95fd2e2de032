/**
 * Received events as rows that line up although they come one by one.
 *
 * @module
 */
import type { ReceivedEvent } from "../testhook/received_event.ts";
import { EVENT_COLUMN, GrowingColumns, NODE_COLUMN } from "./growing_columns.ts";
import { toVisible } from "../std/plain_text.ts";

const TIME_WIDTH = 8;
const VERIFIED = "VERIFIED";

/** What there is to say of an event beside itself. */
export interface Remarks {
  /** Why its request could not be verified; empty if it was. */
  readonly reason?: string;
  /** What is odd about it. */
  readonly marks?: readonly string[];
}

/** Renders events as rows; a column that proves too narrow is wider from then on. */
export class EventColumns {
  readonly #columns: GrowingColumns;
  readonly #isVerifying: boolean;

  /** @param isVerifying Whether rows say if the request was verified. */
  constructor({ isVerifying = false }: { readonly isVerifying?: boolean } = {}) {
    this.#isVerifying = isVerifying;
    this.#columns = new GrowingColumns([
      { title: "TIME", width: TIME_WIDTH },
      EVENT_COLUMN,
      NODE_COLUMN,
      ...(isVerifying ? [{ title: VERIFIED, width: VERIFIED.length }] : []),
    ]);
  }

  /** The headings. */
  heading(): string {
    return this.#columns.heading("MESSAGE");
  }

  /** An event's row: local time, name, node (its host name, else its UUID), message. */
  row(
    { receivedMs, event, node, host = node, message }: ReceivedEvent,
    { reason = "", marks = [] }: Remarks = {},
  ): string {
    const remarks = [...(reason === "" ? [] : [reason]), ...marks];
    return this.#columns.row([
      new Date(receivedMs).toTimeString().slice(0, TIME_WIDTH),
      toVisible(event),
      toVisible(host),
      ...(this.#isVerifying ? [reason === "" ? "yes" : "NO"] : []),
      [...remarks.map((remark) => `[${remark}]`), message].map(toVisible).join(" "),
    ]);
  }
}
