/**
 * The files in which upstream keeps its webhooks and its settings.
 *
 * @module
 */
import { HintedError } from "../std/hinted_error.ts";
import { findJsonFault } from "./json_fault.ts";
import { isTable, showValue } from "./value_kinds.ts";

/** A file of upstream that cannot be understood as a whole. */
export class UpstreamFileError extends HintedError {
  override readonly name = "UpstreamFileError";
}

/** A webhook of upstream; an empty text stands for no token or secret. */
export interface UpstreamWebhook {
  readonly url: string;
  readonly token: string;
  readonly secret: string;
}

/** An entry of a file that upstream itself could not have used. */
export interface BadEntry {
  readonly url: string;
  readonly reason: string;
}

/**
 * Reads the text of `webhooks.json`: an object of URLs, each with an object that has `token` and
 * `secret`, or, until 3.12.2, with the token alone. An empty text has no webhooks.
 *
 * @param path Where the text comes from, for messages.
 * @throws {UpstreamFileError} With the place of what is wrong.
 */
export function readUpstreamWebhooks(
  text: string,
  path: string,
): { webhooks: UpstreamWebhook[]; bad: BadEntry[] } {
  const webhooks: UpstreamWebhook[] = [];
  const bad: BadEntry[] = [];
  for (const [url, entry] of Object.entries(readObject(text, path))) {
    const { token = "", secret = "" } = isTable(entry) ? entry : { token: entry };
    if (typeof token === "string" && typeof secret === "string") {
      webhooks.push({ url, token, secret });
    } else {
      bad.push({ url, reason: "its token and secret must be texts" });
    }
  }
  return { webhooks, bad };
}

/**
 * Reads the text of `config.json`: the settings that were changed. Until 3.9 one of them was called
 * `log_level`; it gets its later name.
 *
 * @param path Where the text comes from, for messages.
 * @throws {UpstreamFileError} With the place of what is wrong.
 */
export function readUpstreamConfig(text: string, path: string): Record<string, unknown> {
  const { log_level: logLevel, ...settings } = readObject(text, path);
  return logLevel === undefined ? settings : { "log-level": logLevel, ...settings };
}

function readObject(text: string, path: string): Readonly<Record<string, unknown>> {
  if (text.trim() === "") return {};
  const value = parseJson(text, path);
  if (isTable(value)) return value;
  throw new UpstreamFileError(
    `Cannot read ${path}: line 1: it must hold a JSON object, not ${showKind(value)}`,
    "it may be another file: name the folder of upstream's files with --from",
  );
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const { line, column, what } = findJsonFault(text) ?? { line: 1, column: 1, what: "no JSON" };
    throw new UpstreamFileError(
      `Cannot read ${path}: line ${line}, column ${column}: ${what}`,
      /^\s*\{\s*\}/.test(text)
        ? 'two commands that wrote it at once leave a "{}" at its beginning: take it away, and ' +
          "what else is too much, so that one object is left"
        : "mend the file, so that it is one JSON object",
    );
  }
}

/** A text may be a secret. */
function showKind(value: unknown): string {
  return typeof value === "string" ? "a text" : showValue(value);
}
