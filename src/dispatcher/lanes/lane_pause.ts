/**
 * Whether a lane is paused: by hand, which the registry says, or because the receiver answered 410,
 * which the spool remembers.
 *
 * @module
 */
import type { Webhook } from "../../registry/schema.ts";
import type { Outcome, Pause } from "../../spool/spool_types.ts";
import type { LaneNotice } from "./lane_notice.ts";

/** Whom a pause is told to. */
export interface LanePauseDeps {
  readonly now: () => number;
  readonly addOutcome: (outcome: Outcome) => void;
  readonly notify: (notice: LaneNotice) => void;
}

const BY_HAND = "by hand";

/** The pause of one lane. */
export class LanePause {
  readonly #deps: LanePauseDeps;
  #pause: Pause | undefined;

  /** @param pause One that the daemon before had begun. */
  constructor(pause: Pause | undefined, deps: LanePauseDeps) {
    this.#pause = pause;
    this.#deps = deps;
  }

  /** Set while nothing is to be posted. */
  get inForce(): Pause | undefined {
    return this.#pause;
  }

  /** Tells of the pause that there is from the start. */
  tell({ name: webhook }: Webhook): void {
    if (this.#pause === undefined) return;
    this.#deps.notify({ kind: "webhook_paused", webhook, reason: this.#pause.reason });
  }

  /** Begins because of what the receiver answered. */
  begin({ name: webhook }: Webhook, reason: string): void {
    if (this.#pause !== undefined) return;
    const { now, addOutcome, notify } = this.#deps;
    this.#pause = { sinceMs: now(), reason };
    addOutcome({ kind: "paused", webhook, pause: this.#pause });
    notify({ kind: "webhook_paused", webhook, reason });
  }

  /** Follows the registry. */
  takeByHand({ name: webhook, paused }: Webhook): void {
    const { now, notify } = this.#deps;
    if (paused && this.#pause === undefined) {
      this.#pause = { sinceMs: now(), reason: BY_HAND };
      notify({ kind: "webhook_paused", webhook, reason: BY_HAND });
    } else if (!paused && this.#pause?.reason === BY_HAND) {
      this.#pause = undefined;
      notify({ kind: "webhook_resumed", webhook });
    }
  }

  /** Another receiver has not said 410; the spool forgets it with the URL. */
  forgetReceiver({ name: webhook, paused }: Webhook): void {
    if (this.#pause === undefined || this.#pause.reason === BY_HAND) return;
    this.#pause = undefined;
    if (!paused) this.#deps.notify({ kind: "webhook_resumed", webhook });
  }

  /** Ends because somebody wants it. */
  end({ name: webhook }: Webhook): void {
    if (this.#pause === undefined) return;
    this.#pause = undefined;
    this.#deps.addOutcome({ kind: "resumed", webhook });
    this.#deps.notify({ kind: "webhook_resumed", webhook });
  }
}
