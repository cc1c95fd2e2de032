/**
 * A spool in a folder of its own, and events to put into it.
 *
 * @module
 */
import { DatabaseSync } from "node:sqlite";
import type { CursorOwner } from "../../src/spool/cursors.ts";
import type { SetAside } from "../../src/spool/spool_file.ts";
import { searchDeadLetters } from "../../src/spool/history.ts";
import { forgetSome, type RetentionPolicy, type RetentionStep } from "../../src/spool/retention.ts";
import { Spool } from "../../src/spool/spool.ts";
import type { Attempt, NewEvent, Outcome, SpoolBatch } from "../../src/spool/spool_types.ts";
import { assertEquals } from "./assert.ts";
import { makeTempFolder, type TempFolder } from "./temp_folder.ts";

/** The time at which event number 0 would have been received. */
export const START_MS = 1_700_000_000_000;

const PAGE_BYTES = 4096;

/** A webhook whose URL follows from its name. */
export function owner(name: string): CursorOwner {
  return { name, url: `http://${name}/` };
}

/** The event with a number; one comes each second. */
export function makeEvent(number: number): NewEvent {
  return {
    id: `id-${number}`,
    receivedMs: START_MS + 1000 * number,
    event: number % 3 === 0 ? "PEER_CONNECT" : "VOLUME_START",
    payload: `{"n":${number}}`,
  };
}

/** The events with these numbers, both ends included. */
export function makeEvents(from: number, to: number): NewEvent[] {
  return Array.from({ length: to - from + 1 }, (_, index) => makeEvent(from + index));
}

/** The attempt with a number; one was made each second, every fifth failed. */
export function makeAttempt(number: number): Attempt {
  const common = {
    atMs: START_MS + 1000 * number,
    webhook: number % 2 === 0 ? "a" : "b",
    ids: [`id-${number}`, `id-${number + 1}`],
    events: ["PEER_CONNECT", "VOLUME_START"],
    durationMs: number,
    answer: "<p>ünfit",
  };
  return number % 5 === 0
    ? {
      ...{ ...common, error: "timeout", result: "no answer within 10 s", outcome: "retry" },
      nextMs: START_MS,
    }
    : { ...common, status: 200, result: "200 OK", outcome: "delivered" };
}

/** A batch that holds only what is given. */
export function batchOf(parts: Partial<SpoolBatch>): SpoolBatch {
  return { events: [], outcomes: [], attempts: [], refused: 0, lost: 0, ...parts };
}

/** The outcome of an event in its turn. */
export function delivered(webhook: string, seq: number): Outcome {
  return { kind: "finished", webhook, seq };
}

/** The outcome of an event that is given up on. */
export function givenUp(webhook: string, seq: number, givenUpMs = START_MS): Outcome {
  return { kind: "finished", webhook, seq, deadLetter: { reason: "400 Bad Request", givenUpMs } };
}

/** The outcome of events that a filter leaves out. */
export function filtered(webhook: string, ...ranges: [from: number, to: number][]): Outcome {
  return { kind: "filtered", webhook, ranges };
}

/** Opens spools in a temporary folder, and remembers what they set aside. */
export class SpoolBench implements AsyncDisposable {
  readonly #folder: TempFolder;
  readonly path: string;
  readonly setAside: SetAside[] = [];
  /** How many waiting events were taken over then, if that is known. */
  readonly kept: (number | undefined)[] = [];
  nowMs = START_MS;
  /** Called right after a file was set aside. */
  onSetAside = (): void => {};
  #ids = 0;
  #spool: Spool | undefined;

  private constructor(folder: TempFolder) {
    this.#folder = folder;
    this.path = `${folder.path}/spool.db`;
  }

  static async make(): Promise<SpoolBench> {
    return new SpoolBench(await makeTempFolder());
  }

  /** The open spool; it is opened when it is asked for. */
  get spool(): Spool {
    return this.#spool ??= this.open(this.path);
  }

  readonly newId = (): string => `new-${++this.#ids}`;

  /** Opens another one. */
  open(path: string): Spool {
    return Spool.open(path, {
      now: () => this.nowMs,
      newId: this.newId,
      onSetAside: (setAside, leftovers) => {
        this.setAside.push(setAside);
        this.kept.push(leftovers?.waiting.length);
        this.onSetAside();
      },
    });
  }

  close(): void {
    this.#spool?.[Symbol.dispose]();
    this.#spool = undefined;
  }

  /** Closes the spool and opens it again. */
  reopen(): Spool {
    this.close();
    return this.spool;
  }

  /** The open spool, then the same opened again: what holds must hold for both. */
  *nowAndReopened(): Generator<Spool> {
    yield this.spool;
    yield this.reopen();
  }

  /** Goes on with a copy of the files as they are now, as after a crash. */
  async crash(): Promise<Spool> {
    const files = await this.files();
    this.close();
    for (const name of (await this.files()).keys()) {
      await Deno.remove(`${this.#folder.path}/${name}`);
    }
    for (const [name, bytes] of files) await Deno.writeFile(`${this.#folder.path}/${name}`, bytes);
    return this.spool;
  }

