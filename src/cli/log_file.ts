/**
 * The log of a daemon that nobody reads the standard error of.
 *
 * @module
 */
import { folderOf } from "../std/files.ts";
import { HintedError } from "../std/hinted_error.ts";

/** Where the log goes of a daemon that was started without systemd. */
export const DEFAULT_LOG_FILE = "/var/log/glusterfs/gluster-eventing.log";

/** The log cannot be written. */
export class LogFileError extends HintedError {
  override readonly name = "LogFileError";
}

const LOOK_EVERY_MS = 1000;

/** A file that is appended to, and made anew when it was moved aside. */
export class LogFile implements Disposable {
  readonly #path: string;
  readonly #steadyNow: () => number;
  #file: Deno.FsFile;
  #lookedMs: number;

  private constructor(path: string, file: Deno.FsFile, steadyNow: () => number) {
    this.#path = path;
    this.#file = file;
    this.#steadyNow = steadyNow;
    this.#lookedMs = steadyNow();
  }

  /**
   * Opens it, and makes it and its folder if need be.
   *
   * @param steadyNow Milliseconds that do not jump.
   * @throws {LogFileError}
   */
  static async open(path: string, steadyNow: () => number): Promise<LogFile> {
    return new LogFile(path, await openFile(path), steadyNow);
  }

  /** Appends bytes. @returns How many were taken. */
  async write(bytes: Uint8Array): Promise<number> {
    await this.#follow();
    return await this.#file.write(bytes);
  }

  /** Gluster's own log rotation moves this log too, and sends this daemon no signal. */
  async #follow(): Promise<void> {
    const nowMs = this.#steadyNow();
    if (nowMs - this.#lookedMs < LOOK_EVERY_MS) return;
    this.#lookedMs = nowMs;
    try {
      if (await isSame(this.#path, this.#file)) return;
      await this.reopen();
    } catch (error) {
      // It goes on in the file that is open, and looks again.
      if (!(error instanceof Error)) throw error;
    }
  }

  /** Goes on in the file that has the name now. If that fails, all stays. @throws {LogFileError} */
  async reopen(): Promise<void> {
    const before = this.#file;
    this.#file = await openFile(this.#path);
    before.close();
  }

  [Symbol.dispose](): void {
    this.#file.close();
  }
}

async function isSame(path: string, file: Deno.FsFile): Promise<boolean> {
  const open = await file.stat();
  try {
    const { ino, dev } = await Deno.stat(path);
    return ino === open.ino && dev === open.dev;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function openFile(path: string): Promise<Deno.FsFile> {
  try {
    await Deno.mkdir(folderOf(path), { recursive: true });
    return await Deno.open(path, { create: true, append: true, mode: 0o600 });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new LogFileError(
      `Cannot write the log to ${path}: ${reason}`,
      "run it as root, or name another file with --log-file",
      { cause: error },
    );
  }
}

const TAIL_BYTES = 4096;

/** The last line of a text file; `undefined` if it has none or cannot be read. */
export async function lastLineOf(path: string): Promise<string | undefined> {
  try {
    using file = await Deno.open(path, { read: true });
    const { size } = await file.stat();
    await file.seek(Math.max(0, size - TAIL_BYTES), Deno.SeekMode.Start);
    const bytes = new Uint8Array(TAIL_BYTES);
    const count = await file.read(bytes) ?? 0;
    const lines = new TextDecoder().decode(bytes.subarray(0, count)).trimEnd().split("\n");
    return lines.at(-1) || undefined;
  } catch (error) {
    // It only helps to explain another failure.
    if (error instanceof Error) return undefined;
    throw error;
  }
}
