/**
 * What a running daemon says of itself. Others build on these names: a field once published stays.
 *
 * @module
 */

/** The answer of `GET /v1/status`. Times are RFC 3339, durations seconds. */
export interface StatusReport {
  readonly version: string;
  readonly pid: number;
  readonly node_id: string;
  readonly started_at: string;
  readonly uptime_seconds: number;
  /** UDP addresses, `host:port`. */
  readonly listening: readonly string[];
  readonly api: ApiStatus;
  readonly registry: RegistryStatus;
  readonly spool: SpoolStatus;
  readonly events: EventCounts;
  readonly webhooks: readonly WebhookStatus[];
}

/** The API over TCP, beside the control socket. */
export interface ApiStatus {
  /** URLs; none if it is not served. */
  readonly listening: readonly string[];
  /** Why it is not served as the registry wants it. */
  readonly problem: string | null;
  /** Requests and connections that were refused since the daemon started. */
  readonly refused: number;
}

/** Where the spool is and whether it can be written. */
export interface SpoolStatus {
  readonly path: string;
  readonly ok: boolean;
  /** Where a file went that was no good, since the daemon started. */
  readonly set_aside: string | null;
}

/** Which registry is in force. */
export interface RegistryStatus {
  readonly path: string;
  readonly generation: number;
  /** What is wrong with the file, if it could not be taken over; the one before is in force. */
  readonly problems: readonly string[];
}

/** Counts since the spool was made; `kernel_drops` since the daemon started. */
export interface EventCounts {
  readonly received: number;
  /** Datagrams that were no events. */
  readonly refused: number;
  /** Datagrams since the daemon started from sources that `allow-from` does not list. */
  readonly denied: number;
  /** Events that wait in memory because the spool cannot be written. */
  readonly held: number;
  /** Events that could not be kept because the spool could not be written. */
  readonly lost: number;
  /** Datagrams that the kernel threw away before they were read; `null` if it does not tell. */
  readonly kernel_drops: number | null;
}

/**
 * How a webhook is doing: `matched = delivered + pending + dead + dropped`. What came in since it
 * was added is `matched + filtered`.
 */
export interface WebhookStatus {
  readonly name: string;
  /** Without user, password and query. */
  readonly url: string;
  readonly state: "waiting" | "delivering" | "retrying" | "paused";
  /** Events that its filter lets through, and those that it was not asked about yet. */
  readonly matched: number;
  readonly delivered: number;
  readonly pending: number;
  readonly dead: number;
  readonly dropped: number;
  /** Events that its filter leaves out. */
  readonly filtered: number;
  readonly oldest_pending_seconds: number | null;
  /** Set while attempts fail. */
  readonly failure: WebhookFailure | null;
  /** Set while nothing is posted to it. */
  readonly pause: WebhookPause | null;
  /** Deliveries that replays added; they are not in `matched`. */
  readonly replayed: number;
  /** How many of these wait; they are not in `pending`. */
  readonly replaying: number;
  /** Until when the certificate is valid that the receiver presents; `null` if that is not known. */
  readonly certificate_expires_at: string | null;
  /** The same of the certificate in `cert-file`. */
  readonly client_certificate_expires_at: string | null;
  /** The same of the last certificate in `ca-file`. */
  readonly ca_expires_at: string | null;
}

/** Since when and why nothing is posted to a webhook. */
export interface WebhookPause {
  /** `null` if the registry says so. */
  readonly since: string | null;
  readonly reason: string;
}

/** How attempts fail. */
export interface WebhookFailure {
  readonly since: string;
  readonly attempts: number;
  readonly reason: string;
  /** `null` if no event waits for it. */
  readonly next_attempt_at: string | null;
}
