/**
 * The registry on this node's disk, with the record of it: read as it lies there, replaced at once
 * and durably, so that a reader or a crash never meets half of it.
 *
 * @module
 */
import { accessing } from "./access_error.ts";
import { decodeText } from "./decode_text.ts";
import { InvalidRegistryError } from "./errors.ts";
import { readRegistry } from "./read_registry.ts";
import { RecordFile } from "./record_file.ts";
import { checksumOf, type RegistryRecord, type RegistryState, toState } from "./registry_state.ts";
import { replaceFile } from "./replace_file.ts";
import { folderOf } from "../std/files.ts";

/** Which registry lies there, and what the commands know of it. */
export interface RegistryLook {
  readonly state: RegistryState;
  readonly record: RegistryRecord | undefined;
}

/** Reads and writes the file; whoever writes holds its lock. Throws `RegistryAccessError`. */
export class RegistryStorage {
  readonly #path: string;
  readonly #record: RecordFile;

  /** @param path Of the registry. */
  constructor(path: string) {
    this.#path = path;
    this.#record = new RecordFile(path);
  }

  /**
   * The text of the file; `undefined` if there is none.
   *
   * @throws {InvalidRegistryError} If it is not UTF-8.
   */
  async readText(): Promise<string | undefined> {
    const path = this.#path;
    const bytes = await accessing({ path, action: "read" }, () => readBytes(path));
    return bytes === undefined ? undefined : decodeText(bytes, path);
  }

  /** The record of the file; `undefined` if there is none, or one that is damaged. */
  async readRecord(): Promise<RegistryRecord | undefined> {
    return await accessing(
      { path: this.#path, action: "read what belongs to" },
      () => this.#record.read(),
    );
  }

  /** Which registry it is; one that cannot be read counts as edited by hand. */
  async look(): Promise<RegistryLook> {
    const record = await this.readRecord();
    let text: string | undefined;
    try {
      text = await this.readText();
      if (text === undefined) return { state: toState(undefined, record), record };
      const { generation } = readRegistry(text, this.#path);
      return { state: toState({ generation, checksum: checksumOf(text) }, record), record };
    } catch (error) {
      if (!(error instanceof InvalidRegistryError)) throw error;
      // Somebody is about to mend it: no other registry of the generation before takes its place.
      const generation = record?.generation ?? 0;
      return { state: { generation, checksum: checksumOf(text ?? "?"), byHand: true }, record };
    }
  }

  /** Makes the folder of the file. */
  async makeFolder(): Promise<void> {
    const folder = folderOf(this.#path);
    await accessing(
      { path: this.#path, action: "create the folder of" },
      () => Deno.mkdir(folder, { recursive: true, mode: 0o755 }),
    );
  }

  /** Replaces the file. */
  async replace(text: string, record: Omit<RegistryRecord, "checksums">): Promise<void> {
    const old = await this.readText();
    const checksums = [checksumOf(text), ...old === undefined ? [] : [checksumOf(old)]];
    await accessing({ path: this.#path, action: "write" }, async () => {
      // Under the lock nobody else uses these names.
      await this.#record.write({ ...record, checksums });
      await replaceFile({ path: this.#path, temporaryName: ".webhooks.toml.new", text });
    });
  }

  /** Replaces the record only. */
  async note(record: RegistryRecord): Promise<void> {
    await accessing(
      { path: this.#path, action: "write what belongs to" },
      () => this.#record.write(record),
    );
  }

  /** Copies the file aside. @returns Where to. */
  async keepAside({ generation, checksum }: RegistryState): Promise<string> {
    const copy = `${this.#path}.replaced-${generation}-${checksum.slice(0, 8)}`;
    return await accessing({ path: this.#path, action: "keep a copy of" }, async () => {
      await Deno.copyFile(this.#path, copy);
      await Deno.chmod(copy, 0o600);
      return copy;
    });
  }
}

async function readBytes(path: string): Promise<Uint8Array | undefined> {
  try {
    // Opening a pipe would wait for somebody to write into it.
    const { isFile } = await Deno.stat(path);
    if (!isFile) throw new TypeError("it is no regular file");
    return await Deno.readFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
