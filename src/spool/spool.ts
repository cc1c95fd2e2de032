/**
 * The node's durable log of accepted events, with one cursor per webhook, in SQLite. What a commit
 * has returned from survives a killed process and a pulled plug.
 *
 * @module
 */
import { DatabaseSync } from "node:sqlite";
import { type CursorOwner, planCursors } from "./cursors.ts";
import { SpoolError, toSpoolError } from "./errors.ts";
import { APPLICATION_ID, SCHEMA, SCHEMA_VERSION } from "./schema.ts";
import { prepareAll, readNumber, readText, type Statements } from "./statements.ts";

/** An event to be kept. */
export interface NewEvent {
  readonly id: string;
  readonly receivedMs: number;
  /** The type's name. */
  readonly event: string;
  /** The payload as JSON. */
  readonly payload: string;
}

/** An event in the log. */
export interface SpooledEvent extends NewEvent {
  /** Its place in the log; later events have greater ones. */
  readonly seq: number;
}

/** How an event ended for a webhook. */
export interface Outcome {
  readonly webhook: string;
  readonly seq: number;
  /** Set if the event was given up on. */
  readonly deadLetter?: { readonly reason: string; readonly givenUpMs: number };
}

/** What one transaction makes durable. */
export interface SpoolBatch {
  readonly events: readonly NewEvent[];
  readonly outcomes: readonly Outcome[];
  /** Datagrams that were refused since the last batch. */
  readonly refused: number;
}

/** Where a webhook stands. */
export interface CursorState {
  readonly webhook: string;
  /** The last event before its first. */
  readonly startSeq: number;
  /** The last event that it is done with. */
  readonly doneSeq: number;
  readonly delivered: number;
  readonly dead: number;
  /** Events that wait for it. */
  readonly pending: number;
  /** When the oldest of them was received, in milliseconds since 1970. */
  readonly oldestPendingMs?: number;
}

/** Counts since the spool was made. */
export interface SpoolTotals {
  /** Events that were accepted. */
  readonly received: number;
  /** Datagrams that were no events. */
  readonly refused: number;
}

/** The spool's file, open. One process at a time can hold it. */
export class Spool implements Disposable {
  readonly #path: string;
  readonly #database: DatabaseSync;
  readonly #statements: Statements;
  #lastSeq: number;

  private constructor(path: string, database: DatabaseSync) {
    this.#path = path;
    this.#database = database;
    this.#statements = prepareAll(database);
    this.#lastSeq = readNumber(this.#statements.lastSeq.get(), "seq");
  }

  /**
   * Opens the spool, or makes one.
   *
   * @throws {SpoolError} If that fails, for example because another process holds it.
   */
  static open(path: string): Spool {
    let database: DatabaseSync | undefined;
    try {
      database = new DatabaseSync(path);
      database.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL");
      database.exec("PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 16777216");
      prepareSchema(path, database);
      return new Spool(path, database);
    } catch (error) {
      database?.close();
      throw error instanceof SpoolError ? error : toSpoolError("open", path, error);
    }
  }

  /** The place of the newest event, which is also how many there were; 0 if there never was one. */
  get lastSeq(): number {
    return this.#lastSeq;
  }

