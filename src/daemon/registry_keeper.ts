/**
 * Which registry is in force, and how another one takes its place: as a whole or not at all.
 *
 * @module
 */
import type { ReloadOutcome } from "../api/control_handlers.ts";
import type { Dispatcher } from "../dispatcher/dispatcher.ts";
import { describeProblem, InvalidRegistryError, RegistryAccessError } from "../registry/errors.ts";
import { filterFaults } from "../registry/filter_faults.ts";
import type { RegistryFile } from "../registry/registry_file.ts";
import type { Registry } from "../registry/schema.ts";
import { planCursors } from "../spool/cursors.ts";
import { SpoolError } from "../spool/errors.ts";
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

/** What the file says, or what is wrong with it. */
type ReadResult = Registry | { readonly problems: readonly string[] };

const LANE_GRACE_MS = 1000;

/** Keeps the registry in force, the cursors and the lanes in step. */
export class RegistryKeeper {
  readonly #options: RegistryKeeperOptions;
  #registry: Registry;
  #isFromFile: boolean;
  #isAssigned = false;
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
   * @returns False if the file takes webhooks away that the spool knows: somebody may still be
   *   writing it, so it has to be looked at again once it has not changed for a while.
   * @throws {SpoolError} If the cursors cannot be written.
   */
  start(): boolean {
    const { spool } = this.#options;
    spool.setWebhooks(this.#registry.webhooks, { keepGone: true });
    this.#assignLanes();
    this.#warnOfOrphans();
    this.#warnOfFilters();
    // A file that is not there says nothing.
    return !this.#isFromFile || !this.#takesAway(this.#registry);
  }

  /**
   * Reads the file and takes it over. One that is bad changes nothing.
   *
   * @throws {SpoolError} If it is good but cannot be taken over; then the one before stays.
   */
  async reload(): Promise<ReloadOutcome> {
    return await this.#inTurn(async () => await this.#takeOverOrReport(await this.#read()));
  }

  /**
   * The same for a file that changed by itself. As long as somebody may still be writing it, it
   * does not take webhooks away, with all that waits for them.
   *
   * @returns False if it has to be looked at again once it has not changed for a while.
   */
  async notice(isSettled: boolean): Promise<boolean> {
    return await this.#inTurn(async () => {
      const read = await this.#read();
      if (!isSettled && "generation" in read && this.#takesAway(read)) return false;
      try {
        await this.#takeOverOrReport(read);
        return true;
      } catch (error) {
        // It was logged; the spool may be writable again by the next look.
        if (error instanceof Error) return false;
        throw error;
      }
    });
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#reloading.then(work);
    // The next one waits for this one, however it ends.
    this.#reloading = turn.catch(() => undefined);
    return await turn;
  }

  #takesAway(registry: Registry): boolean {
    return planCursors(this.#options.spool.owners(), registry.webhooks).drop.length > 0;
  }

  async #read(): Promise<ReadResult> {
    const { file, defaults } = this.#options;
    try {
      const registry = await file.readIfThere();
      if (registry === undefined && this.#isFromFile) return { problems: [`${file.path} is gone`] };
      return registry ?? defaults;
    } catch (error) {
      if (error instanceof InvalidRegistryError) {
        return { problems: error.problems.map(describeProblem) };
      }
      if (error instanceof RegistryAccessError) return { problems: [error.message] };
      throw error;
    }
  }

  async #takeOverOrReport(read: ReadResult): Promise<ReloadOutcome> {
    const { file, logger } = this.#options;
    const hadProblems = this.#problems.length > 0;
    if ("problems" in read) {
      this.#problems = read.problems;
      const problems = read.problems.join("; ");
      logger.log("ERROR", "registry not taken over, the one before stays", { problems });
      return { ...read, registry: file.path };
    }
    const isInForce = this.#isAssigned && !this.#takesAway(read) &&
      JSON.stringify(read) === JSON.stringify(this.#registry);
    try {
      if (!isInForce) await this.#takeOver(read);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      logger.log("ERROR", "registry not taken over, the one before stays", { error: reason });
      throw error;
    }
    this.#problems = [];
    const { generation, webhooks } = read;
    if (!isInForce || hadProblems) {
      logger.log("INFO", "registry taken over", { generation, webhooks: webhooks.length });
    }
    return { generation, registry: file.path };
  }

  async #takeOver(registry: Registry): Promise<void> {
    const { dispatcher, commit, logger, spool, file } = this.#options;
    await dispatcher.retain(registry.webhooks, LANE_GRACE_MS);
    this.#isAssigned = false;
    try {
      // Outcomes that wait for their commit carry the names that the cursors have now.
      if (!commit.flush()) {
        throw new SpoolError(
          `Cannot take over ${file.path}: the spool cannot be written`,
          "see why: gluster-eventing status",
        );
      }
      for (const { webhook, pending } of spool.setWebhooks(registry.webhooks)) {
        logger.log("INFO", "webhook removed", { webhook, dropped: pending });
      }
      this.#registry = registry;
      this.#isFromFile = true;
    } finally {
      this.#assignLanes();
    }
    logger.level = registry.config.logLevel;
    this.#warnOfFilters();
  }

  #warnOfFilters(): void {
    for (const { webhook, reason } of filterFaults(this.#registry.webhooks)) {
      this.#options.logger.log("WARNING", "no event gets through a filter", { webhook, reason });
    }
  }

  #warnOfOrphans(): void {
    const { spool, logger, file } = this.#options;
    const known = this.#registry.webhooks.map(({ name }) => name);
    const orphans = spool.cursors().filter(({ webhook, pending }) =>
      pending > 0 && !known.includes(webhook)
    );
    if (orphans.length === 0) return;
    logger.log("WARNING", "events wait for webhooks that the registry does not have", {
      webhooks: orphans.map(({ webhook, pending }) => `${webhook}:${pending}`).join(","),
      registry: file.path,
    });
  }

  #assignLanes(): void {
    const { spool, dispatcher } = this.#options;
    dispatcher.assign(this.#registry.webhooks, (name) => spool.cursor(name));
    this.#isAssigned = true;
  }
}
