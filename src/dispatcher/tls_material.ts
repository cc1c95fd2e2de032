/**
 * Certificates and keys from the files that a webhook names, read again when they change.
 *
 * @module
 */
import type { Transport } from "../registry/schema.ts";
import { HintedError } from "../std/hinted_error.ts";
import { FileCache } from "./file_cache.ts";

/** What a connection is secured with beside what is trusted anyway; texts are PEM. */
export interface TlsMaterial {
  readonly caCerts: readonly string[];
  /** The certificate chain that the receiver is shown, with its key. */
  readonly client?: { readonly cert: string; readonly key: string };
}

/** A file of certificates or of a key cannot be used. */
export class TlsMaterialError extends HintedError {
  override readonly name = "TlsMaterialError";
}

type FileKey = "caFile" | "certFile" | "keyFile";

const FILES: Readonly<Record<FileKey, { readonly setting: string; readonly label: RegExp }>> = {
  caFile: { setting: "ca-file", label: /^-----BEGIN CERTIFICATE-----$/m },
  certFile: { setting: "cert-file", label: /^-----BEGIN CERTIFICATE-----$/m },
  keyFile: { setting: "key-file", label: /^-----BEGIN (?:RSA |EC )?PRIVATE KEY-----$/m },
};

/** Reads the files of webhooks. */
export class TlsMaterialStore {
  readonly #files: FileCache<TlsMaterial>;

  /** @param steadyNow A clock that does not jump, in milliseconds. */
  constructor(steadyNow?: () => number) {
    this.#files = new FileCache(steadyNow);
  }

  /**
   * What the files hold: the same object as long as they do not change, `undefined` if the webhook
   * names none.
   *
   * @throws {TlsMaterialError} If one cannot be read, or does not hold what it should.
   */
  load({ caFile, certFile, keyFile }: Transport): TlsMaterial | undefined {
    if (caFile === undefined && certFile === undefined) return undefined;
    const paths = { caFile, certFile, keyFile };
    return this.#files.load([caFile, certFile, keyFile], () => readAll(paths));
  }
}

function readAll(
  { caFile, certFile, keyFile }: Readonly<Record<FileKey, string | undefined>>,
): TlsMaterial {
  return {
    caCerts: caFile === undefined ? [] : [readPem("caFile", caFile)],
    ...(certFile === undefined || keyFile === undefined
      ? {}
      : { client: { cert: readPem("certFile", certFile), key: readPem("keyFile", keyFile) } }),
  };
}

function readPem(key: FileKey, path: string): string {
  const { setting, label } = FILES[key];
  let text: string;
  try {
    text = Deno.readTextFileSync(path);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new TlsMaterialError(
      `Cannot read ${setting} ${path}: ${error.message}`,
      `the file has to be on every node, and readable for root: ls -l ${path}`,
    );
  }
  if (label.test(text)) return text;
  const what = key === "keyFile" ? "unencrypted private key" : "certificate";
  throw new TlsMaterialError(
    `There is no ${what} in ${setting} ${path}`,
    `it has to be PEM, with a line that begins with -----BEGIN: head -1 ${path}`,
  );
}
