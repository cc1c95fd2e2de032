/**
 * Which cursor belongs to which webhook when the registry has changed.
 *
 * @module
 */

import { createHash } from "node:crypto";

/** A webhook as the spool knows it. */
export interface CursorOwner {
  readonly name: string;
  /** The URL, or its fingerprint. */
  readonly url: string;
}

const FINGERPRINT = /^sha256:[0-9a-f]{32}$/;

/**
 * What the spool keeps of a URL, which may hold a password or a token: enough to know it again. A
 * fingerprint is its own.
 */
export function fingerprintUrl(url: string): string {
  if (FINGERPRINT.test(url)) return url;
  return `sha256:${createHash("sha256").update(url).digest("hex").slice(0, 32)}`;
}

/** What to do with the cursors so that there is one for each webhook. */
export interface CursorPlan {
  /** Webhooks that keep a cursor; `from` is the name it has so far. */
  readonly keep: readonly { readonly from: string; readonly owner: CursorOwner }[];
  /** Webhooks that are new and begin with the next event. */
  readonly add: readonly CursorOwner[];
  /** The names of cursors whose webhook is gone. */
  readonly drop: readonly string[];
}

/**
 * Matches cursors and webhooks by name, and what is then left by URL: changing one of the two keeps
 * the cursor. A new name is never one of the old ones, since those were matched first.
 */
export function planCursors(
  known: readonly CursorOwner[],
  wanted: readonly CursorOwner[],
): CursorPlan {
  const left = new Map(known.map((owner) => [owner.name, owner]));
  const keep: { from: string; owner: CursorOwner }[] = [];
  const add: CursorOwner[] = [];
  for (const owner of wanted) {
    if (left.delete(owner.name)) keep.push({ from: owner.name, owner });
  }
  for (const owner of wanted) {
    if (keep.some((kept) => kept.owner === owner)) continue;
    const fingerprint = fingerprintUrl(owner.url);
    const renamed = [...left.values()].find(({ url }) => fingerprintUrl(url) === fingerprint);
    if (renamed === undefined) {
      add.push(owner);
    } else {
      left.delete(renamed.name);
      keep.push({ from: renamed.name, owner });
    }
  }
  return { keep, add, drop: [...left.keys()] };
}
