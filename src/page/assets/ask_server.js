// @ts-check
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/**
 * Questions to the server that the page came from.
 *
 * @module
 */

const LONGEST_MS = 10_000;

/** The server wants to know first who asks. */
export class LoginNeededError extends Error {
  /** @override */
  name = "LoginNeededError";
}

/** The server answered, and it is not what was asked for. */
export class ServerAnswerError extends Error {
  /** @override */
  name = "ServerAnswerError";

  /**
   * @param {string} message
   * @param {number} status
   */
  constructor(message, status) {
    super(message);
    /** @readonly */
    this.status = status;
  }
}

/**
 * Asks for JSON.
 *
 * @param {string} path
 * @param {RequestInit} [options]
 * @returns {Promise<any>} What the caller knows to be at this path.
 * @throws {LoginNeededError} If the server answers 401.
 * @throws {ServerAnswerError} If it answers anything else but 2xx.
 * @throws {TypeError} If it cannot be reached.
 */
export async function askServer(path, options = {}) {
  const response = await fetch(path, {
    cache: "no-store",
    signal: AbortSignal.timeout(LONGEST_MS),
    ...options,
  });
  if (response.status === 401) throw new LoginNeededError(`${path} needs a login`);
  if (!response.ok) {
    const text = wordsIn((await response.text()).trim());
    throw new ServerAnswerError(
      text === "" ? `${response.status} of ${path}` : text,
      response.status,
    );
  }
  return await response.json();
}

/** Servers answer with `{ error, hint? }`. @param {string} text */
function wordsIn(text) {
  try {
    const { error, hint } = JSON.parse(text);
    if (typeof error !== "string") return text;
    return typeof hint === "string" ? `${error} (${hint})` : error;
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}