  /**
   * Makes a batch durable, all of it or nothing.
   *
   * @throws {SpoolError} If that fails; then nothing of the batch is kept.
   */
  commit({ events, outcomes, refused }: SpoolBatch): void {
    const { insertEvent, addTotal, finish, insertDeadLetter } = this.#statements;
    this.#transaction("write to", () => {
      let seq = this.#lastSeq;
      for (const { id, receivedMs, event, payload } of events) {
        insertEvent.run(++seq, id, receivedMs, event, payload);
      }
      for (const { webhook, seq: done, deadLetter } of outcomes) {
        const dead = deadLetter === undefined ? 0 : 1;
        // A cursor that was dropped meanwhile stays dropped, and an event counts once.
        const { changes } = finish.run(done, 1 - dead, dead, webhook, done);
        if (deadLetter !== undefined && changes === 1) {
          insertDeadLetter.run(webhook, done, deadLetter.reason, deadLetter.givenUpMs);
        }
      }
      if (events.length > 0) addTotal.run("received", events.length);
      if (refused > 0) addTotal.run("refused", refused);
      return seq;
    }, (seq) => this.#lastSeq = seq);
  }

  /** The events behind a place in the log, oldest first. */
  readAfter(seq: number, limit: number): SpooledEvent[] {
    const rows = this.#reading(() => this.#statements.readAfter.all(seq, limit));
    return rows.map((row) => ({
      seq: readNumber(row, "seq"),
      id: readText(row, "id"),
      receivedMs: readNumber(row, "received_ms"),
      event: readText(row, "event"),
      payload: readText(row, "payload"),
    }));
  }

  /**
   * Makes the cursors fit the webhooks: a new one begins with the next event, a changed one goes on
   * where it was, one whose webhook is gone is dropped with its dead letters.
   *
   * @param options.keepGone Leaves those whose webhook is gone.
   * @returns Where the dropped ones stood.
   * @throws {SpoolError} If that cannot be written; then nothing changes.
   */
  setWebhooks(
    wanted: readonly CursorOwner[],
    { keepGone = false }: { keepGone?: boolean } = {},
  ): CursorState[] {
    const statements = this.#statements;
    const before = this.cursors();
    let dropped: CursorState[] = [];
    this.#transaction("write to", () => {
      const { keep, add, drop: gone } = planCursors(this.owners(), wanted);
      const drop = keepGone ? [] : gone;
      dropped = before.filter(({ webhook }) => drop.includes(webhook));
      for (const name of drop) {
        statements.dropCursor.run(name);
        statements.dropDeadLetters.run(name);
      }
      for (const { from, owner } of keep) {
        if (from === owner.name) continue;
        statements.renameCursor.run(owner.name, from);
        statements.renameDeadLetters.run(owner.name, from);
      }
      for (const { owner } of keep) statements.setUrl.run(owner.url, owner.name);
      for (const { name, url } of add) {
        statements.addCursor.run(name, url, this.#lastSeq, this.#lastSeq);
      }
    });
    return dropped;
  }

  /** The webhooks that have cursors. */
  owners(): CursorOwner[] {
    return this.#reading(() =>
      this.#statements.readOwners.all().map((row) => ({
        name: readText(row, "webhook"),
        url: readText(row, "url"),
      }))
    );
  }

  /** Where each webhook stands. */
  cursors(): CursorState[] {
    return this.#reading(() =>
      this.#statements.readCursors.all().map((row) => {
        const doneSeq = readNumber(row, "done_seq");
        const oldest = this.#statements.receivedAfter.get(doneSeq);
        return {
          webhook: readText(row, "webhook"),
          startSeq: readNumber(row, "start_seq"),
          doneSeq,
          delivered: readNumber(row, "delivered"),
          dead: readNumber(row, "dead"),
          pending: this.#lastSeq - doneSeq,
          ...(oldest === undefined ? {} : { oldestPendingMs: readNumber(oldest, "received_ms") }),
        };
      })
    );
  }

  /** What came in since the spool was made. */
  totals(): SpoolTotals {
    const rows = this.#reading(() => this.#statements.readTotals.all());
    const refused = rows.find((row) => readText(row, "name") === "refused");
    return {
      received: this.#lastSeq,
      refused: refused === undefined ? 0 : readNumber(refused, "value"),
    };
  }

  /**
   * Forgets old events that no webhook waits for and that are no dead letters.
   *
   * @param limit How many at most, so that the step stays short.
   * @returns How many it was.
   */
  prune({ receivedBeforeMs, limit }: { receivedBeforeMs: number; limit: number }): number {
    let pruned = 0;
    this.#transaction("prune", () => {
      const { changes } = this.#statements.prune.run(this.#lastSeq, receivedBeforeMs, limit);
      pruned = Number(changes);
    });
    return pruned;
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }

  #transaction<T>(action: string, work: () => T, committed?: (result: T) => void): void {
    try {
      this.#database.exec("BEGIN IMMEDIATE");
      const result = work();
      this.#database.exec("COMMIT");
      committed?.(result);
    } catch (error) {
      // SQLite rolls some failures back by itself.
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw toSpoolError(action, this.#path, error);
    }
  }

  #reading<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw toSpoolError("read", this.#path, error);
    }
  }
}

function prepareSchema(path: string, database: DatabaseSync): void {
  const application = readNumber(database.prepare("PRAGMA application_id").get(), "application_id");
  const version = readNumber(database.prepare("PRAGMA user_version").get(), "user_version");
  if (application === APPLICATION_ID && version === SCHEMA_VERSION) return;
  const tables = readNumber(database.prepare("SELECT count(*) AS n FROM sqlite_schema").get(), "n");
  if (application !== 0 || tables > 0) {
    const seen = application === APPLICATION_ID ? `has version ${version}` : "is no spool";
    throw new SpoolError(
      `Cannot open the spool ${path}: the file ${seen}, this program needs version ${SCHEMA_VERSION}`,
      `move it away, a new one is made then: mv ${path} ${path}.old`,
    );
  }
  database.exec(`BEGIN IMMEDIATE; ${SCHEMA}
    PRAGMA application_id = ${APPLICATION_ID};
    PRAGMA user_version = ${SCHEMA_VERSION};
    COMMIT`);
}
