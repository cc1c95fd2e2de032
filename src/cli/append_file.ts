/**
 * A file that lines are appended to.
 *
 * @module
 */
import { CommandError } from "./command.ts";
import { EXIT } from "./exit_codes.ts";

/** Takes lines until it is disposed of. */
export interface AppendFile extends Disposable {
  /** @throws {CommandError} If it cannot be written. */
  append(line: string): void;
}

/** Opens it, for its owner only if it is new. @throws {CommandError} If that is not possible. */
export function openAppendFile(path: string): AppendFile {
  try {
    const file = Deno.openSync(path, { append: true, create: true, mode: 0o600 });
    return {
      append: (line) => appendLine(file, { path, line }),
      [Symbol.dispose]: () => file.close(),
    };
  } catch (error) {
    throw toOutputError(path, error);
  }
}

function toOutputError(path: string, error: unknown): CommandError {
  const reason = error instanceof Error ? error.message : String(error);
  return new CommandError(
    EXIT.failed,
    `Cannot append to ${path}: ${reason}`,
    "name another file with --output",
    { cause: error },
  );
}

function appendLine(file: Deno.FsFile, { path, line }: { path: string; line: string }): void {
  const bytes = new TextEncoder().encode(`${line}\n`);
  try {
    for (let written = 0; written < bytes.length;) {
      written += file.writeSync(bytes.subarray(written));
    }
  } catch (error) {
    throw toOutputError(path, error);
  }
}
