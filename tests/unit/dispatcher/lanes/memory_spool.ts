/**
 * What a lane sees of a spool, in memory.
 *
 * @module
 */
import type { LaneSpool } from "../../../../src/dispatcher/lanes/lane_spool.ts";
import type {
  Attempt,
  Gap,
  Outcome,
  ReplayedEvent,
  SpooledEvent,
} from "../../../../src/spool/spool_types.ts";
import type { ManualClock } from "../../../support/manual_clock.ts";

/** Events that wait, and what became of them. */
export class MemorySpool implements LaneSpool {
  readonly #clock: ManualClock;
  readonly events: SpooledEvent[] = [];
  readonly replays: ReplayedEvent[] = [];
  readonly outcomes: Outcome[] = [];
  readonly attempts: Attempt[] = [];
  readonly #dropped = new Set<number>();
  /** As the spool, it is there until the outcome that tells of it is committed. */
  gap: Gap | undefined;
  hasRoom = true;
  readError: Error | undefined;
  /** How often the log was read. */
  readings = 0;

  constructor(clock: ManualClock) {
    this.#clock = clock;
  }

  /** Adds events that are received now. What stands before a colon in an id is its volume. */
  add(...ids: string[]): void {
    for (const id of ids) this.push({ id, payload: payloadOf(id) });
  }

  /** Adds an event. */
  push({ id, payload }: { id: string; payload: string }): void {
    const seq = this.events.length + 1;
    const receivedMs = this.#clock.now();
    this.events.push({ seq, id, receivedMs, event: "VOLUME_START", payload });
  }

  /** Queues an event to be posted once more. */
  replay(...ids: string[]): void {
    for (const id of ids) {
      const place = this.replays.length + 1;
      const receivedMs = this.#clock.now();
      const event = "VOLUME_STOP";
      this.replays.push({ seq: 1, id, receivedMs, event, payload: payloadOf(id), place });
    }
  }

  /** Drops events for want of room. */
  drop(...ids: string[]): void {
    for (const { id, seq } of this.events) if (ids.includes(id)) this.#dropped.add(seq);
  }

  /** What became of the events in their turn, in the order in which they ended. */
  get finished(): string[] {
    return this.outcomes.flatMap((outcome) => {
      if (outcome.kind !== "finished" || outcome.replay !== undefined) return [];
      return [this.#idOf(outcome.seq)];
    });
  }

  /** The events that the filter left out, in the order in which that was told. */
  get filtered(): string[] {
    return this.outcomes.flatMap((outcome) => {
      if (outcome.kind !== "filtered") return [];
      return outcome.ranges.flatMap(([from, to]) =>
        Array.from({ length: to - from + 1 }, (_, index) => this.#idOf(from + index))
      );
    });
  }

  /** The events that were given up on, and why. */
  get dead(): [id: string, reason: string][] {
    return this.outcomes.flatMap((outcome): [string, string][] =>
      outcome.kind === "finished" && outcome.deadLetter !== undefined
        ? [[this.#idOf(outcome.seq), outcome.deadLetter.reason]]
        : []
    );
  }

  readonly readWaiting: LaneSpool["readWaiting"] = (_webhook, { afterSeq, limit, maxBytes }) => {
    if (this.readError !== undefined) throw this.readError;
    this.readings++;
    let bytes = 0;
    const events = this.events.slice(afterSeq).filter(({ seq }) => !this.#dropped.has(seq))
      .slice(0, limit)
      .filter(({ payload }) => (bytes += payload.length) - payload.length < maxBytes);
    return { events, readTo: events.at(-1)?.seq ?? afterSeq };
  };

  readonly readReplays: LaneSpool["readReplays"] = (_webhook, { afterPlace, limit }) =>
    this.replays.filter(({ place }) => place > afterPlace).slice(0, limit);

  readonly isWaiting: LaneSpool["isWaiting"] = (_webhook, seq) => !this.#dropped.has(seq);

  readonly isReplayWaiting: LaneSpool["isReplayWaiting"] = (_webhook, { place }) =>
    this.replays.some((replay) => replay.place === place);

  readonly gapOf: LaneSpool["gapOf"] = () => this.gap;

  readonly describeGap: LaneSpool["describeGap"] = (_webhook, gap) => ({
    seq: 0,
    id: gap.id,
    receivedMs: gap.toMs,
    event: "EVENTING_GAP",
    payload: JSON.stringify({ id: gap.id, message: { missing: String(gap.events) } }),
  });

  readonly addOutcome: LaneSpool["addOutcome"] = (outcome) => void this.outcomes.push(outcome);
  readonly addAttempt: LaneSpool["addAttempt"] = (attempt) => void this.attempts.push(attempt);
  readonly mayPost: LaneSpool["mayPost"] = () => this.hasRoom;

  #idOf(seq: number): string {
    return this.events[seq - 1]?.id ?? `number ${seq}`;
  }
}

function payloadOf(id: string): string {
  const [volume] = id.includes(":") ? id.split(":") : [];
  const message = volume === undefined || volume === "" ? {} : { name: volume };
  return JSON.stringify({ id, event_group: "VOLUME", message });
}
