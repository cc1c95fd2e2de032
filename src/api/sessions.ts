/**
 * Who has logged in with a browser, which cannot send a token with every request. Sessions are kept
 * in memory only: they end with the gate.
 *
 * @module
 */
import { createHash, randomBytes } from "node:crypto";

/** A login that has not ended. */
export interface Session {
  /** Aborted when it ends, so that what it has opened ends too. */
  readonly ended: AbortSignal;
}

/** What is kept of a session; its id is kept by nobody but the browser. */
interface Kept {
  readonly ending: AbortController;
  readonly tokenDigest: string;
  readonly openedMs: number;
  usedMs: number;
}

/** What sessions are given. */
export interface SessionsOptions {
  /** By a clock that does not jump. */
  readonly steadyNow: () => number;
  /** Sessions at the same time; the one that was used least recently gives way. */
  readonly most?: number;
}

/** How long a session lasts. */
export const LONGEST_SESSION_MS = 12 * 60 * 60 * 1000;
/** How long it lasts while nobody uses it. */
export const UNUSED_SESSION_MS = 60 * 60 * 1000;

const MOST = 64;
const ID_BYTES = 32;
/** What so many bytes are in base64url. */
const ID = /^[\w-]{43}$/;

/** The sessions of a gate. */
export class Sessions {
  readonly #steadyNow: () => number;
  readonly #most: number;
  /** By the digests of their ids: how long a search takes tells nothing of an id. */
  readonly #kept = new Map<string, Kept>();

  constructor({ steadyNow, most = MOST }: SessionsOptions) {
    this.#steadyNow = steadyNow;
    this.#most = most;
  }

  /** Begins one for whoever has shown the token. @returns Its id: 256 random bits in base64url. */
  open(token: string): string {
    this.endOld(token);
    for (const [digest] of this.#kept) {
      if (this.#kept.size < this.#most) break;
      this.#end(digest);
    }
    const id = randomBytes(ID_BYTES).toString("base64url");
    const nowMs = this.#steadyNow();
    this.#kept.set(digestOf(id), {
      ending: new AbortController(),
      tokenDigest: digestOf(token),
      openedMs: nowMs,
      usedMs: nowMs,
    });
    return id;
  }

  /**
   * The session of the first of these ids that has one, which is used now; `undefined` if there is
   * none, or none any more. Anybody can send any number of ids.
   */
  use(ids: readonly string[], token: string): Session | undefined {
    this.endOld(token);
    for (const id of ids) {
      const digest = ID.test(id) ? digestOf(id) : "";
      const kept = this.#kept.get(digest);
      if (kept === undefined) continue;
      kept.usedMs = this.#steadyNow();
      // The one that was used last goes last.
      this.#kept.delete(digest);
      this.#kept.set(digest, kept);
      return { ended: kept.ending.signal };
    }
    return undefined;
  }

  /** Ends it, if there is one of this id. */
  end(id: string): void {
    this.#end(digestOf(id));
  }

  /** Ends those whose time is over, or that were begun with another token. */
  endOld(token: string | null): void {
    const nowMs = this.#steadyNow();
    const tokenDigest = token === null ? undefined : digestOf(token);
    for (const [digest, kept] of this.#kept) {
      const isOver = nowMs - kept.openedMs >= LONGEST_SESSION_MS ||
        nowMs - kept.usedMs >= UNUSED_SESSION_MS;
      if (isOver || kept.tokenDigest !== tokenDigest) this.#end(digest);
    }
  }

  #end(digest: string): void {
    this.#kept.get(digest)?.ending.abort();
    this.#kept.delete(digest);
  }
}

function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}