  /**
   * Spoils a page of a table or index while nobody looks, and opens the spool again.
   *
   * @param path Where the page is in the tree; `/` is the root, `/000/` the first below it.
   * @param spoil Changes the page; garbage if it is not given.
   */
  damage(name: string, path = "/", spoil = fillWithGarbage): Spool {
    this.close();
    spoilPage(this.path, { name, path }, spoil);
    return this.spool;
  }

  /** The files in the folder by name. */
  async files(): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
    const names = (await Array.fromAsync(Deno.readDir(this.#folder.path)))
      .filter(({ isFile }) => isFile).map(({ name }) => name).toSorted();
    return new Map(
      await Promise.all(names.map(async (name) => {
        return [name, await Deno.readFile(`${this.#folder.path}/${name}`)] as const;
      })),
    );
  }

  /** Digests of the files in the folder by name, to be compared. */
  async digests(): Promise<Record<string, string>> {
    const entries = await Promise.all(
      [...await this.files()].map(async ([name, bytes]) => [name, await digestOf(bytes)]),
    );
    return Object.fromEntries(entries);
  }

  append(from: number, to: number): void {
    this.spool.commit(batchOf({ events: makeEvents(from, to) }));
  }

  finish(...outcomes: Outcome[]): void {
    this.spool.commit(batchOf({ outcomes }));
  }

  /** The places of the events that wait for a webhook in their turn. */
  waiting(webhook: string): number[] {
    return readAllWaiting(this.spool, webhook).map(({ seq }) => seq);
  }

  /** The places of all events in the log. */
  places(): number[] {
    return this.spool.read((database) => database.all("SELECT seq FROM events ORDER BY seq"))
      .map(({ seq }) => Number(seq));
  }

  /** The places of a webhook's dead letters, in the order of the log. */
  deadLetters(webhook: string): number[] {
    return [...searchDeadLetters(this.spool, { webhook, isWanted: () => true })].flat()
      .map(({ event }) => event.seq).sort((a, b) => a - b);
  }

  /** Makes one step of forgetting; what is not said has room. */
  forget(policy: Partial<RetentionPolicy>): RetentionStep {
    return forgetSome(this.spool, {
      keepFromMs: 0,
      historyMaxBytes: 1e12,
      spoolMaxBytes: 1e12,
      limit: 100,
      nowMs: this.nowMs,
      newId: this.newId,
      ...policy,
    });
  }

  /** Makes steps until there is nothing more to do. */
  forgetAll(policy: Partial<RetentionPolicy>): void {
    for (let step = 0; this.forget(policy).isMore; step++) {
      if (step === 1000) throw new Error(`There is no end: ${JSON.stringify(policy)}`);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
    await this.#folder[Symbol.asyncDispose]();
  }
}

/** A short text that stands for bytes. */
export async function digestOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

/** All events that wait for a webhook in their turn, read in parts as a lane does. */
export function readAllWaiting(
  spool: Spool,
  webhook: string,
  { limit = 1000, maxBytes = 1e9 }: { limit?: number; maxBytes?: number } = {},
): (NewEvent & { seq: number })[] {
  const all = [];
  for (let afterSeq = 0;;) {
    const { events, readTo } = spool.readWaiting(webhook, { afterSeq, limit, maxBytes });
    all.push(...events);
    if (readTo < afterSeq) throw new Error(`Reading behind ${afterSeq} led back to ${readTo}`);
    if (readTo === afterSeq) return all;
    afterSeq = readTo;
  }
}

/** What came is delivered, waits, is dead, was dropped or filtered, for each webhook. */
export function assertAddsUp(spool: Spool): void {
  for (const cursor of spool.cursors()) {
    const { webhook, startSeq, delivered, pending, dead, dropped, filtered } = cursor;
    const counted = delivered + pending + dead + dropped + filtered;
    assertEquals(counted, spool.lastSeq - startSeq, `${webhook}: ${JSON.stringify(cursor)}`);
  }
}

function fillWithGarbage(page: Uint8Array<ArrayBuffer>): void {
  page.fill(0xa5);
}

/** Spoils a page of a database that is not open; see `SpoolBench.damage`. */
export function spoilPage(
  file: string,
  { name, path }: { name: string; path: string },
  change = fillWithGarbage,
): void {
  using database = new DatabaseSync(file);
  const row = database.prepare("SELECT pageno FROM dbstat WHERE name = ? AND path = ?")
    .get(name, path);
  if (row === undefined) throw new Error(`${name} has no page ${path}`);
  const start = (Number(row["pageno"]) - 1) * PAGE_BYTES;
  const bytes = Deno.readFileSync(file);
  const page = bytes.slice(start, start + PAGE_BYTES);
  change(page);
  bytes.set(page, start);
  Deno.writeFileSync(file, bytes);
}
