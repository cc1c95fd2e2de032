/**
 * The registry file on this node: read without a lock, changed under one, replaced at once and
 * durably, so that a reader or a crash never meets half of it.
 *
 * @module
 */
import { decodeText } from "./decode_text.ts";
import { toAccessError } from "./access_error.ts";
import { InvalidRegistryError } from "./errors.ts";
import { readRegistry } from "./read_registry.ts";
import type { RegistryEdit } from "./edit_data.ts";
import { RecordFile } from "./record_file.ts";
import { planChange, type PlannedChange } from "./plan_change.ts";
import { lockRegistry } from "./registry_lock.ts";
import { folderOf, replaceFile } from "./replace_file.ts";
import {
  ancestorsOf,
  checksumOf,
  growsOutOf,
  type RegistryCopy,
  type RegistryRecord,
  type RegistryState,
  supersedes,
  toState,
  withParent,
} from "./registry_state.ts";
import type { Registry } from "./schema.ts";

const FIRST_LINES =
  `# The webhooks and shared settings of gluster-eventing. Edit this file by hand, or
# with gluster-eventing webhook-add, webhook-mod, webhook-del, config-set and config-reset.
generation = 0
`;

/** Where the registry is and how long to wait for others who are changing it. */
export interface RegistryFileOptions {
  /** The file, normally `<workdir>/events/webhooks.toml`. */
  readonly path: string;
  readonly lockWaitMs?: number;
}

/** How a change is made. */
export interface ChangeOptions {
  /** Whether the other nodes of the pool still have to get it. */
  readonly isShared?: boolean;
  /** The new generation is above this one. */
  readonly above?: number;
  /** Raises the generation even if nothing else changes. */
  readonly isForced?: boolean;
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

interface Look {
  readonly state: RegistryState;
  readonly record: RegistryRecord | undefined;
}

/** Where the registry is below glusterd's folder. */
export function registryPath(workdir: string): string {
  return `${workdir}/events/webhooks.toml`;
}

/** Reads and changes the registry file. */
export class RegistryFile {
  readonly path: string;
  readonly #folder: string;
  readonly #record: RecordFile;
  readonly #lockWaitMs: number;

  constructor({ path, lockWaitMs = 30_000 }: RegistryFileOptions) {
    this.path = path;
    this.#folder = folderOf(path);
    this.#record = new RecordFile(path);
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
    const text = await this.#readText();
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
    decide: (registry: Registry) => readonly RegistryEdit[],
    options: ChangeOptions = {},
  ): Promise<Registry> {
    const { isShared = false } = options;
    // What cannot be is refused before anything is made for it.
    await this.#plan(decide, options);
    await this.#makeFolder();
    using _lock = await this.#lock();
    const { text, registry } = await this.#plan(decide, options);
    if (text !== undefined) {
      const { state, record } = await this.#look();
      const ancestors = state.checksum === ""
        ? []
        : withParent(state.checksum, ancestorsOf(state.checksum, record));
      const { generation } = registry;
      await this.#replace(text, { generation, confirmed: !isShared, ancestors });
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
  async preview(decide: (registry: Registry) => readonly RegistryEdit[]): Promise<Registry> {
    const { registry } = await this.#plan(decide, {});
    return registry;
  }

  /** Which registry the file holds; one that cannot be read counts as edited by hand. */
  async state(): Promise<RegistryState> {
    return (await this.#look()).state;
  }

  /** Whether every node of the pool is known to have what the file holds. */
  async isConfirmed(): Promise<boolean> {
    const { state, record } = await this.#look();
    return state.byHand || record?.confirmed !== false;
  }

  /** Notes that every node of the pool has the registry with this checksum, if the file holds it. */
  async confirm(checksum: string): Promise<void> {
    // Where there is no file, there is not even a folder for the lock.
    if (checksum === "" || await this.isConfirmed()) return;
    using _lock = await this.#lock();
    const { state, record } = await this.#look();
    if (state.checksum !== checksum || record === undefined || record.confirmed) return;
    await this.#note({ ...record, confirmed: true });
  }

  /**
   * What the file holds, for another node.
   *
   * @throws {RegistryAccessError} If it cannot be read.
   */
  async copy(): Promise<RegistryCopy> {
    const record = await this.#readRecord();
    const text = await this.#readText() ?? "";
    return { text, ancestors: ancestorsOf(checksumOf(text), record) };
  }

  /**
   * Takes over another node's registry, if it is newer than what the file holds. What that one did
   * not grow out of is kept aside before it is replaced.
   *
   * @param isForced Takes it whatever the file holds.
   * @throws {InvalidRegistryError} If this version cannot read it.
   * @throws {RegistryAccessError} If the file cannot be locked, read or written.
   */
  async take(
    { text, ancestors }: RegistryCopy,
    { isForced = false } = {},
  ): Promise<TakeOutcome> {
    const { generation } = readRegistry(text, this.path);
    const checksum = checksumOf(text);
    await this.#makeFolder();
    using _lock = await this.#lock();
    const { state } = await this.#look();
    if (state.checksum === checksum) {
      if (state.byHand) {
        await this.#note({ generation, checksums: [checksum], confirmed: true, ancestors });
      }
      return { taken: false, state: { ...state, byHand: false } };
    }
    const offered = { generation, checksum, byHand: false };
    if (!isForced && !supersedes(offered, state)) return { taken: false, state };
    const keptAs = state.checksum === "" || growsOutOf(ancestors, state.checksum)
      ? undefined
      : await this.#keepAside(state);
    await this.#replace(text, { generation, confirmed: true, ancestors });
    return { taken: true, state: offered, ...(keptAs === undefined ? {} : { keptAs }) };
  }

  async #readRecord(): Promise<RegistryRecord | undefined> {
    try {
      return await this.#record.read();
    } catch (error) {
      throw toAccessError("read what belongs to", this.path, error);
    }
  }

  async #note(record: RegistryRecord): Promise<void> {
    try {
      await this.#record.write(record);
    } catch (error) {
      throw toAccessError("write what belongs to", this.path, error);
    }
  }

  async #keepAside({ generation, checksum }: RegistryState): Promise<string> {
    const path = `${this.path}.replaced-${generation}-${checksum.slice(0, 8)}`;
    try {
      await Deno.copyFile(this.path, path);
      await Deno.chmod(path, 0o600);
      return path;
    } catch (error) {
      throw toAccessError("keep a copy of", this.path, error);
    }
  }

