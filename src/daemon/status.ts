/**
 * From the daemon's parts to its status report.
 *
 * @module
 */
import { formatTime } from "../api/rfc3339.ts";
import type {
  ApiStatus,
  StatusReport,
  WebhookFailure,
  WebhookStatus,
} from "../api/status_report.ts";
import type { CertificateExpiry } from "../dispatcher/tls/certificate_expiry.ts";
import type { LaneActivity, LaneFailure, LaneState } from "../dispatcher/lanes/lane_notice.ts";
import { formatListenAddress, type ListenAddress } from "../listener/listen_address.ts";
import type { Registry, Webhook } from "../registry/schema.ts";
import { maskUrl } from "../registry/webhook_url.ts";
import type { CursorState, SpoolTotals } from "../spool/spool_types.ts";

/** What the report is made of. */
export interface StatusParts {
  readonly version: string;
  readonly nowMs: number;
  readonly startedMs: number;
  readonly nodeId: string;
  readonly addresses: readonly ListenAddress[];
  readonly api: ApiStatus;
  readonly registryPath: string;
  readonly registry: Registry;
  readonly problems: readonly string[];
  readonly spoolPath: string;
  readonly spoolOk: boolean;
  readonly setAside: string | undefined;
  readonly totals: SpoolTotals;
  /** Datagrams from where none are allowed. */
  readonly denied: number;
  readonly held: number;
  /** Events lost that are not in the totals yet. */
  readonly lost: number;
  readonly kernelDrops: number | undefined;
  readonly cursors: readonly CursorState[];
  readonly laneState: (name: string) => LaneState | undefined;
  readonly expiryOf: (name: string) => CertificateExpiry;
}

/** Makes the report. */
export function buildStatus(parts: StatusParts): StatusReport {
  const { nowMs, startedMs, registry } = parts;
  return {
    version: parts.version,
    pid: Deno.pid,
    node_id: parts.nodeId,
    started_at: formatTime(startedMs),
    uptime_seconds: toSeconds(nowMs - startedMs),
    listening: parts.addresses.map(formatListenAddress),
    api: parts.api,
    registry: {
      path: parts.registryPath,
      generation: registry.generation,
      problems: parts.problems,
    },
    spool: { path: parts.spoolPath, ok: parts.spoolOk, set_aside: parts.setAside ?? null },
    events: {
      ...parts.totals,
      denied: parts.denied,
      held: parts.held,
      lost: parts.totals.lost + parts.lost,
      kernel_drops: parts.kernelDrops ?? null,
    },
    webhooks: registry.webhooks.map((webhook) => webhookStatus(webhook, parts)),
  };
}

function webhookStatus({ name, url }: Webhook, parts: StatusParts): WebhookStatus {
  const { nowMs, cursors, totals: { received: lastSeq } } = parts;
  const cursor = cursors.find(({ webhook }) => webhook === name);
  const { startSeq, delivered = 0, dead = 0, dropped = 0, pending = 0 } = cursor ?? {};
  const { filtered = 0 } = cursor ?? {};
  const { oldestPendingMs, replayed = 0, replaying = 0 } = cursor ?? {};
  const lane = parts.laneState(name);
  const expiry = parts.expiryOf(name);
  return {
    name,
    url: maskUrl(url),
    state: lane?.activity ?? "waiting",
    matched: startSeq === undefined ? 0 : lastSeq - startSeq - filtered,
    delivered,
    pending,
    dead,
    dropped,
    filtered,
    replayed,
    replaying,
    oldest_pending_seconds: oldestPendingMs === undefined
      ? null
      : toSeconds(Math.max(0, nowMs - oldestPendingMs)),
    failure: lane?.failure === undefined ? null : describeFailure(lane.failure, lane.activity),
    pause: lane?.pause === undefined
      ? null
      : { since: formatTime(lane.pause.sinceMs), reason: lane.pause.reason },
    certificate_expires_at: timeOrNull(expiry.receiverMs),
    client_certificate_expires_at: timeOrNull(expiry.clientMs),
    ca_expires_at: timeOrNull(expiry.caMs),
  };
}

function timeOrNull(timeMs: number | undefined): string | null {
  return timeMs === undefined ? null : formatTime(timeMs);
}

function describeFailure(failure: LaneFailure, activity: LaneActivity): WebhookFailure {
  return {
    since: formatTime(failure.sinceMs),
    attempts: failure.attempts,
    reason: failure.reason,
    next_attempt_at: activity === "waiting" ? null : formatTime(failure.nextAttemptMs),
  };
}

function toSeconds(durationMs: number): number {
  return Math.round(durationMs) / 1000;
}
