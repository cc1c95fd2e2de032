/**
 * Certificates and keys from the files that a webhook names, read again when they change.
 *
 * @module
 */
import type { Transport } from "../registry/schema.ts";
import { HintedError } from "../std/hinted_error.ts";

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

/** How long it is taken for granted that a file has not changed. */
const LOOK_AGAIN_MS = 1000;

interface Loaded {
  readonly material: TlsMaterial;
  readonly stamp: string;
  readonly atMs: number;
}

/** Reads the files of webhooks. */
export class TlsMaterialStore {
  readonly #steadyNow: () => number;
  readonly #loaded = new Map<string, Loaded>();

  /** @param steadyNow A clock that does not jump, in milliseconds. */
  constructor(steadyNow: () => number = () => performance.now()) {
    this.#steadyNow = steadyNow;
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
    const name = JSON.stringify(paths);
    const nowMs = this.#steadyNow();
    const known = this.#loaded.get(name);
    if (known !== undefined && nowMs - known.atMs < LOOK_AGAIN_MS) return known.material;
    const stamp = [caFile, certFile, keyFile].map(stampOf).join(" ");
    const material = known?.stamp === stamp ? known.material : readAll(paths);
    this.#loaded.set(name, { material, stamp, atMs: nowMs });
    return material;
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

/** Another text whenever the file is another one; empty where it cannot be looked at. */
function stampOf(path: string | undefined): string {
  if (path === undefined) return "-";
  try {
    const { ino, size, mtime } = Deno.statSync(path);
    return `${ino}:${size}:${mtime?.getTime()}`;
  } catch {
    // Reading it says why.
    return "";
  }
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
