/**
 * Random lives of a spool beside a plain model of it: whatever happens, they agree.
 *
 * @module
 */
import { SpoolError } from "../../src/spool/errors.ts";
import { queueReplays } from "../../src/spool/replays.ts";
import type { Outcome, SpoolBatch } from "../../src/spool/spool_types.ts";
import { assert, assertEquals, assertThrows } from "../support/assert.ts";
import { type Random, withRandom } from "../support/random.ts";
import {
  assertAddsUp,
  batchOf,
  makeAttempt,
  makeEvent,
  makeEvents,
  readAllWaiting,
  SpoolBench,
  START_MS,
} from "../support/spool_bench.ts";
import { assertForgotten } from "../support/spool_forgetting.ts";
import { filterOf, type ModelWebhook, queueInModel, SpoolModel } from "../support/spool_model.ts";

const NAMES = ["a", "b", "c", "d"];

const OFTEN = Array<"commit">(8).fill("commit");
const STEPS = [
  ...OFTEN,
  ...["replay", "replay", "forget", "forget", "failToCommit", "changeWebhooks"] as const,
  ...["reopen", "crash", "loseFile"] as const,
];

/** A spool, what it should be, and the chance that decides what happens to both. */
class Life {
  readonly bench: SpoolBench;
  readonly model = new SpoolModel();
  readonly #random: Random;
  #urls = 0;

  constructor(bench: SpoolBench, random: Random) {
    this.bench = bench;
    this.#random = random;
  }

  /** Does something to both, and tells what. */
  async step(): Promise<string> {
    const random = this.#random;
    this.bench.nowMs += random.below(5000);
    const step = random.pick(STEPS);
    await this[step]();
    return step;
  }

  commit(): void {
    const batch = this.#batch();
    this.bench.spool.commit(batch);
    this.model.commit(batch);
  }

