/**
 * Which registry is in force, and how another one takes its place: as a whole or not at all.
 *
 * @module
 */
import type { ReloadOutcome } from "../api/control_server.ts";
import type { Dispatcher } from "../dispatcher/dispatcher.ts";
import { describeProblem, InvalidRegistryError } from "../registry/errors.ts";
import type { RegistryFile } from "../registry/registry_file.ts";
import type { Registry } from "../registry/schema.ts";
import { planCursors } from "../spool/cursors.ts";
import type { GroupCommit } from "../spool/group_commit.ts";
import type { Spool } from "../spool/spool.ts";
import type { Logger } from "./logger.ts";

/** What the keeper works with. */
export interface RegistryKeeperOptions {
  readonly file: RegistryFile;
  /** What the file says at the start; `undefined` if there is none. */
  readonly initial: Registry | undefined;
  /** What holds without a file. */
  readonly defaults: Registry;
  readonly spool: Spool;
  readonly commit: GroupCommit;
  readonly dispatcher: Dispatcher;
  readonly logger: Logger;
}

const LANE_GRACE_MS = 1000;

/** Keeps the registry in force, the cursors and the lanes in step. */
export class RegistryKeeper {
  readonly #options: RegistryKeeperOptions;
  #registry: Registry;
  #isFromFile: boolean;
  #problems: readonly string[] = [];
  #reloading: Promise<unknown> = Promise.resolve();

  constructor(options: RegistryKeeperOptions) {
    this.#options = options;
    this.#registry = options.initial ?? options.defaults;
    this.#isFromFile = options.initial !== undefined;
  }

  /** The registry in force. */
  get registry(): Registry {
    return this.#registry;
  }

  /** Why the file could not be taken over when it was last read. */
  get problems(): readonly string[] {
    return this.#problems;
  }

  /**
   * Starts the lanes.
   *
   * @throws {SpoolError} If the cursors cannot be written.
   */
  start(): void {
    // A file that is not there says nothing: what waits for webhooks of before stays.
    if (this.#isFromFile) this.#setWebhooks(this.#registry);
    this.#assignLanes();
  }

  /** Reads the file and takes it over. One that is bad, or cannot be taken over, changes nothing. */
  async reload(): Promise<ReloadOutcome> {
    return await this.#inTurn(() => this.#reload()) as ReloadOutcome;
  }

  /**
   * The same for a file that changed by itself. As long as somebody may still be writing it, it
   * does not take webhooks away, with all that waits for them.
   *
   * @returns False if it has to be looked at again once it has not changed for a while.
   */
  async notice(isSettled: boolean): Promise<boolean> {
    return await this.#inTurn(async () => {
      if (!isSettled && await this.#takesAway()) return false;
      await this.#reload();
      return true;
    });
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#reloading.then(work);
    // The next one waits for this one, however it ends.
    this.#reloading = turn.catch(() => undefined);
    return await turn;
  }

  async #takesAway(): Promise<boolean> {
    try {
      const registry = await this.#options.file.readIfThere();
      const { drop } = planCursors(this.#registry.webhooks, registry?.webhooks ?? []);
      return drop.length > 0;
    } catch (error) {
      // The reload that follows reports it.
      if (error instanceof Error) return false;
      throw error;
    }
  }

  async #reload(): Promise<ReloadOutcome> {
    const { file, logger } = this.#options;
    const hadProblems = this.#problems.length > 0;
    try {
      const registry = await this.#read();
      const isSame = JSON.stringify(registry) === JSON.stringify(this.#registry);
      if (!isSame) await this.#takeOver(registry);
      this.#problems = [];
      const { generation, webhooks } = registry;
      if (!isSame || hadProblems) {
        logger.log("INFO", "registry taken over", { generation, webhooks: webhooks.length });
      }
      return { generation, registry: file.path };
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this.#problems = error instanceof InvalidRegistryError
        ? error.problems.map(describeProblem)
        : [error.message];
      const problems = this.#problems.join("; ");
      logger.log("ERROR", "registry not taken over, the one before stays", { problems });
      return { problems: this.#problems };
    }
  }

  async #read(): Promise<Registry> {
    const { file, defaults } = this.#options;
    const registry = await file.readIfThere();
    if (registry === undefined && this.#isFromFile) throw new Error(`${file.path} is gone`);
    return registry ?? defaults;
  }

  async #takeOver(registry: Registry): Promise<void> {
    const { dispatcher, commit, logger } = this.#options;
    await dispatcher.retain(registry.webhooks, LANE_GRACE_MS);
    // Outcomes that wait for their commit carry the names that the cursors have now.
    commit.flush();
    try {
      this.#setWebhooks(registry);
      this.#registry = registry;
      this.#isFromFile = true;
    } finally {
      this.#assignLanes();
    }
    logger.level = registry.config.logLevel;
  }

  #setWebhooks(registry: Registry): void {
    for (const { webhook, pending } of this.#options.spool.setWebhooks(registry.webhooks)) {
      this.#options.logger.log("INFO", "webhook removed", { webhook, dropped: pending });
    }
  }

  #assignLanes(): void {
    const { spool, dispatcher } = this.#options;
    const done = new Map(spool.cursors().map(({ webhook, doneSeq }) => [webhook, doneSeq]));
    dispatcher.assign(this.#registry.webhooks, (name) => done.get(name) ?? spool.lastSeq);
  }
}
