/**
 * Files that hold a secret or a token: a text in each line, and nothing else.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import type { Signature, Webhook } from "../registry/schema.ts";
import { readStandardSecret } from "../registry/standard_secret.ts";
import { readSmallFileSync } from "../std/files.ts";
import { HintedError } from "../std/hinted_error.ts";

/** Such a file cannot be used. What it holds is never shown. */
export class SecretFileError extends HintedError {
  override readonly name = "SecretFileError";
}

/** A file that nobody but root should be able to read. */
export interface SecretFile {
  /** The registry's key. */
  readonly setting: string;
  readonly path: string;
}

const MOST_BYTES = 65_536;

/** The files with secrets that a webhook names. */
export function secretFilesOf({ bearerTokenFile, signing, transport }: Webhook): SecretFile[] {
  const paths = {
    "secret-file": signing?.secretFile,
    "bearer-token-file": bearerTokenFile,
    "key-file": transport.keyFile,
  };
  return Object.entries(paths).flatMap(([setting, path]) =>
    path === undefined ? [] : [{ setting, path }]
  );
}

/**
 * The secrets in a file: the present one, then former ones.
 *
 * @throws {SecretFileError} If there is none, or one does not sign in this way.
 */
export function readSecretLines(path: string, as: Signature): readonly string[] {
  const lines = readLines({ setting: "secret-file", path });
  lines.forEach((line, index) => {
    const fault = as === "jwt" ? textFault(line) : standardFault(line);
    if (fault === undefined) return;
    throw new SecretFileError(
      `Secret ${index + 1} in secret-file ${path} does not sign: ${fault}`,
      as === "jwt"
        ? "each line is a secret, the first one counts"
        : "make a good one: gluster-eventing webhook-secret new",
    );
  });
  return lines;
}

/** The token in a file. @throws {SecretFileError} If there is none, or more than that. */
export function readTokenLine(path: string): string {
  const [token = "", ...others] = readLines({ setting: "bearer-token-file", path });
  if (others.length === 0 && /^[\x21-\x7e]+$/.test(token)) return token;
  throw new SecretFileError(
    `What bearer-token-file ${path} holds is no token`,
    "it has to be one line of printable characters without blanks",
  );
}

/** The lines that are not empty, without their ends. */
function readLines({ setting, path }: SecretFile): string[] {
  const lines = decode(readBytes({ setting, path }), { setting, path })
    .split(/\r?\n/).filter((line) => line !== "");
  if (lines.length > 0) return lines;
  throw new SecretFileError(
    `There is nothing in ${setting} ${path}`,
    `write it into the first line: ls -l ${path}`,
  );
}

function readBytes({ setting, path }: SecretFile): Uint8Array {
  try {
    return readSmallFileSync(path, MOST_BYTES);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new SecretFileError(
      `Cannot read ${setting} ${path}: ${error.message}`,
      `the file has to be on every node, and readable for root: ls -l ${path}`,
    );
  }
}

function decode(bytes: Uint8Array, { setting, path }: SecretFile): string {
  const text = Buffer.from(bytes).toString();
  if (!text.includes("\uFFFD")) return text;
  throw new SecretFileError(
    `What ${setting} ${path} holds is no text`,
    "write it as UTF-8 or, where the receiver allows, in base64",
  );
}

function textFault(line: string): string | undefined {
  return /\p{Cc}/u.test(line) ? "it has control characters" : undefined;
}

function standardFault(line: string): string | undefined {
  const read = readStandardSecret(line);
  return "fault" in read ? read.fault : undefined;
}
