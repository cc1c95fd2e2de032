/**
 * The registry file on this node: read without a lock, changed under one, replaced at once and
 * durably, so that a reader or a crash never meets half of it.
 *
 * @module
 */
import { decodeText } from "./decode_text.ts";
import { InvalidRegistryError, InvalidValueError, RegistryAccessError } from "./errors.ts";
import { readRegistry } from "./read_registry.ts";
import type { RegistryEdit } from "./edit_data.ts";
import { editText } from "./edit_text.ts";
import { RecordFile } from "./record_file.ts";
import { folderOf, replaceFile } from "./replace_file.ts";
import {
  checksumOf,
  type RegistryRecord,
  type RegistryState,
  supersedes,
  toState,
} from "./registry_state.ts";
import type { Registry } from "./schema.ts";

const FIRST_LINES =
  `# The webhooks and shared settings of gluster-eventing. Edit this file by hand, or
# with gluster-eventing webhook-add, webhook-mod, webhook-del, config-set and config-reset.
generation = 0
`;
const LOCK_RETRY_MS = 20;

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
      await this.#replace(text, { generation: registry.generation, confirmed: !isShared });
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

  /** Tells once where the file before is kept, if what the file holds has replaced it for good. */
  async tellKept(): Promise<string | undefined> {
    using _lock = await this.#lock();
    const { state, record } = await this.#look();
    if (record?.keptAs === undefined || record.checksums[0] !== state.checksum) return undefined;
    const { keptAs, ...others } = record;
    await this.#note(others);
    return keptAs;
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
   * The text of the file, for another node; empty if there is none.
   *
   * @throws {RegistryAccessError} If it cannot be read.
   */
  async text(): Promise<string> {
    return await this.#readText() ?? "";
  }

  /**
   * Takes over another node's registry, if it is newer than what the file holds. A file that was
   * changed by hand, or is of the same generation, is kept aside before it is replaced.
   *
   * @param isForced Takes it whatever the file holds.
   * @throws {InvalidRegistryError} If this version cannot read it.
   * @throws {RegistryAccessError} If the file cannot be locked, read or written.
   */
  async take(text: string, { isForced = false } = {}): Promise<TakeOutcome> {
    const { generation } = readRegistry(text, this.path);
    const checksum = checksumOf(text);
    await this.#makeFolder();
    using _lock = await this.#lock();
    const { state } = await this.#look();
    if (state.checksum === checksum) {
      if (state.byHand) {
        await this.#note({ generation, checksums: [checksum], confirmed: true });
      }
      return { taken: false, state: { ...state, byHand: false } };
    }
    const offered = { generation, checksum, byHand: false };
    if (!isForced && !supersedes(offered, state)) return { taken: false, state };
    const keptAs = state.checksum !== "" && (state.byHand || state.generation >= generation)
      ? await this.#keepAside(state)
      : undefined;
    const kept = keptAs === undefined ? {} : { keptAs };
    await this.#replace(text, { generation, confirmed: true, ...kept });
    return { taken: true, state: offered, ...kept };
  }

  async #note(record: RegistryRecord): Promise<void> {
    try {
      await this.#record.write(record);
    } catch (error) {
      throw this.#accessError("write what belongs to", error);
    }
  }

  async #keepAside({ generation, checksum }: RegistryState): Promise<string> {
    const path = `${this.path}.replaced-${generation}-${checksum.slice(0, 8)}`;
    try {
      await Deno.copyFile(this.path, path);
      await Deno.chmod(path, 0o600);
      return path;
    } catch (error) {
      throw this.#accessError("keep a copy of", error);
    }
  }

  async #look(): Promise<{ state: RegistryState; record: RegistryRecord | undefined }> {
    const record = await this.#record.read();
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
    { above = 0, isForced = false }: ChangeOptions,
  ): Promise<{ text?: string; registry: Registry }> {
    const text = await this.#readText() ?? FIRST_LINES;
    const before = readRegistry(text, this.path);
    const edited = editText(text, decide(before));
    if (edited === text && !isForced) return { registry: before };
    const generation = Math.max(before.generation, above) + 1;
    const raised = editText(edited, [
      { do: "set", table: "root", key: "generation", value: generation },
    ]);
    return { text: raised, registry: this.#readEdited(raised, before) };
  }

  /** Reads what edits have made of a valid file: what is wrong now is the values' fault. */
  #readEdited(text: string, before: Registry): Registry {
    try {
      return readRegistry(text, this.path);
    } catch (error) {
      if (!(error instanceof InvalidRegistryError)) throw error;
      const faults = error.problems.map(({ key = "", message }) => {
        // Lines and numbers would be those of a text that nobody will ever see.
        const index = /^webhook\[(\d+)\]/.exec(key)?.[1];
        const name = index === undefined ? undefined : before.webhooks[Number(index)]?.name;
        return name === undefined ? message : `webhook "${name}": ${message}`;
      });
      throw new InvalidValueError(faults.join("; "));
    }
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
      throw this.#accessError("read", error);
    }
    return decodeText(bytes, this.path);
  }

  async #makeFolder(): Promise<void> {
    try {
      await Deno.mkdir(this.#folder, { recursive: true, mode: 0o755 });
    } catch (error) {
      throw this.#accessError("create the folder of", error);
    }
  }

  async #lock(): Promise<Disposable> {
    const lockPath = `${this.#folder}/.webhooks.toml.lock`;
    const deadline = performance.now() + this.#lockWaitMs;
    let file: Deno.FsFile | undefined;
    try {
      file = await Deno.open(lockPath, { create: true, write: true, mode: 0o600 });
      // The kernel frees the lock when its holder dies, however it dies.
      while (!await file.tryLock(true)) {
        if (performance.now() > deadline) throw this.#lockedError(lockPath);
        await new Promise((resolve) => setTimeout(resolve, LOCK_RETRY_MS));
      }
      return file;
    } catch (error) {
      file?.close();
      throw this.#accessError("lock", error);
    }
  }

  #lockedError(lockPath: string): RegistryAccessError {
    return new RegistryAccessError(
      `Cannot change the registry ${this.path}: another command has held its lock ` +
        `for ${this.#lockWaitMs / 1000} s`,
      `see who holds it: fuser -v ${lockPath}`,
    );
  }

  async #replace(text: string, record: Omit<RegistryRecord, "checksums">): Promise<void> {
    const old = await this.#readText();
    const checksums = [checksumOf(text), ...old === undefined ? [] : [checksumOf(old)]];
    try {
      // Under the lock nobody else uses these names.
      await this.#record.write({ ...record, checksums });
      await replaceFile({ path: this.path, temporaryName: ".webhooks.toml.new", text });
    } catch (error) {
      throw this.#accessError("write", error);
    }
  }

  #accessError(action: string, error: unknown): unknown {
    if (!(error instanceof Error) || error instanceof RegistryAccessError) return error;
    const refused = error instanceof Deno.errors.PermissionDenied ||
      error instanceof Deno.errors.NotCapable;
    const hint = refused
      ? "run it as root, or name another folder with --workdir"
      : error.message.includes("os error 28")
      ? `free space on the file system of ${this.#folder}`
      : `look at the folder: ls -la ${this.#folder}`;
    const what = `Cannot ${action} the registry ${this.path}: ${error.message}`;
    return new RegistryAccessError(what, hint, { cause: error });
  }
}
