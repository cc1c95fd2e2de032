/**
 * The one door to the terminal.
 *
 * @module
 */

/** Where a process writes. */
export interface Streams {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** Whether a person looks at standard output. */
  readonly isTerminal: boolean;
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

  /** Whether a person looks at standard output. */
  get isTerminal(): boolean {
    return this.#streams.isTerminal;
  }

  /** Writes the result: lines for people, or upstream's JSON shape around the data. */
  result(lines: readonly string[], data: unknown): void {
    if (this.isJson) this.line(JSON.stringify({ output: data, error: "" }));
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
}

/** The streams of this process. */
export function processStreams(): Streams {
  return {
    stdout: (text) => writeAll(Deno.stdout, text),
    stderr: (text) => writeAll(Deno.stderr, text),
    isTerminal: Deno.stdout.isTerminal(),
  };
}

function writeAll(stream: { writeSync(bytes: Uint8Array): number }, text: string): void {
  const bytes = new TextEncoder().encode(text);
  try {
    for (let written = 0; written < bytes.length;) {
      written += stream.writeSync(bytes.subarray(written));
    }
  } catch (error) {
    // Whoever read it has gone, as with `| head`: there is nobody left to tell.
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}
