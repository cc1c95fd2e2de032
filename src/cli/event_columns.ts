/**
 * Received events as rows that line up although they come one by one.
 *
 * @module
 */
import type { ReceivedEvent } from "../testhook/received_event.ts";
import { padText } from "./render_table.ts";
import { toVisible } from "../std/plain_text.ts";

const TIME_WIDTH = 8;
const VERIFIED_WIDTH = 8;

/** What there is to say of an event beside itself. */
export interface Remarks {
  /** Why its request could not be verified; empty if it was. */
  readonly reason?: string;
  /** What is odd about it. */
  readonly marks?: readonly string[];
}

/** Renders events as rows; a column that proves too narrow is wider from then on. */
export class EventColumns {
  #eventWidth = 24;
  #nodeWidth = 12;
  readonly #isVerifying: boolean;

  /** @param isVerifying Whether rows say if the request was verified. */
  constructor({ isVerifying = false }: { readonly isVerifying?: boolean } = {}) {
    this.#isVerifying = isVerifying;
  }

  /** The headings. */
  heading(): string {
    return this.#row({
      time: "TIME",
      event: "EVENT",
      node: "NODE",
      verified: "VERIFIED",
      message: "MESSAGE",
    });
  }

  /** An event's row: local time, name, node (its host name, else its UUID), message. */
  row(
    { receivedMs, event, node, host = node, message }: ReceivedEvent,
    { reason = "", marks = [] }: Remarks = {},
  ): string {
    const name = toVisible(event);
    const place = toVisible(host);
    this.#eventWidth = Math.max(this.#eventWidth, Math.min(name.length, 48));
    this.#nodeWidth = Math.max(this.#nodeWidth, Math.min(place.length, 36));
    const remarks = [...(reason === "" ? [] : [reason]), ...marks];
    return this.#row({
      time: new Date(receivedMs).toTimeString().slice(0, TIME_WIDTH),
      event: name,
      node: place,
      verified: reason === "" ? "yes" : "NO",
      message: [...remarks.map((remark) => `[${remark}]`), message].map(toVisible).join(" "),
    });
  }

  #row(cells: {
    readonly time: string;
    readonly event: string;
    readonly node: string;
    readonly verified: string;
    readonly message: string;
  }): string {
    const { time, event, node, verified, message } = cells;
    return [
      padText(time, TIME_WIDTH),
      padText(event, this.#eventWidth),
      padText(node, this.#nodeWidth),
      ...(this.#isVerifying ? [padText(verified, VERIFIED_WIDTH)] : []),
      message,
    ].join("  ").trimEnd();
  }
}
