/**
 * Says whether a webhook would get an event, and why.
 *
 * @module
 */
import { readNodeId } from "../daemon/node_identity.ts";
import { type EventPayload, type Report, toPayload } from "../event/event.ts";
import { explainWebhookFilter, type FilterCheck } from "../event/explain_filter.ts";
import { volumeIn } from "../event/volume_of.ts";
import type { Webhook } from "../registry/schema.ts";
import type { Places } from "./places.ts";
import { renderTable } from "./render_table.ts";

/** What is said of an event. Others build on these names: a field once published stays. */
export interface Explanation {
  readonly webhook: string;
  readonly event: string;
  readonly event_group: string;
  readonly severity: string;
  /** `null` if the event names none. */
  readonly volume: string | null;
  readonly message: EventPayload["message"];
  /** Whether it would be posted. */
  readonly matches: boolean;
  /** Whether the registry says that the webhook is paused: then the event would wait. */
  readonly paused: boolean;
  /** What each setting says that is set. */
  readonly checks: readonly FilterCheck[];
}

/** Asks the webhook's filter, as if this node had received the event. */
export async function explainWebhook(
  { name, wanted, paused }: Webhook,
  { report, places }: { report: Report; places: Places },
): Promise<Explanation> {
  const isNodeAsked = wanted.fields.some((rule) => /^nodeid!?=/.test(rule));
  const nodeId = isNodeAsked
    ? readNodeId({ workdir: await places.workdir(), stateDir: places.stateDir })
    : undefined;
  const payload = toPayload({
    ...report,
    id: "",
    nodeId: nodeId ?? "unknown",
    host: Deno.hostname(),
  });
  const { event, event_group, severity, message } = payload;
  const checks = explainWebhookFilter(wanted, payload);
  const volume = volumeIn(payload);
  return {
    webhook: name,
    event,
    event_group,
    severity,
    volume: volume === "" ? null : volume,
    message,
    matches: checks.every(({ fits }) => fits),
    paused,
    checks,
  };
}

/** The same in lines. */
export function renderExplanation(explanation: Explanation): string[] {
  const { webhook, event, matches, paused, checks } = explanation;
  const against = checks.filter(({ fits }) => !fits).map(({ setting }) => setting);
  const verdict = matches
    ? `${event} would be posted to ${webhook}`
    : `${event} would not be posted to ${webhook}, because of its ${listOf(against)}`;
  return [
    checks.length === 0 ? `${verdict}, which gets every event.` : `${verdict}.`,
    ...matches && paused
      ? [`${webhook} is paused: it would wait for gluster-eventing webhook-resume ${webhook}`]
      : [],
    ...checks.length === 0 ? [] : ["", ...renderChecks(checks)],
  ];
}

function renderChecks(checks: readonly FilterCheck[]): string[] {
  return renderTable(
    ["SETTING", "WANTED", "THE EVENT HAS", "FITS", "WHY"],
    checks.map(({ setting, wanted, has, fits, reason }) => [
      setting,
      wanted,
      has ?? "-",
      fits ? "yes" : "no",
      reason,
    ]),
  );
}

function listOf(words: readonly string[]): string {
  const unique = [...new Set(words)];
  const last = unique.at(-1) ?? "";
  const others = unique.slice(0, -1);
  return others.length === 0 ? last : `${others.join(", ")} and ${last}`;
}
