/**
 * Files that hold a secret, made by a command.
 *
 * @module
 */
import { writeAll } from "../std/files.ts";
import { CommandError } from "./command.ts";
import { EXIT } from "./exit_codes.ts";

/** Writes a file that only its owner can read. @throws {CommandError} If there is one already. */
export async function writeNewFile(path: string, text: string): Promise<void> {
  try {
    using file = await Deno.open(path, { write: true, createNew: true, mode: 0o600 });
    await writeAll(file, new TextEncoder().encode(text));
    await file.sync();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const [reason, hint] = error instanceof Deno.errors.AlreadyExists
      ? [
        "it exists already",
        `a secret is never overwritten: name another file, or remove it first: rm ${path}`,
      ]
      : [
        error.message,
        "see whether the folder is there and can be written, or name another file",
      ];
    throw new CommandError(EXIT.failed, `Cannot write ${path}: ${reason}`, hint);
  }
}
