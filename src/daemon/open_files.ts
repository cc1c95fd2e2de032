/**
 * Warnings of files with secrets that others than root can read.
 *
 * @module
 */
import { secretFilesOf } from "../dispatcher/secret_file.ts";
import type { Webhook } from "../registry/schema.ts";
import type { Logger } from "./logger.ts";

/** Warns of each file once, until its mode changes. */
export class OpenFiles {
  readonly #logger: Logger;
  readonly #warned = new Map<string, number>();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Warns of the registry, at each look: it may hold all secrets there are. */
  async lookAtRegistry(path: string): Promise<void> {
    const mode = await openMode(path);
    if (mode === undefined) return;
    this.#warn("others can read the registry, which may hold secrets", { mode, path });
  }

  /** Warns of the files that webhooks name. */
  async lookAtFilesOf(webhooks: readonly Webhook[]): Promise<void> {
    for (const webhook of webhooks) {
      for (const { setting, path } of secretFilesOf(webhook)) {
        const mode = await openMode(path);
        if (mode === undefined) this.#warned.delete(path);
        if (mode === undefined || this.#warned.get(path) === mode) continue;
        this.#warned.set(path, mode);
        const message = "others can read a file that holds a secret";
        this.#warn(message, { webhook: webhook.name, setting, mode, path });
      }
    }
  }

  #warn(
    message: string,
    { mode, path, ...fields }: {
      readonly mode: number;
      readonly path: string;
      readonly webhook?: string;
      readonly setting?: string;
    },
  ): void {
    this.#logger.log("WARNING", message, {
      ...fields,
      ...modeFields(mode, path),
    });
  }
}

/** The mode of a file that others can read; `undefined` if they cannot, or if there is no file. */
export async function openMode(path: string): Promise<number | undefined> {
  const mode = await Deno.stat(path).then((info) => info.mode, () => null);
  return mode === null || (mode & 0o077) === 0 ? undefined : mode & 0o777;
}

/** What a log line says of such a file. */
export function modeFields(mode: number, path: string): { mode: string; hint: string } {
  return { mode: mode.toString(8).padStart(4, "0"), hint: `chmod 600 ${path}` };
}
