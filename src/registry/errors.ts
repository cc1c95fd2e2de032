/**
 * What can be wrong with the registry.
 *
 * @module
 */
import { HintedError } from "../std/hinted_error.ts";

/** One thing that is wrong in a registry file. */
export interface Problem {
  /** The line, from 1; absent if the file as a whole is meant. */
  readonly line?: number;
  /** The key with its table, for example `webhook[0].timeout`; absent for a syntax error. */
  readonly key?: string;
  /** What is wrong, with the value seen and what is allowed. */
  readonly message: string;
  /** What to do about it, where that is not plain. */
  readonly hint?: string;
}

/** A key of a table whose value does not go with the others. */
export interface KeyFault<K extends string = string> {
  readonly key: K;
  readonly message: string;
  /** What to do about it, where that is not plain. */
  readonly hint?: string;
}

/** The registry file or a wanted change of it is invalid; nothing was written. */
export class InvalidRegistryError extends Error {
  override readonly name = "InvalidRegistryError";
  readonly path: string;
  readonly problems: readonly Problem[];

  constructor(path: string, problems: readonly Problem[]) {
    super(`The registry ${path} is not valid: ${problems.map(describeProblem).join("; ")}`);
    this.path = path;
    this.problems = problems;
  }
}

/** The registry file could not be read, locked or written. */
export class RegistryAccessError extends HintedError {
  override readonly name = "RegistryAccessError";
}

/** The registry of another node cannot be read by this version. */
export class ForeignRegistryError extends HintedError {
  override readonly name = "ForeignRegistryError";
}

/** The value given for a key is not allowed. */
export class InvalidValueError extends Error {
  override readonly name = "InvalidValueError";
  /** What to do about it, where that is not plain. */
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}

/** There is a webhook with this URL or name already. */
export class WebhookExistsError extends Error {
  override readonly name = "WebhookExistsError";
  /** The name of the one that exists. */
  readonly existing: string;

  constructor(message: string, existing: string) {
    super(message);
    this.existing = existing;
  }
}

/** No webhook has this URL or name. */
export class UnknownWebhookError extends Error {
  override readonly name = "UnknownWebhookError";
  /** What was asked for. */
  readonly asked: string;
  /** The names of the webhooks that exist. */
  readonly known: readonly string[];

  constructor(message: string, { asked, known }: { asked: string; known: readonly string[] }) {
    super(message);
    this.asked = asked;
    this.known = known;
  }
}

/** A problem in one line: where, which key, what. */
export function describeProblem({ line, key, message }: Problem): string {
  const where = [line === undefined ? "" : `line ${line}`, key ?? ""].filter((part) => part !== "");
  return where.length === 0 ? message : `${where.join(", ")}: ${message}`;
}
