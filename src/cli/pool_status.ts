/**
 * How the pool is doing: one row for each node, and the webhooks with the counts of all nodes.
 *
 * @module
 */
import type { WebhookStatus } from "../api/status_report.ts";
import { type NodeRow, toRow } from "../cluster/node_row.ts";
import { supersedes } from "../registry/registry_state.ts";
import { THIS_NODE } from "./node_table.ts";
import { type NodeStatus, nodeStatus } from "./node_status.ts";
import type { Places } from "./places.ts";
import type { PoolAccess } from "./pool_access.ts";
import { renderRemarks } from "./webhook_rows.ts";

/** A node and what it tells of itself, if it can. */
export interface StatusRow extends NodeRow {
  readonly status?: NodeStatus;
}

/** What is wrong with a node that is up and delivers nothing. */
export const NO_DAEMON = "no daemon is running";
const NOT_RUNNING = { error: NO_DAEMON, hint: "start it: gluster-eventing start" };

/** Asks every node of the pool. */
export async function poolStatus(
  access: PoolAccess,
  places: Places,
  version: string,
): Promise<StatusRow[]> {
  const [replies, here] = await Promise.all([
    access.link.ask<NodeStatus>({ words: ["status"] }),
    nodeStatus(places, version),
  ]);
  return [
    ...replies.map((reply) =>
      reply.answer.ok ? withStatus(toRow(reply), reply.answer.value) : toRow(reply)
    ),
    withStatus(THIS_NODE, here),
  ];
}

function withStatus(row: NodeRow, status: NodeStatus): StatusRow {
  return { ...row, ...(status.report === null ? NOT_RUNNING : {}), status };
}

type CountName =
  | "matched"
  | "delivered"
  | "pending"
  | "dead"
  | "dropped"
  | "filtered"
  | "replayed"
  | "replaying";

type ExpiryName = "certificate_expires_at" | "client_certificate_expires_at" | "ca_expires_at";

/** What tells most about a webhook comes last. */
const STATES = ["waiting", "delivering", "paused", "retrying"] as const;

/** The webhooks of all nodes, in the order in which they are met, with summed up counts. */
export function sumWebhooks(rows: readonly StatusRow[]): WebhookStatus[] {
  const reports = rows.flatMap(({ status }) => status?.report?.webhooks ?? []);
  const names = [...new Set(reports.map(({ name }) => name))];
  return names.flatMap((name) => {
    const same = reports.filter((webhook) => webhook.name === name);
    const [first] = same;
    return first === undefined ? [] : [sumOf(first, same)];
  });
}

function sumOf({ name, url }: WebhookStatus, same: readonly WebhookStatus[]): WebhookStatus {
  // A daemon of an older version does not know all of the counts.
  const sum = (count: CountName) =>
    same.reduce((total, webhook) => total + (webhook[count] ?? 0), 0);
  const ages = same.flatMap(({ oldest_pending_seconds: age }) => age ?? []);
  const first = (key: ExpiryName) =>
    same.flatMap((webhook) => webhook[key] ?? []).toSorted()[0] ?? null;
  const states = same.map(({ state }) => state).toSorted((a, b) => rank(a) - rank(b));
  return {
    name,
    url,
    state: states.at(-1) ?? "waiting",
    matched: sum("matched"),
    delivered: sum("delivered"),
    pending: sum("pending"),
    dead: sum("dead"),
    dropped: sum("dropped"),
    filtered: sum("filtered"),
    replayed: sum("replayed"),
    replaying: sum("replaying"),
    oldest_pending_seconds: ages.length === 0 ? null : Math.max(...ages),
    failure: same.find(({ failure }) => failure !== null)?.failure ?? null,
    pause: same.find(({ pause = null }) => pause !== null)?.pause ?? null,
    certificate_expires_at: first("certificate_expires_at"),
    client_certificate_expires_at: first("client_certificate_expires_at"),
    ca_expires_at: first("ca_expires_at"),
  };
}

function rank(state: WebhookStatus["state"]): number {
  return STATES.indexOf(state);
}

/** Which nodes have another registry than the pool, and what helps, in lines. */
export function describeDifferences(rows: readonly StatusRow[]): string[] {
  const states = rows.flatMap(({ node, status }) =>
    status === undefined ? [] : [{ node, ...status.registry }]
  );
  const newest = Math.max(0, ...states.map(({ generation }) => generation));
  const remaining = states.filter((state) => !states.some((other) => supersedes(other, state)));
  const differ = new Set(states.map(({ checksum }) => checksum)).size > 1;
  return states.flatMap((state) => {
    const { node, generation, byHand } = state;
    if (!differ) return [];
    if (byHand) {
      return [
        `${node}: its registry was edited by hand; give it to all nodes with: ` +
        `gluster-eventing sync, there`,
      ];
    }
    if (remaining.includes(state)) return [];
    if (generation === newest) {
      return [
        `${node}: has another registry of generation ${generation}, made while nodes did not see ` +
        "each other; it takes over theirs by itself, or with: gluster-eventing sync",
      ];
    }
    return [
      `${node}: has generation ${generation} of the registry, the newest is ${newest}; ` +
      "it takes that over by itself, or with: gluster-eventing sync",
    ];
  });
}

/** What there is to know of the webhooks on each node, in lines that name it. */
export function describeWebhooks(
  rows: readonly StatusRow[],
  isMeant: (webhook: WebhookStatus) => boolean = () => true,
): string[] {
  return rows.flatMap(({ node, status }) =>
    renderRemarks((status?.report?.webhooks ?? []).filter(isMeant))
      .map((line) => `${node}: ${line}`)
  );
}
