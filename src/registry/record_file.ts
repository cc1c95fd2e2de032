/**
 * What the commands know of the registry that they wrote, in a file beside it.
 *
 * @module
 */
import { replaceFile } from "./replace_file.ts";
import { folderOf, ignoreMissing } from "../std/files.ts";
import type { RegistryRecord } from "./registry_state.ts";

const RECORD_NAME = ".webhooks.toml.record";

/** Reads and writes the record of a registry; whoever writes holds the registry's lock. */
export class RecordFile {
  readonly #path: string;

  /** @param registryPath The registry that it is about. */
  constructor(registryPath: string) {
    this.#path = `${folderOf(registryPath)}/${RECORD_NAME}`;
  }

  /** What it says; `undefined` if there is none, or one that is damaged. */
  async read(): Promise<RegistryRecord | undefined> {
    const text = await Deno.readTextFile(this.#path).catch(ignoreMissing);
    return text === undefined ? undefined : parseRecord(text);
  }

  /** Replaces it. */
  async write(record: RegistryRecord): Promise<void> {
    const text = `${JSON.stringify(record)}\n`;
    await replaceFile({ path: this.#path, temporaryName: `${RECORD_NAME}.new`, text });
  }
}

function parseRecord(text: string): RegistryRecord | undefined {
  try {
    // Of `null` nothing can be taken apart.
    const { generation, checksums, confirmed, ancestors, keptAs } = JSON.parse(text) ?? {};
    const isRecord = typeof generation === "number" && Array.isArray(checksums);
    if (!isRecord) return undefined;
    return {
      generation,
      checksums,
      confirmed: confirmed === true,
      ancestors: Array.isArray(ancestors) ? ancestors : [],
      ...(typeof keptAs === "string" ? { keptAs } : {}),
    };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
