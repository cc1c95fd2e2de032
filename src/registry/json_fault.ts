/**
 * Where a text stops being JSON. What `JSON.parse` says of it quotes the text, secrets included.
 *
 * @module
 */

/** What is wrong with a text that should be JSON, and where; both count from 1. */
export interface JsonFault {
  readonly line: number;
  readonly column: number;
  /** What is wrong, without any of the text. */
  readonly what: string;
}

/** The first fault of a text; `undefined` if it is JSON. */
export function findJsonFault(text: string): JsonFault | undefined {
  const scanner = new Scanner(text);
  const what = scanner.value() ?? scanner.end();
  if (what === undefined) return undefined;
  const before = text.slice(0, scanner.at).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, what };
}

const BLANKS = /[ \t\r\n]*/y;
const STRING = /"(?:[^"\\\p{Cc}]|[\x7f-\x9f]|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*"/uy;
const SCALAR = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y;

/** Reads as far as there are no faults. Each method returns what is wrong at `at`, if anything. */
class Scanner {
  at = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  value(): string | undefined {
    this.#take(BLANKS);
    switch (this.#text[this.at]) {
      case undefined:
        return "the text ends where a value is expected";
      case "{":
        return this.#members("}", () => this.#member());
      case "[":
        return this.#members("]", () => this.value());
      case '"':
        return this.#take(STRING) ? undefined : "a text that does not end or is badly escaped";
      default:
        return this.#take(SCALAR) ? undefined : "this is no JSON value";
    }
  }

  end(): string | undefined {
    this.#take(BLANKS);
    return this.at === this.#text.length ? undefined : "there is more text behind the value";
  }

  #members(close: string, member: () => string | undefined): string | undefined {
    this.at++;
    this.#take(BLANKS);
    if (this.#takeSign(close)) return undefined;
    for (;;) {
      const fault = member();
      if (fault !== undefined) return fault;
      this.#take(BLANKS);
      if (this.#takeSign(close)) return undefined;
      if (!this.#takeSign(",")) return `a comma or "${close}" is missing`;
    }
  }

  #member(): string | undefined {
    this.#take(BLANKS);
    if (!this.#take(STRING)) return "a name in double quotes is missing";
    this.#take(BLANKS);
    return this.#takeSign(":") ? this.value() : "a colon is missing";
  }

  #take(pattern: RegExp): boolean {
    pattern.lastIndex = this.at;
    const [taken] = pattern.exec(this.#text) ?? [];
    if (taken !== undefined) this.at += taken.length;
    return taken !== undefined;
  }

  #takeSign(sign: string): boolean {
    if (this.#text[this.at] !== sign) return false;
    this.at++;
    return true;
  }
}
