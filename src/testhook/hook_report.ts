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

/**
 * What is odd about an event: `duplicate` if it came before and was answered with 2xx, `retry` if it
 * came before and was not.
 */
export type HookMark = "duplicate" | "retry" | "out of order" | "gap";

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
  /** What there is to say about the marks, and about numbers that were left out; may be empty. */
  readonly note: string;
}

/** What became of a request that was sent on. */
export interface HookForward {
  readonly url: string;
  /** What was answered there; `null` if nothing was. */
  readonly status: number | null;
  /** Why nothing was answered. */
  readonly error: string | null;
}

/**
 * A request as the page shows it. One that something more is known of, such as what became of it
 * where it was sent on, comes in the stream once more, under the same number.
 */
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
  /** At most a thousand. */
  readonly events: readonly HookEvent[];
  /** How many events there were. */
  readonly event_count: number;
  /** `null` if it is not sent on, or not yet. */
  readonly forwarded: HookForward | null;
}

/** What is counted of a node's events. */
export interface NodeCounts {
  readonly nodeid: string;
  readonly host: string;
  readonly events: number;
  /** Those that came again although they had been answered with 2xx. */
  readonly duplicates: number;
  /** Those that came again because they had not. */
  readonly retries: number;
  /** Events that came after one that is newer. */
  readonly disorder: number;
  /** Events that are known to be missing, as the node itself says. */
  readonly gaps: number;
  /** Numbers that CloudEvents left out: a filter did not want those events, or they are missing. */
  readonly skipped: number;
}

/** Counts since the test hook started. */
export interface HookSummary {
  /** When the test hook started: another time is another test hook, which counts from 1 again. */
  readonly started_at: string;
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
  readonly started_at: string;
  /** The name of the machine. */
  readonly host: string;
}
