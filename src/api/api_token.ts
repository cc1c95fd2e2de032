/**
 * The token of whoever may use the API over TCP.
 *
 * @module
 */
import { readSmallFileSync } from "../std/files.ts";
import { HintedError } from "../std/hinted_error.ts";

/** The file of the token cannot be used. */
export class ApiTokenError extends HintedError {
  override readonly name = "ApiTokenError";
}

const SHORTEST = 16;
const LONGEST = 4096;
/** What can stand behind `Bearer ` (RFC 6750, 2.1), and the other printable characters. */
const TOKEN = /^[\x21-\x7e]+$/;

/**
 * Reads the token from its file, without the line's end.
 *
 * @throws {ApiTokenError} If it cannot be read, or holds no token of 16 to 4096 characters.
 */
export function readApiToken(path: string): string {
  let text: string;
  try {
    text = new TextDecoder().decode(readSmallFileSync(path));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new ApiTokenError(
      `Cannot read api-token-file ${path}: ${error.message}`,
      `make one on each node: (umask 077; openssl rand -hex 32 > ${path})`,
      { cause: error },
    );
  }
  const token = text.replace(/\r?\n$/, "");
  if (token.length >= SHORTEST && token.length <= LONGEST && TOKEN.test(token)) return token;
  // What it holds is a secret.
  throw new ApiTokenError(
    `There is no token in api-token-file ${path}: it has to be one line of ${SHORTEST} to ` +
      `${LONGEST} printable characters without blanks`,
    `make one: (umask 077; openssl rand -hex 32 > ${path})`,
  );
}

/** The token in the value of an Authorization header, if there is one. */
export function bearerOf(authorization: string | undefined): string | undefined {
  return /^bearer +([\x21-\x7e]+)$/i.exec(authorization ?? "")?.[1];
}
