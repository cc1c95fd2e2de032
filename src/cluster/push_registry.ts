/**
 * Gives this node's registry to all others.
 *
 * @module
 */
import { OFFER_NAME } from "../registry/offer.ts";
import type { LeaseDeps, LeaseRound } from "./lease_round.ts";
import { NOT_WHOLE, type TakeReply } from "./node_registry.ts";
import { type NodeRow, toRow } from "./node_row.ts";
import type { NodeReply } from "./pool_link.ts";

/** How the other nodes took it. */
export interface PushOutcome {
  /** One row for each node that is not this one. */
  readonly rows: readonly NodeRow[];
  /** What else somebody should know. */
  readonly notes: readonly string[];
}

/** Copies it to them and lets them take it over; the leases of those that answer end with it. */
export async function pushRegistry(
  { here, link }: Pick<LeaseDeps, "here" | "link">,
  { token, releasedElsewhere }: LeaseRound,
): Promise<PushOutcome> {
  if (!link.pool.nodes.some(({ isHere }) => !isHere)) return { rows: [], notes: [] };
  const checksum = await here.offer();
  try {
    const copyFault = await link.copy(`/events/${OFFER_NAME}`);
    const replies = await link.ask<TakeReply>({ words: ["take", checksum, token] });
    if (replies.some(({ answer }) => answer.ok)) releasedElsewhere();
    const rows = replies.map((reply) => toTakeRow(reply, { checksum, copyFault }));
    if (rows.every(({ error }) => error === undefined)) await here.file.confirm(checksum);
    return { rows, notes: replies.flatMap(describeRemarks) };
  } finally {
    await here.clearOffer();
  }
}

function toTakeRow(
  reply: NodeReply<TakeReply>,
  { checksum, copyFault }: { readonly checksum: string; readonly copyFault: string | undefined },
): NodeRow {
  const row = toRow(reply);
  const { answer } = reply;
  if (answer.ok) {
    const { state } = answer.value;
    return state.checksum === checksum
      ? row
      : { ...row, error: `it has another registry, of generation ${state.generation}` };
  }
  const isCopied = answer.error !== NOT_WHOLE || copyFault === undefined;
  return isCopied ? row : { ...row, error: `${answer.error} (${copyFault})` };
}

function describeRemarks({ node, answer }: NodeReply<TakeReply>): string[] {
  if (!answer.ok) return [];
  const { keptAs, note } = answer.value;
  return [
    ...keptAs === undefined
      ? []
      : [`${node.host} had a registry that no other node had; it is kept there as ${keptAs}`],
    ...note === undefined ? [] : [`${node.host}: ${note}`],
  ];
}
