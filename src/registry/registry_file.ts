/**
 * The registry file on this node: read without a lock, changed under one, replaced at once and
 * durably, so that a reader or a crash never meets half of it.
 *
 * @module
 */
import { InvalidRegistryError, InvalidValueError, RegistryAccessError } from "./errors.ts";
import { readRegistry } from "./read_registry.ts";
import type { RegistryEdit } from "./edit_data.ts";
import { editText } from "./edit_text.ts";
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

/** Where the registry is below glusterd's folder. */
export function registryPath(workdir: string): string {
  return `${workdir}/events/webhooks.toml`;
}

/** Reads and changes the registry file. */
export class RegistryFile {
  readonly path: string;
  readonly #folder: string;
  readonly #lockWaitMs: number;

  constructor({ path, lockWaitMs = 30_000 }: RegistryFileOptions) {
    this.path = path;
    this.#folder = folderOf(path);
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
  async change(decide: (registry: Registry) => readonly RegistryEdit[]): Promise<Registry> {
    // What cannot be is refused before anything is made for it.
    await this.#plan(decide);
    await this.#makeFolder();
    using _lock = await this.#lock();
    const { text, registry } = await this.#plan(decide);
    if (text !== undefined) await this.#replace(text);
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
    const { registry } = await this.#plan(decide);
    return registry;
  }

  /** What a change would make of the file; no text if it changes nothing. */
  async #plan(
    decide: (registry: Registry) => readonly RegistryEdit[],
  ): Promise<{ text?: string; registry: Registry }> {
    const text = await this.#readText() ?? FIRST_LINES;
    const before = readRegistry(text, this.path);
    const edited = editText(text, decide(before));
    if (edited === text) return { registry: before };
    const generation = before.generation + 1;
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
    return decode(bytes, this.path);
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

  async #replace(text: string): Promise<void> {
    try {
      // Where the file is a link, what it leads to is replaced, and not the link.
      const target = await Deno.realPath(this.path).catch(ignoreMissing) ?? this.path;
      // Under the lock nobody else uses this name; what a crash left there is overwritten.
      const temporary = `${folderOf(target)}/.webhooks.toml.new`;
      const old = await Deno.stat(this.path).catch(ignoreMissing);
      {
        await Deno.remove(temporary).catch(ignoreMissing);
        using file = await Deno.open(temporary, { createNew: true, write: true, mode: 0o600 });
        await writeAll(file, new TextEncoder().encode(text));
        await file.sync();
      }
      if (old !== undefined && old.uid !== null && old.gid !== null) {
        await this.#keepOwner(temporary, old.uid, old.gid);
      }
      await Deno.rename(temporary, target);
      using folder = await Deno.open(folderOf(target), { read: true });
      await folder.sync();
    } catch (error) {
      throw this.#accessError("write", error);
    }
  }

  async #keepOwner(temporary: string, uid: number, gid: number): Promise<void> {
    const created = await Deno.stat(temporary);
    if (created.uid !== uid || created.gid !== gid) await Deno.chown(temporary, uid, gid);
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

/**
 * @throws {InvalidRegistryError} If it is not UTF-8. Read as if it were, it would be written back
 * with those bytes replaced.
 */
function decode(bytes: Uint8Array, path: string): string {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  try {
    return decoder.decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // A lossy reading keeps the line breaks, and nobody writes U+FFFD himself.
    const lines = new TextDecoder().decode(bytes).split("\n");
    const line = lines.findIndex((text) => text.includes("\uFFFD")) + 1;
    throw new InvalidRegistryError(path, [{ line, message: "not UTF-8, which TOML has to be" }]);
  }
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/")) || "/";
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    written += await file.write(bytes.subarray(written));
  }
}

function ignoreMissing(error: unknown): undefined {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}
