/**
 * What the test hook tells of the requests that it got, in the form that its page, its list and its
 * stream have. Others build on these names: a field once published stays.
 *
 * @module
 */
import type { Severity } from "../event/catalog.ts";

/** Whether a request proves who it is from, by one scheme. */
export interface HookVerdict {
  readonly scheme: "bearer" | "jwt" | "standard";
  readonly ok: boolean;
  /** Why not, or what was proved. */
  readonly reason: string;
}

/** What is odd about an event. */
export type HookMark = "duplicate" | "out of order" | "gap";

/** An event of a request. */
export interface HookEvent {
  /** Empty if the request does not tell. */
  readonly id: string;
  readonly event: string;
  readonly group: string;
  readonly severity: Severity | null;
  readonly nodeid: string;
  /** The host name of the node; empty if the request does not tell. */
  readonly host: string;
  /** What it says, in a line. */
  readonly text: string;
  /** What it says, key by key; `null` if the request's format has no such thing. */
  readonly message: unknown;
  /** When it happened, RFC 3339. */
  readonly at: string | null;
  readonly marks: readonly HookMark[];
}

/** A request as the page shows it. */
export interface HookRequest {
  /** Counts from 1. */
  readonly number: number;
  readonly received_at: string;
  /** `HOST:PORT`. */
  readonly from: string;
  readonly path: string;
  /** Names in lower case; credentials are hidden. */
  readonly headers: Readonly<Record<string, string>>;
  /** As it came; only the beginning of a very long one. */
  readonly body: string;
  readonly body_bytes: number;
  /** The answer; `null` if there was none. */
  readonly status: number | null;
  /** The trouble that was made on demand, in words. */
  readonly trouble: string | null;
  readonly verdicts: readonly HookVerdict[];
  readonly events: readonly HookEvent[];
}

/** What is counted of a node's events. */
export interface NodeCounts {
  readonly nodeid: string;
  readonly host: string;
  readonly events: number;
  readonly duplicates: number;
  /** Events that came after one that is newer. */
  readonly disorder: number;
  /** Events that are known to be missing. */
  readonly gaps: number;
}

/** Counts since the test hook started. */
export interface HookSummary {
  readonly requests: number;
  readonly events: number;
  /** Requests whose verification failed. */
  readonly unverified: number;
  readonly nodes: readonly NodeCounts[];
}

/** What the page asks first, at `GET /v1/page`. */
export interface HookPage {
  readonly kind: "test-hook";
  readonly version: string;
  /** What to register. */
  readonly url: string;
  /** How many of the last requests are kept. */
  readonly keeps: number;
}
