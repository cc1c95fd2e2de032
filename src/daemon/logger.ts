/**
 * The daemon's log: one line per change of state, readable by people and by programs.
 *
 * @module
 */
import { toPlainJson } from "../std/plain_text.ts";
import { LOG_LEVELS, type LogLevel } from "../registry/schema.ts";

/** Named values of a log line; `undefined` ones are left out. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** Writes log lines of at least a certain level. */
export class Logger {
  /** The least severe lines that are written. */
  level: LogLevel = "INFO";
  readonly #write: (line: string) => void;
  readonly #now: () => number;

  constructor(options: { write: (line: string) => void; now: () => number }) {
    this.#write = options.write;
    this.#now = options.now;
  }

  /** Whether lines of this level are written. */
  isOn(level: LogLevel): boolean {
    return LOG_LEVELS.indexOf(level) >= LOG_LEVELS.indexOf(this.level);
  }

  /** Writes a line, if its level is on. */
  log(level: LogLevel, message: string, fields: LogFields = {}): void {
    if (!this.isOn(level)) return;
    this.#write(formatLogLine({ nowMs: this.#now(), level, message, fields }));
  }
}

/** A log line: time, level, message, then `name=value` pairs, with quotes where they need some. */
export function formatLogLine(
  line: { nowMs: number; level: LogLevel; message: string; fields: LogFields },
): string {
  const pairs = Object.entries(line.fields).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${quote(String(value))}`]
  );
  const time = new Date(line.nowMs).toISOString();
  return [time, line.level.padEnd(7), line.message, ...pairs].join(" ");
}

function quote(value: string): string {
  return /^[^\s"=\p{Cc}\p{Cf}]+$/u.test(value) ? value : toPlainJson(value);
}
