/**
 * The one door to the terminal.
 *
 * @module
 */

import { HintedError } from "../std/hinted_error.ts";
import { Libc } from "../std/libc.ts";
import { toPlainJson } from "../std/plain_text.ts";

/** The output could not be written, for example because a disk is full. */
export class OutputError extends HintedError {
  override readonly name = "OutputError";
}

/** Where a process writes. */
export interface Streams {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** Whether it is known that nobody reads standard output any more. */
  readonly isReaderGone?: () => boolean;
}

/** Writes what a command has to say, as text or as JSON. */
export class Output {
  readonly #streams: Streams;
  /** Whether `--json` was given. */
  readonly isJson: boolean;

  constructor(streams: Streams, options: { json: boolean }) {
    this.#streams = streams;
    this.isJson = options.json;
  }

  /** Writes the result: lines for people, or upstream's JSON shape around the data. */
  result(lines: readonly string[], data: unknown): void {
    if (this.isJson) this.line(toPlainJson({ output: data, error: "" }));
    else if (lines.length > 0) this.line(lines.join("\n"));
  }

  /** Writes a line to standard output. */
  line(text: string): void {
    this.#streams.stdout(`${text}\n`);
  }

  /** Writes a line to standard error. */
  note(text: string): void {
    this.#streams.stderr(`${text}\n`);
  }

  /** Whether it is known that nobody reads any more what is written, as after `| head`. */
  isReaderGone(): boolean {
    return this.#streams.isReaderGone?.() ?? false;
  }

  /** Writes a last word to standard error: if that fails, nothing can be done about it. */
  lastWord(text: string): void {
    try {
      this.note(text);
    } catch (error) {
      // There is no other place to say it.
      if (!(error instanceof OutputError)) throw error;
    }
  }
}

/** The streams of this process. */
export function processStreams(): Streams {
  return {
    stdout: (text) => writeAll(Deno.stdout, text),
    stderr: (text) => writeAll(Deno.stderr, text),
    isReaderGone,
  };
}

const STDOUT = 1;

function isReaderGone(): boolean {
  using libc = Libc.open();
  return libc?.isReaderGone(STDOUT) ?? false;
}

// Somebody made the pipe non-blocking, and it is full at the moment.
const FULL_PIPE_PAUSE_MS = 5;

function writeAll(stream: { writeSync(bytes: Uint8Array): number }, text: string): void {
  const bytes = new TextEncoder().encode(text);
  for (let written = 0; written < bytes.length;) {
    try {
      written += stream.writeSync(bytes.subarray(written));
    } catch (error) {
      // Whoever read it has gone, as with `| head`: there is nobody left to tell.
      if (error instanceof Deno.errors.BrokenPipe) return;
      if (!(error instanceof Deno.errors.WouldBlock)) throw toOutputError(error);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, FULL_PIPE_PAUSE_MS);
    }
  }
}

function toOutputError(error: unknown): OutputError {
  const reason = error instanceof Error ? error.message : String(error);
  const hint = "see where the output goes: it may be a full disk or a closed terminal";
  return new OutputError(`Cannot write the output: ${reason}`, hint, { cause: error });
}
