/**
 * Which events of the log a lane leaves out, and how the spool is told of them.
 *
 * @module
 */
import { compileWebhookFilter, type WebhookFilter } from "../../event/webhook_filter.ts";
import type { Webhook } from "../../registry/schema.ts";
import type { SpooledEvent } from "../../spool/spool_types.ts";
import type { LaneSpool } from "./lane_spool.ts";

/** The filter of one lane's webhook. */
export class LaneFilter {
  readonly #addOutcome: LaneSpool["addOutcome"];
  #webhook: Webhook;
  #isWanted: WebhookFilter | undefined;
  /** Places that are left out and that the spool was not told of yet, neighbours as one range. */
  #ranges: [from: number, to: number][] = [];

  constructor(webhook: Webhook, addOutcome: LaneSpool["addOutcome"]) {
    this.#addOutcome = addOutcome;
    this.#webhook = webhook;
    this.#isWanted = compileWebhookFilter(webhook.wanted);
  }

  /** Whether it leaves anything out. */
  get isSet(): boolean {
    return this.#isWanted !== undefined;
  }

  /** Takes changed settings over. @returns Whether other events are wanted than before. */
  update(webhook: Webhook): boolean {
    const isSame = JSON.stringify(webhook.wanted) === JSON.stringify(this.#webhook.wanted);
    this.#webhook = webhook;
    if (!isSame) this.#isWanted = compileWebhookFilter(webhook.wanted);
    return !isSame;
  }

  /** The events that are wanted; of the others takes note. */
  select(events: readonly SpooledEvent[]): readonly SpooledEvent[] {
    return this.isSet ? events.filter((event) => this.takes(event)) : events;
  }

  /** Whether an event is wanted; takes note of it if not. */
  takes(event: SpooledEvent): boolean {
    if (this.#isWanted === undefined || this.#isWanted(event)) return true;
    const last = this.#ranges.at(-1);
    // Only what was looked at: what lies between may be on its way.
    if (last?.[1] === event.seq - 1) last[1] = event.seq;
    else this.#ranges.push([event.seq, event.seq]);
    return false;
  }

  /** Tells the spool what was left out since this was last done, all of it at once. */
  tell(): void {
    if (this.#ranges.length === 0) return;
    const ranges = this.#ranges;
    this.#ranges = [];
    this.#addOutcome({ kind: "filtered", webhook: this.#webhook.name, ranges });
  }
}
