/**
 * The spool as plain lists in memory: slow, easy to believe, and asked after each random step
 * whether the real one agrees.
 *
 * @module
 */
import type { CursorOwner } from "../../src/spool/cursors.ts";
import type {
  CursorState,
  NewEvent,
  Outcome,
  Pause,
  SpoolBatch,
} from "../../src/spool/spool_types.ts";

/** A webhook: which places wait, are dead letters or are replayed. */
export interface ModelWebhook {
  name: string;
  url: string;
  startSeq: number;
  waiting: number[];
  /** Whether each counts as one that matched, by place. */
  letters: Map<number, { counted: number; givenUpMs: number }>;
  /** In the order in which they were queued. */
  replays: { seq: number; counted: number }[];
  delivered: number;
  dead: number;
  dropped: number;
  filtered: number;
  replayed: number;
  pause: Pause | undefined;
  /** How many dropped events it was not told of. */
  gapEvents: number;
}

type Finish = Extract<Outcome, { kind: "finished" }>;
type Filter = Extract<Outcome, { kind: "filtered" }>;

/** What the webhooks of some names want; the others want all. */
export function filterOf(name: string): ((event: NewEvent) => boolean) | undefined {
  if (name === "b") return ({ event }) => event !== "PEER_CONNECT";
  return name === "c" ? () => false : undefined;
}

/** All that the spool should know. */
export class SpoolModel {
  /** All events that ever were; place 1 comes first. */
  readonly events: NewEvent[] = [];
  /** The places of events that went with a damaged file. */
  readonly forgotten = new Set<number>();
  refused = 0;
  lost = 0;
  webhooks: ModelWebhook[] = [];

  get lastSeq(): number {
    return this.events.length;
  }

  find(name: string): ModelWebhook | undefined {
    return this.webhooks.find((webhook) => webhook.name === name);
  }

  /** Takes over a batch. */
  commit(batch: SpoolBatch): void {
    for (const event of batch.events) {
      this.events.push(event);
      for (const { waiting } of this.webhooks) waiting.push(this.lastSeq);
    }
    this.refused += batch.refused;
    this.lost += batch.lost;
    for (const outcome of batch.outcomes) this.#apply(outcome);
  }

  #apply(outcome: Outcome): void {
    const webhook = this.find(outcome.webhook);
    if (webhook === undefined) return;
    if (outcome.kind === "finished") finish(webhook, outcome);
    else if (outcome.kind === "filtered") filterOut(webhook, outcome.ranges);
    else if (outcome.kind === "paused") webhook.pause ??= outcome.pause;
    else if (outcome.kind === "resumed") webhook.pause = undefined;
    else webhook.gapEvents = 0;
  }

  /** Keeps by name, then by URL, and adds the rest. */
  setWebhooks(wanted: readonly CursorOwner[], keepGone: boolean): void {
    const gone = this.webhooks.filter(({ name }) => !wanted.some((owner) => owner.name === name));
    for (const { name, url } of wanted) {
      const known = this.find(name);
      if (known !== undefined) {
        if (known.url !== url) known.pause = undefined;
        known.url = url;
        continue;
      }
      const renamed = gone.findIndex((webhook) => webhook.url === url);
      const [old] = renamed < 0 ? [] : gone.splice(renamed, 1);
      if (old === undefined) this.webhooks.push(newWebhook({ name, url }, this.lastSeq));
      else old.name = name;
    }
    if (!keepGone) this.webhooks = this.webhooks.filter((webhook) => !gone.includes(webhook));
  }

  /** What waits is kept, and what was kept for looking back and for replays is gone. */
  loseFile(): void {
    for (const webhook of this.webhooks) {
      const matched = webhook.replays.filter(({ counted }) => counted === 1).length;
      webhook.dropped += matched;
      webhook.gapEvents += matched;
      webhook.replays = [];
      webhook.letters.clear();
    }
    const needed = this.needed();
    for (let seq = 1; seq <= this.lastSeq; seq++) if (!needed.has(seq)) this.forgotten.add(seq);
  }

  /** The places of the events that somebody needs. */
  needed(): Set<number> {
    return new Set(this.webhooks.flatMap(({ waiting, letters, replays }) => {
      return [...waiting, ...letters.keys(), ...replays.map(({ seq }) => seq)];
    }));
  }

  /** Where a webhook should stand, apart from its gap. */
  stateOf(webhook: ModelWebhook): Omit<CursorState, "gap"> {
    const { name, startSeq, waiting, delivered, dead, dropped, filtered, pause } = webhook;
    const matched = webhook.replays.filter(({ counted }) => counted === 1).length;
    const [oldest] = waiting;
    const oldestPendingMs = oldest === undefined ? undefined : this.events[oldest - 1]?.receivedMs;
    return {
      ...{ webhook: name, startSeq, delivered, dead, dropped, filtered },
      replayed: webhook.replayed,
      doneSeq: oldest === undefined ? this.lastSeq : oldest - 1,
      pending: waiting.length + matched,
      replaying: webhook.replays.length - matched,
      ...(oldestPendingMs === undefined ? {} : { oldestPendingMs }),
      ...(pause === undefined ? {} : { pause }),
    };
  }
}

