/**
 * The registry of this node: read without a lock, changed under one.
 *
 * @module
 */
import { describeProblem, ForeignRegistryError, InvalidRegistryError } from "./errors.ts";
import { type Decide, planChange, type PlannedChange, type RaiseOptions } from "./plan_change.ts";
import { readRegistry } from "./read_registry.ts";
import { lockRegistry } from "./registry_lock.ts";
import {
  ancestorsOf,
  checksumOf,
  growsOutOf,
  type RegistryCopy,
  type RegistryState,
  supersedes,
  withParent,
} from "./registry_state.ts";
import { RegistryStorage } from "./registry_storage.ts";
import type { Registry } from "./schema.ts";

/** Where the registry is and how long to wait for others who are changing it. */
export interface RegistryFileOptions {
  /** The file, normally `<workdir>/events/webhooks.toml`. */
  readonly path: string;
  readonly lockWaitMs?: number;
}

/** How a change is made. */
export interface ChangeOptions extends RaiseOptions {
  /** Whether the other nodes of the pool still have to get it. */
  readonly isShared?: boolean;
}

/** What became of another node's registry. */
export interface TakeOutcome {
  /** False if the file holds it already, or something newer. */
  readonly taken: boolean;
  /** What the file holds now. */
  readonly state: RegistryState;
  /** Where the file before is kept, if it held what no other node has. */
  readonly keptAs?: string;
}

/** Where the registry is below glusterd's folder. */
export function registryPath(workdir: string): string {
  return `${workdir}/events/webhooks.toml`;
}

/** Reads and changes the registry file. */
export class RegistryFile {
  readonly path: string;
  readonly #storage: RegistryStorage;
  readonly #lockWaitMs: number;

  constructor({ path, lockWaitMs = 30_000 }: RegistryFileOptions) {
    this.path = path;
    this.#storage = new RegistryStorage(path);
    this.#lockWaitMs = lockWaitMs;
  }

  /**
   * What the file says now; the defaults where there is no file.
   *
   * @throws {InvalidRegistryError} If the file has problems.
   * @throws {RegistryAccessError} If it cannot be read.
   */
  async read(): Promise<Registry> {
    return await this.readIfThere() ?? readRegistry("", this.path);
  }

  /** The same, but `undefined` where there is no file. */
  async readIfThere(): Promise<Registry | undefined> {
    const text = await this.#storage.readText();
    return text === undefined ? undefined : readRegistry(text, this.path);
  }

  /**
   * Changes the file while nobody else does. The change is decided on by what the file says under
   * the lock; `generation` is raised with every change. Edits that change nothing write nothing.
   *
   * @param decide Returns the wanted edits.
   * @returns What the file says afterwards.
   * @throws {InvalidRegistryError} If the file is not valid.
   * @throws {InvalidValueError} If the edits would make it invalid.
   * @throws {RegistryAccessError} If it cannot be locked, read, edited or written.
   */
  async change(
    decide: Decide,
    { isShared = false, ...raise }: ChangeOptions = {},
  ): Promise<Registry> {
    // What cannot be is refused before anything is made for it.
    await this.#plan(decide, raise);
    await this.#storage.makeFolder();
    using _lock = await this.#lock();
    const { text, registry } = await this.#plan(decide, raise);
    if (text !== undefined) {
      const { generation } = registry;
      const ancestors = await this.#lineage();
      await this.#storage.replace(text, { generation, confirmed: !isShared, ancestors });
    }
    return registry;
  }

  /**
   * What the file would say after a change, which is not made.
   *
   * @throws {InvalidRegistryError} If the file is not valid.
   * @throws {InvalidValueError} If the edits would make it invalid.
   * @throws {RegistryAccessError} If it cannot be read or edited.
   */
  async preview(decide: Decide): Promise<Registry> {
    const { registry } = await this.#plan(decide);
    return registry;
  }

  /** Which registry the file holds; one that cannot be read counts as edited by hand. */
  async state(): Promise<RegistryState> {
    return (await this.#storage.look()).state;
  }

  /** Whether every node of the pool is known to have what the file holds. */
  async isConfirmed(): Promise<boolean> {
    const { state, record } = await this.#storage.look();
    return state.byHand || record?.confirmed !== false;
  }

  /** Tells once where the file before is kept, if what the file holds has replaced it for good. */
  async tellKept(): Promise<string | undefined> {
    using _lock = await this.#lock();
    const { state, record } = await this.#storage.look();
    if (record?.keptAs === undefined || record.checksums[0] !== state.checksum) return undefined;
    const { keptAs, ...others } = record;
    await this.#storage.note(others);
    return keptAs;
  }

  /** Notes that every node of the pool has the registry with this checksum, if the file holds it. */
  async confirm(checksum: string): Promise<void> {
    // Where there is no file, there is not even a folder for the lock.
    if (checksum === "" || await this.isConfirmed()) return;
    using _lock = await this.#lock();
    const { state, record } = await this.#storage.look();
    if (state.checksum !== checksum || record === undefined || record.confirmed) return;
    await this.#storage.note({ ...record, confirmed: true });
  }

  /**
   * What the file holds, for another node.
   *
   * @throws {RegistryAccessError} If it cannot be read.
   */
  async copy(): Promise<RegistryCopy> {
    const record = await this.#storage.readRecord();
    const text = await this.#storage.readText() ?? "";
    return { text, ancestors: ancestorsOf(checksumOf(text), record) };
  }

  /**
   * Takes over another node's registry, if it is newer than what the file holds. What that one did
   * not grow out of is kept aside before it is replaced.
   *
   * @throws {ForeignRegistryError} If this version cannot read it.
   * @throws {RegistryAccessError} If the file cannot be locked, read or written.
   */
  async take({ text, ancestors }: RegistryCopy): Promise<TakeOutcome> {
    const { generation } = readForeign(text);
    const checksum = checksumOf(text);
    await this.#storage.makeFolder();
    using _lock = await this.#lock();
    const { state } = await this.#storage.look();
    if (state.checksum === checksum) {
      if (state.byHand) {
        await this.#storage.note({ generation, checksums: [checksum], confirmed: true, ancestors });
      }
      return { taken: false, state: { ...state, byHand: false } };
    }
    const offered = { generation, checksum, byHand: false };
    if (!supersedes(offered, state)) return { taken: false, state };
    const keptAs = state.checksum === "" || growsOutOf(ancestors, state.checksum)
      ? undefined
      : await this.#storage.keepAside(state);
    const kept = keptAs === undefined ? {} : { keptAs };
    await this.#storage.replace(text, { generation, confirmed: true, ancestors, ...kept });
    return { taken: true, state: offered, ...kept };
  }

  async #plan(decide: Decide, raise: RaiseOptions = {}): Promise<PlannedChange> {
    const text = await this.#storage.readText();
    return planChange({ path: this.path, text }, { ...raise, decide });
  }

  /** What a change of the file grows out of. */
  async #lineage(): Promise<string[]> {
    const { state: { checksum }, record } = await this.#storage.look();
    return checksum === "" ? [] : withParent(checksum, ancestorsOf(checksum, record));
  }

  async #lock(): Promise<Disposable> {
    return await lockRegistry({ path: this.path, waitMs: this.#lockWaitMs });
  }
}

function readForeign(text: string): Registry {
  try {
    return readRegistry(text, "of another node");
  } catch (error) {
    if (!(error instanceof InvalidRegistryError)) throw error;
    const [problem] = error.problems;
    throw new ForeignRegistryError(
      "This version cannot read the registry of another node" +
        (problem === undefined ? "" : `: ${describeProblem(problem)}`),
      "install the same version on all nodes",
    );
  }
}
