/**
 * Certificates and keys from the files that a webhook names, read again when they change.
 *
 * @module
 */
import type { Transport } from "../../registry/schema.ts";
import { readSmallFileSync } from "../../std/files.ts";
import { HintedError } from "../../std/hinted_error.ts";
import { FileCache } from "../file_cache.ts";
import { faultOfCa, faultOfClient } from "./try_tls_material.ts";

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

const CERTIFICATE = /^-----BEGIN CERTIFICATE-----\s*$/m;

const FILES: Readonly<Record<FileKey, { readonly setting: string; readonly label: RegExp }>> = {
  caFile: { setting: "ca-file", label: CERTIFICATE },
  certFile: { setting: "cert-file", label: CERTIFICATE },
  keyFile: { setting: "key-file", label: /^-----BEGIN (?:RSA |EC )?PRIVATE KEY-----\s*$/m },
};

/** In PKCS #8, and in the older form of OpenSSL. */
const ENCRYPTED = /^-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m;

/** What a file of DER begins with. */
const DER_SEQUENCE = 0x30;

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
   * @throws {TlsMaterialError} If one cannot be read, or does not hold what it should, or what it
   *   holds cannot be used.
   */
  load(transport: Transport): TlsMaterial | undefined {
    const { caFile, certFile, keyFile } = transport;
    if (caFile === undefined && certFile === undefined) return undefined;
    return this.#files.load([caFile, certFile, keyFile], () => readAll(transport));
  }
}

function readAll({ caFile, certFile, keyFile }: Transport): TlsMaterial {
  return {
    caCerts: caFile === undefined ? [] : [readCa(caFile)],
    ...(certFile === undefined || keyFile === undefined
      ? {}
      : { client: readClient(certFile, keyFile) }),
  };
}

function readCa(path: string): string {
  const text = readPem("caFile", path);
  const fault = faultOfCa(text);
  if (fault === undefined) return text;
  throw new TlsMaterialError(
    `A certificate in ca-file ${path} cannot be read: ${fault}`,
    `it is damaged, see which one: openssl storeutl -noout -text -certs ${path}`,
  );
}

/** What is wrong with a certificate and its key, by what rustls says; with what helps. */
const CLIENT_FAULTS: readonly (readonly [RegExp, string, (cert: string, key: string) => string])[] =
  [
    [
      /KeyMismatch/,
      "the key is not that of the first certificate",
      (cert, key) =>
        "the client's certificate has to come before those in between; these two have to print " +
        `the same: openssl x509 -noout -pubkey -in ${cert}; openssl pkey -pubout -in ${key}`,
    ],
    [
      /UnsupportedCertVersion/,
      "the certificate is of version 1 of X.509",
      () =>
        "only version 3 will do, which openssl x509 -req makes when it is given an extension: " +
        "-copy_extensions copy, or -extfile FILE with basicConstraints=critical,CA:FALSE",
    ],
    [
      /parse private key|No keys found|decode key/,
      "the key is damaged or of a kind that is not known here",
      (_cert, key) =>
        "it has to be RSA of 2048 bits or more, ECDSA (P-256, P-384, P-521) or Ed25519: " +
        `openssl pkey -noout -text -in ${key}`,
    ],
    [
      /BadEncoding|pem|base64|Invalid/i,
      "a certificate is damaged",
      (cert) => `see which one: openssl storeutl -noout -text -certs ${cert}`,
    ],
  ];

function readClient(certFile: string, keyFile: string): { cert: string; key: string } {
  const client = { cert: readPem("certFile", certFile), key: readPem("keyFile", keyFile) };
  const fault = faultOfClient(client);
  if (fault === undefined) return client;
  const [, reason = fault, advise] = CLIENT_FAULTS.find(([pattern]) => pattern.test(fault)) ?? [];
  throw new TlsMaterialError(
    `Cannot use cert-file ${certFile} with key-file ${keyFile}: ${reason}`,
    advise?.(certFile, keyFile) ?? `see what is in them: head -1 ${certFile} ${keyFile}`,
  );
}

function readPem(key: FileKey, path: string): string {
  const { setting, label } = FILES[key];
  let bytes: Uint8Array;
  try {
    bytes = readSmallFileSync(path);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new TlsMaterialError(
      `Cannot read ${setting} ${path}: ${error.message}`,
      `the file has to be on every node, and readable for root: ls -l ${path}`,
    );
  }
  const text = new TextDecoder().decode(bytes);
  const isEncrypted = key === "keyFile" && ENCRYPTED.test(text);
  if (label.test(text) && !isEncrypted) return text;
  const [message, hint] = isEncrypted
    ? [
      `The private key in ${setting} ${path} is encrypted`,
      "nobody is there to type its password: store it without one, readable for root only: " +
      `openssl pkey -in ${path} -out NEW_FILE`,
    ]
    : describeStranger(bytes, key, path);
  throw new TlsMaterialError(message, hint);
}

/** What is wrong with a file that is not PEM of the right kind, and what helps. */
function describeStranger(
  bytes: Uint8Array,
  key: FileKey,
  path: string,
): readonly [message: string, hint: string] {
  const what = key === "keyFile" ? "private key" : "certificate";
  const message = `There is no ${what} in ${FILES[key].setting} ${path}`;
  if (bytes.length === 0) return [`${message}: the file is empty`, `put it there: ls -l ${path}`];
  if (bytes[0] === DER_SEQUENCE) {
    const command = key === "keyFile" ? "pkey" : "x509";
    return [
      `${message}: it is DER, not PEM`,
      `make it PEM: openssl ${command} -inform DER -in ${path} -out NEW_FILE`,
    ];
  }
  return [message, `it has to be PEM, with a line that begins with -----BEGIN: head -1 ${path}`];
}