/**
 * Queues what does not wait anyway.
 *
 * @param isWanted What the filter says; what waits and is not wanted does not come in its turn.
 */
export function queueInModel(
  webhook: ModelWebhook,
  seqs: readonly number[],
  isWanted: (seq: number) => boolean,
): number[] {
  for (const seq of seqs) if (!isWanted(seq)) filterOut(webhook, [[seq, seq]]);
  const queued = seqs.filter((seq, index) =>
    seqs.indexOf(seq) === index && !webhook.waiting.includes(seq) &&
    !webhook.replays.some((replay) => replay.seq === seq)
  );
  for (const seq of queued) {
    const counted = webhook.letters.get(seq)?.counted ?? 0;
    webhook.letters.delete(seq);
    webhook.dead -= counted;
    webhook.replays.push({ seq, counted });
  }
  return queued;
}

/** Drops so many of the oldest that wait, and filters so many of those out. */
export function dropInModel(
  webhook: ModelWebhook,
  { dropped, filtered }: { dropped: number; filtered: number },
): number[] {
  webhook.dropped += dropped;
  webhook.gapEvents += dropped;
  webhook.filtered += filtered;
  return webhook.waiting.splice(0, dropped + filtered);
}

/** Takes out what waits in these ranges. */
function filterOut(webhook: ModelWebhook, ranges: Filter["ranges"]): void {
  const left = webhook.waiting.filter((seq) =>
    !ranges.some(([from, to]) => from <= seq && seq <= to)
  );
  webhook.filtered += webhook.waiting.length - left.length;
  webhook.waiting = left;
}

function finish(webhook: ModelWebhook, { seq, replay, deadLetter }: Finish): void {
  const list = replay === undefined
    ? webhook.waiting
    : webhook.replays.map((replayed) => replayed.seq);
  const at = list.indexOf(seq);
  if (at < 0) return;
  const [ended] = replay === undefined ? [] : webhook.replays.splice(at, 1);
  if (replay === undefined) webhook.waiting.splice(at, 1);
  const counted = ended?.counted ?? 1;
  if (deadLetter === undefined) {
    webhook.delivered += counted;
    webhook.replayed += 1 - counted;
  } else {
    webhook.dead += counted;
    webhook.letters.set(seq, { counted, givenUpMs: deadLetter.givenUpMs });
  }
}

function newWebhook({ name, url }: CursorOwner, startSeq: number): ModelWebhook {
  const counts = { delivered: 0, dead: 0, dropped: 0, filtered: 0, replayed: 0, gapEvents: 0 };
  const lists = { waiting: [], letters: new Map(), replays: [] };
  return { name, url, startSeq, ...lists, ...counts, pause: undefined };
}
