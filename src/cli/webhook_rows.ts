/**
 * Webhooks with their state, as lists show them.
 *
 * @module
 */
import { type ControlClient, DaemonNotRunningError } from "../api/control_client.ts";
import type { StatusReport, WebhookStatus } from "../api/status_report.ts";
import type { Webhook } from "../registry/schema.ts";
import { formatDuration } from "../registry/duration.ts";
import { maskUrl } from "../registry/webhook_url.ts";
import { toVisible } from "../std/plain_text.ts";
import { isSameFile } from "./places.ts";
import { renderTable } from "./render_table.ts";
import { renderExpiry } from "./webhook_expiry.ts";

/** A webhook in a list; the counts are unknown while no daemon runs. */
export type WebhookRow =
  & Pick<
    WebhookStatus,
    "name" | "url" | "oldest_pending_seconds" | "failure" | "pause" | "certificate_expires_at"
  >
  & { readonly state: WebhookStatus["state"] | "unknown" }
  & { readonly [K in CountName]: number | null };

type CountName = "delivered" | "pending" | "dead" | "dropped" | "filtered";

/** The status of the daemon, or `undefined` if none runs. */
export async function statusIfRunning(daemon: ControlClient): Promise<StatusReport | undefined> {
  try {
    return await daemon.status();
  } catch (error) {
    if (error instanceof DaemonNotRunningError) return undefined;
    throw error;
  }
}

/** The same, but only if that daemon works with this registry. */
export async function statusOfRegistry(
  daemon: ControlClient,
  path: string,
): Promise<StatusReport | undefined> {
  const status = await statusIfRunning(daemon);
  return status !== undefined && await isSameFile(status.registry.path, path) ? status : undefined;
}

/** The rows for the webhooks of the registry. */
export function toRows(
  webhooks: readonly Webhook[],
  status: Pick<StatusReport, "webhooks"> | undefined,
): WebhookRow[] {
  return webhooks.map(({ name, url }) => {
    const known = status?.webhooks.find((webhook) => webhook.name === name);
    return {
      name,
      url: maskUrl(url),
      state: known?.state ?? "unknown",
      delivered: known?.delivered ?? null,
      pending: known?.pending ?? null,
      dead: known?.dead ?? null,
      dropped: known?.dropped ?? null,
      filtered: known?.filtered ?? null,
      oldest_pending_seconds: known?.oldest_pending_seconds ?? null,
      failure: known?.failure ?? null,
      pause: known?.pause ?? null,
      certificate_expires_at: known?.certificate_expires_at ?? null,
    };
  });
}

/** What the table of webhooks shows. */
type ShownWebhook = Pick<
  WebhookRow,
  "name" | "url" | "state" | CountName | "oldest_pending_seconds"
>;

/** The rows as a table. */
export function renderWebhooks(rows: readonly ShownWebhook[]): string[] {
  if (rows.length === 0) return ["No webhooks. Add one: gluster-eventing webhook-add URL"];
  const count = (value: number | null) => value === null ? "-" : String(value);
  // Where nothing is left out, nobody asks how much.
  const isFiltered = rows.some(({ filtered }) => filtered !== null && filtered > 0);
  const filtered = isFiltered ? ["FILTERED"] : [];
  return renderTable(
    ["NAME", "URL", "STATE", "DELIVERED", "PENDING", "DEAD", "DROPPED", ...filtered, "OLDEST"],
    rows.map((row) => [
      row.name,
      row.url,
      row.state,
      count(row.delivered),
      count(row.pending),
      count(row.dead),
      count(row.dropped),
      ...isFiltered ? [count(row.filtered)] : [],
      renderAge(row.oldest_pending_seconds),
    ]),
    { right: ["DELIVERED", "PENDING", "DEAD", "DROPPED", "FILTERED", "OLDEST"] },
  );
}

/** An age in whole seconds, minutes, hours or days. */
export function renderAge(seconds: number | null): string {
  if (seconds === null) return "-";
  const units = [[86_400, "d"], [3600, "h"], [60, "m"]] as const;
  const [size, unit] = units.find(([length]) => seconds >= 2 * length) ?? [1, "s"];
  return unit === "s"
    ? formatDuration(Math.floor(seconds) * 1000)
    : `${Math.floor(seconds / size)}${unit}`;
}

/** Lines on what the table of webhooks does not tell: pauses, failures, replays, certificates. */
export function renderRemarks(
  webhooks: readonly WebhookStatus[],
  nowMs: number = Date.now(),
): string[] {
  return [
    ...webhooks.flatMap(renderPause),
    ...renderFailures(webhooks),
    ...webhooks.flatMap(renderReplaying),
    ...webhooks.flatMap((webhook) => renderExpiry(webhook, nowMs)),
    // A receiver has a say in why it fails.
  ].map(toVisible);
}

// A daemon of an older version tells of neither pauses nor replays.
function renderPause({ name, pause = null }: WebhookStatus): string[] {
  if (pause === null) return [];
  const since = pause.since === null ? "" : ` since ${pause.since}`;
  return [
    `${name}: paused${since}: ${pause.reason}; ` +
    `go on with: gluster-eventing webhook-resume ${name}`,
  ];
}

function renderReplaying({ name, replaying = 0 }: WebhookStatus): string[] {
  if (replaying === 0) return [];
  return [
    `${name}: ${replaying === 1 ? "1 replayed event waits" : `${replaying} replayed events wait`}`,
  ];
}

/** Lines on why webhooks fail at the moment. */
export function renderFailures(webhooks: readonly WebhookStatus[]): string[] {
  return webhooks.flatMap(({ name, failure, pause = null }) => {
    // While it is paused nothing is tried.
    if (failure === null || pause !== null) return [];
    const attempts = failure.attempts === 1 ? "1 attempt" : `${failure.attempts} attempts`;
    return [
      `${name}: fails since ${failure.since} (${attempts}): ${failure.reason}; ` +
      (failure.next_attempt_at === null
        ? "nothing waits for it"
        : `next attempt ${failure.next_attempt_at}`),
    ];
  });
}
