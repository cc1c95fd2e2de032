/**
 * Received events as rows that line up although they come one by one.
 *
 * @module
 */
import type { ReceivedEvent } from "../testhook/received_event.ts";
import { padText } from "./render_table.ts";
import { toVisible } from "../std/plain_text.ts";

const TIME_WIDTH = 8;

/** Renders events as rows; a column that proves too narrow is wider from then on. */
export class EventColumns {
  #eventWidth = 24;
  #nodeWidth = 12;

  /** The headings. */
  heading(): string {
    return this.#row("TIME", "EVENT", "NODE", "MESSAGE");
  }

  /** An event's row: local time, name, node (its host name, else its UUID), message. */
  row({ receivedMs, event, node, host = node, message }: ReceivedEvent): string {
    const name = toVisible(event);
    const place = toVisible(host);
    this.#eventWidth = Math.max(this.#eventWidth, Math.min(name.length, 48));
    this.#nodeWidth = Math.max(this.#nodeWidth, Math.min(place.length, 36));
    const time = new Date(receivedMs).toTimeString().slice(0, TIME_WIDTH);
    return this.#row(time, name, place, toVisible(message));
  }

  #row(time: string, event: string, node: string, message: string): string {
    return [
      padText(time, TIME_WIDTH),
      padText(event, this.#eventWidth),
      padText(node, this.#nodeWidth),
      message,
    ].join("  ").trimEnd();
  }
}
