/**
 * What a webhook's requests authenticate with, from the registry or from files of this node.
 *
 * @module
 */
import type { Signing, Webhook } from "../registry/schema.ts";
import { FileCache } from "./file_cache.ts";
import { readSecretLines, readTokenLine } from "./secret_file.ts";

/** What requests authenticate with. */
export interface Credentials {
  /** For the Authorization header. */
  readonly bearerToken?: string;
  /** The present secret first, then former ones that sign too. */
  readonly secrets: readonly string[];
}

/** What the registry itself says of them: nothing of what stands in files. */
export function ownCredentials({ bearerToken, signing }: Webhook, atMs: number): Credentials {
  const own = signing?.secret === undefined ? [] : [signing.secret];
  return { ...withToken(bearerToken), secrets: [...own, ...formerSecrets(signing, atMs)] };
}

/** Reads the files that webhooks name; one without files costs nothing. */
export class CredentialStore {
  readonly #tokens: FileCache<string>;
  readonly #secrets: Readonly<Record<Signing["as"], FileCache<readonly string[]>>>;

  /** @param steadyNow A clock that does not jump, in milliseconds. */
  constructor(steadyNow?: () => number) {
    this.#tokens = new FileCache(steadyNow);
    this.#secrets = { jwt: new FileCache(steadyNow), standard: new FileCache(steadyNow) };
  }

  /**
   * What a request made at a time authenticates with.
   *
   * @param atMs Milliseconds since 1970: a former secret signs until its time is over.
   * @throws {SecretFileError} If a file cannot be read, or does not hold what it should.
   */
  load(webhook: Webhook, atMs: number): Credentials {
    const { bearerTokenFile, signing } = webhook;
    const { secretFile } = signing ?? {};
    const own = ownCredentials(webhook, atMs);
    if (bearerTokenFile === undefined && secretFile === undefined) return own;
    return {
      ...own,
      ...withToken(this.#token(bearerTokenFile)),
      secrets: [...this.#lines(secretFile, signing?.as ?? "jwt"), ...own.secrets],
    };
  }

  #token(path: string | undefined): string | undefined {
    return path === undefined ? undefined : this.#tokens.load([path], () => readTokenLine(path));
  }

  #lines(path: string | undefined, as: Signing["as"]): readonly string[] {
    if (path === undefined) return [];
    return this.#secrets[as].load([path], () => readSecretLines(path, as));
  }
}

function formerSecrets(signing: Signing | undefined, atMs: number): string[] {
  const { oldSecret } = signing ?? {};
  return oldSecret === undefined || atMs >= oldSecret.untilMs ? [] : [oldSecret.secret];
}

function withToken(bearerToken: string | undefined): Pick<Credentials, "bearerToken"> {
  return bearerToken === undefined ? {} : { bearerToken };
}