  failToCommit(): void {
    const attempts = [{ ...makeAttempt(1), result: null as unknown as string }];
    const batch = { ...this.#batch(), attempts };
    assertThrows(() => this.bench.spool.commit(batch), SpoolError, "Cannot write");
  }

  replay(): void {
    const webhook = this.#webhook();
    if (webhook === undefined) return;
    const places = this.bench.places();
    const seqs = this.#random.shuffled(places).slice(0, this.#random.below(6));
    const isWanted = filterOf(webhook.name) ?? (() => true);
    const request = { webhook: webhook.name, seqs, isWanted };
    const dry = queueReplays(this.bench.spool, { ...request, isDryRun: true });
    if (this.#random.chance(0.2)) return;
    const count = queueReplays(this.bench.spool, { ...request, isDryRun: false });
    assertEquals(count, dry);
    const isPlaceWanted = (seq: number) => isWanted(this.model.events[seq - 1] ?? makeEvent(seq));
    assertEquals(count.queued, queueInModel(webhook, seqs, isPlaceWanted));
  }

  forget(): void {
    const random = this.#random;
    assertForgotten(this.bench, this.model, {
      keepFromMs: random.chance(0.5) ? 0 : this.bench.nowMs - random.below(100_000),
      historyMaxBytes: random.chance(0.5) ? 1e12 : random.below(5000),
      spoolMaxBytes: random.chance(0.8) ? 1e12 : 0,
      limit: 1 + random.below(8),
    });
  }

  changeWebhooks(): void {
    const random = this.#random;
    const names = random.shuffled(NAMES).slice(0, 1 + random.below(NAMES.length));
    const [kept, gone] = [true, false].map((isKept) =>
      this.model.webhooks.filter(({ name }) => names.includes(name) === isKept)
    ) as [ModelWebhook[], ModelWebhook[]];
    // No two have one URL, but names and URLs change hands.
    const keptUrls = kept.map(({ url }) => random.chance(0.2) ? this.#newUrl() : url);
    const urls = random.chance(0.2) ? random.shuffled(keptUrls) : keptUrls;
    const left = gone.map(({ url }) => url);
    const wanted = names.map((name) => {
      const at = kept.findIndex((webhook) => webhook.name === name);
      const taken = random.chance(0.5) ? left.pop() : undefined;
      return { name, url: urls[at] ?? taken ?? this.#newUrl() };
    });
    const keepGone = random.chance(0.3);
    const dropped = this.bench.spool.setWebhooks(wanted, { keepGone });
    const before = this.model.webhooks.map(({ name }) => name);
    this.model.setWebhooks(wanted, keepGone);
    assert(dropped.every(({ webhook }) => before.includes(webhook)), `dropped ${dropped}`);
  }

  reopen(): void {
    this.bench.reopen();
  }

  async crash(): Promise<void> {
    await this.bench.crash();
  }

  /** Damages the table of the dead letters, and has it found. */
  loseFile(): void {
    if (this.#random.chance(0.8)) return;
    this.bench.damage("dead_letters");
    const found = this.bench.setAside.length;
    this.bench.spool.change("find", (database) => void database.all("SELECT * FROM dead_letters"));
    assertEquals(this.bench.setAside.length, found + 1);
    this.model.loseFile();
  }

  #newUrl(): string {
    return `http://${++this.#urls}/`;
  }

  #webhook(): ModelWebhook | undefined {
    return this.model.webhooks.length === 0 ? undefined : this.#random.pick(this.model.webhooks);
  }

  #batch(): SpoolBatch {
    const random = this.#random;
    const { lastSeq } = this.model;
    return batchOf({
      events: makeEvents(lastSeq + 1, lastSeq + random.below(7)).map((event) => ({
        ...event,
        receivedMs: this.bench.nowMs,
      })),
      outcomes: Array.from({ length: random.below(8) }, () => this.#outcome()),
      attempts: random.chance(0.5) ? [makeAttempt(random.below(10))] : [],
      refused: random.below(2),
      lost: random.below(2),
    });
  }

  #outcome(): Outcome {
    const random = this.#random;
    const name = random.pick([...NAMES, "unknown"]);
    if (random.chance(0.1)) return { kind: "resumed", webhook: name };
    if (random.chance(0.1)) {
      return { kind: "paused", webhook: name, pause: { reason: "x", sinceMs: START_MS } };
    }
    if (random.chance(0.2)) return { kind: "filtered", webhook: name, ranges: this.#ranges() };
    const gap = this.bench.spool.gapOf(name);
    if (gap !== undefined && random.chance(0.2)) {
      return { kind: "gap_told", webhook: name, upTo: gap.upTo };
    }
    const deadLetter = { reason: "400 Bad Request", givenUpMs: this.bench.nowMs };
    const isDead = random.chance(0.3);
    const ended = { kind: "finished", webhook: name, ...(isDead ? { deadLetter } : {}) } as const;
    const replays = this.bench.spool.readReplays(name, { afterPlace: 0, limit: 100 });
    if (replays.length > 0 && random.chance(0.3)) {
      const { seq, place } = random.pick(replays);
      return { ...ended, seq, replay: place };
    }
    // Mostly the oldest, as lanes do, sometimes any, done or not.
    const waiting = this.model.find(name)?.waiting ?? [];
    const seq = waiting[random.below(Math.min(6, waiting.length))];
    return { ...ended, seq: seq ?? random.below(this.model.lastSeq + 1) };
  }

  /** Some places at either end of what there is; also such that are done. */
  #ranges(): [from: number, to: number][] {
    const random = this.#random;
    const { lastSeq } = this.model;
    return Array.from({ length: random.below(4) }, () => {
      const from = Math.max(1, lastSeq - random.below(random.chance(0.5) ? 8 : 80));
      return [from, Math.min(lastSeq, from + random.below(random.chance(0.8) ? 3 : 30))];
    });
  }

  /** The two agree in all that can be seen. */
  assertAgree(): void {
    const { bench: { spool }, model } = this;
    const { refused, lost } = model;
    assertEquals(spool.totals, { received: model.lastSeq, refused, lost });
    assertAddsUp(spool);
    const states = spool.cursors().map(({ gap: _, ...state }) => state);
    const byName = <T extends { webhook: string }>(list: T[]) =>
      list.toSorted((a, b) => a.webhook < b.webhook ? -1 : 1);
    assertEquals(byName(states), byName(model.webhooks.map((webhook) => model.stateOf(webhook))));
    for (const webhook of model.webhooks) this.#assertWebhookAgrees(webhook);
  }

  /** Once all history may go, only what somebody needs is left, and what came after what waits. */
  assertNothingIsLeftOver(): void {
    this.bench.forgetAll({ historyMaxBytes: 0 });
    const needed = this.model.needed();
    const oldest = Math.min(...this.model.webhooks.map(({ waiting }) => waiting[0] ?? Infinity));
    const places = this.model.events.map((_, index) => index + 1);
    const { forgotten } = this.model;
    const wanted = places.filter((seq) => !forgotten.has(seq) && (seq > oldest || needed.has(seq)));
    assertEquals(this.bench.places(), wanted);
  }

  #assertWebhookAgrees({ name, waiting, letters, replays, gapEvents }: ModelWebhook): void {
    const { bench: { spool }, model } = this;
    const limit = 1 + this.#random.below(40);
    const wanted = waiting.map((seq) => ({ seq, ...model.events[seq - 1] }));
    const read = readAllWaiting(spool, name, { limit });
    assertEquals<unknown>(read, wanted, `${name}, ${limit} at once`);
    assertEquals(this.bench.deadLetters(name), [...letters.keys()].sort((a, b) => a - b));
    assertEquals(spool.deadLettersOf(name), letters.size, `the dead letters of ${name}`);
    const queued = spool.readReplays(name, { afterPlace: 0, limit: 1e6 });
    assertEquals(queued.map(({ seq }) => seq), replays.map(({ seq }) => seq));
    assertEquals(spool.gapOf(name)?.events ?? 0, gapEvents, `the gap of ${name}`);
  }
}

Deno.test("whatever happens to it, the spool is what a plain model says", () =>
  withRandom(async (random) => {
    for (let round = 0; round < 8; round++) {
      await using bench = await SpoolBench.make();
      const life = new Life(bench, random);
      life.changeWebhooks();
      const steps: string[] = [];
      for (let count = 0; count < 120; count++) {
        try {
          steps.push(await life.step());
          life.assertAgree();
        } catch (error) {
          const reason = error instanceof Error ? error.message : String(error);
          const last = steps.slice(-3).join(", ");
          throw new Error(`in round ${round}, after ${last}: ${reason}`, { cause: error });
        }
      }
      life.assertNothingIsLeftOver();
    }
  }));
