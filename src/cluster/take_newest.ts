/**
 * Takes over the newest registry that any node of the pool has.
 *
 * @module
 */
import { type RegistryCopy, type RegistryState, supersedes } from "../registry/registry_state.ts";
import { HintedError } from "../std/hinted_error.ts";
import type { NodeRegistry } from "./node_registry.ts";
import type { NodeReply, PoolLink } from "./pool_link.ts";

/** A registry that was taken over. */
export interface Taken {
  readonly generation: number;
  /** The host of the node that had it. */
  readonly from: string;
  /** Where the file before is kept, if it held what no other node has. */
  readonly keptAs?: string;
}

/** A node has a newer registry and does not hand it out. */
export class TakeOverError extends HintedError {
  override readonly name = "TakeOverError";
}

/**
 * Takes over the newest registry, unless this node has it.
 *
 * @param replies Which registries the other nodes have.
 * @throws {TakeOverError} If it cannot be got.
 * @throws Whatever `RegistryFile.take` throws.
 */
export async function takeNewest(
  { here, link }: { readonly here: NodeRegistry; readonly link: PoolLink },
  replies: readonly NodeReply<RegistryState>[],
): Promise<Taken | undefined> {
  let newest = await here.file.state();
  let from: NodeReply<RegistryState> | undefined;
  for (const reply of replies) {
    if (!reply.answer.ok || !supersedes(reply.answer.value, newest)) continue;
    newest = reply.answer.value;
    from = reply;
  }
  if (from === undefined) return undefined;
  const { uuid, host } = from.node;
  const texts = await link.ask<RegistryCopy>({ words: ["read", uuid] });
  const answer = texts.find(({ node }) => node.uuid === uuid)?.answer;
  if (answer?.ok !== true) {
    throw new TakeOverError(
      `Cannot take over generation ${newest.generation} from ${host}: ` +
        (answer === undefined ? "it left the pool" : answer.error),
      "try again; see the nodes: gluster-eventing status",
    );
  }
  // It may have a newer one by now, or this node may.
  const { taken, state, keptAs } = await here.file.take(answer.value);
  if (!taken) return undefined;
  const { generation } = state;
  return { generation, from: host, ...(keptAs === undefined ? {} : { keptAs }) };
}