  async #look(): Promise<Look> {
    const record = await this.#readRecord();
    let text: string | undefined;
    try {
      text = await this.#readText();
      if (text === undefined) return { state: toState(undefined, record), record };
      const { generation } = readRegistry(text, this.path);
      return { state: toState({ generation, checksum: checksumOf(text) }, record), record };
    } catch (error) {
      if (!(error instanceof InvalidRegistryError)) throw error;
      // Somebody is about to mend it: no other registry of the generation before takes its place.
      const generation = record?.generation ?? 0;
      return { state: { generation, checksum: checksumOf(text ?? "?"), byHand: true }, record };
    }
  }

  /** What a change would make of the file; no text if it changes nothing. */
  async #plan(
    decide: (registry: Registry) => readonly RegistryEdit[],
    options: ChangeOptions,
  ): Promise<PlannedChange> {
    const text = await this.#readText() ?? FIRST_LINES;
    return planChange(text, decide, { ...options, path: this.path });
  }

  async #readText(): Promise<string | undefined> {
    let bytes: Uint8Array;
    try {
      // Opening a pipe would wait for somebody to write into it.
      const { isFile } = await Deno.stat(this.path);
      if (!isFile) throw new TypeError("it is no regular file");
      bytes = await Deno.readFile(this.path);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw toAccessError("read", this.path, error);
    }
    return decodeText(bytes, this.path);
  }

  async #makeFolder(): Promise<void> {
    try {
      await Deno.mkdir(this.#folder, { recursive: true, mode: 0o755 });
    } catch (error) {
      throw toAccessError("create the folder of", this.path, error);
    }
  }

  async #lock(): Promise<Disposable> {
    return await lockRegistry(this.path, this.#lockWaitMs);
  }

  async #replace(text: string, record: Omit<RegistryRecord, "checksums">): Promise<void> {
    const old = await this.#readText();
    const checksums = [checksumOf(text), ...old === undefined ? [] : [checksumOf(old)]];
    try {
      // Under the lock nobody else uses these names.
      await this.#record.write({ ...record, checksums });
      await replaceFile({ path: this.path, temporaryName: ".webhooks.toml.new", text });
    } catch (error) {
      throw toAccessError("write", this.path, error);
    }
  }
}
