/**
 * What tests do with a simulated pool, and see of it.
 *
 * @module
 */
import type { EditOutcome, PoolRegistry } from "../../src/cluster/pool_registry.ts";
import { addWebhook } from "../../src/registry/changes.ts";
import type { RegistryEdit } from "../../src/registry/edit_data.ts";
import type { Registry } from "../../src/registry/schema.ts";
import type { SimulatedNode } from "./simulated_node.ts";
import type { SimulatedPool } from "./simulated_pool.ts";

/** Adds a webhook of this name. */
export function add(name: string): (registry: Registry) => readonly RegistryEdit[] {
  return (registry) => addWebhook(registry, `http://${name}/`, {});
}

/** The names of the webhooks of a node, with its generation in front. */
export async function seenOn(node: SimulatedNode): Promise<string> {
  const { generation, webhooks } = await node.file.read();
  return [generation, ...webhooks.map(({ name }) => name)].join(" ");
}

/** The same for all nodes. */
export async function seenOnAll({ nodes }: SimulatedPool): Promise<string[]> {
  return await Promise.all(nodes.map(seenOn));
}

/** Whoever holds the lease of a node. */
export async function leasesOf({ nodes }: SimulatedPool): Promise<unknown[]> {
  return await Promise.all(nodes.map(async ({ workdir }) => {
    const text = await Deno.readTextFile(`${workdir}/events/.webhooks.toml.lease`);
    return text === "" ? {} : JSON.parse(text);
  }));
}

/** Adds a webhook on a node. */
export async function editOn(
  pool: SimulatedPool,
  number: number,
  name: string,
): Promise<EditOutcome> {
  return await (await pool.open(pool.node(number))).edit(add(name));
}

/** The registry of the pool, as a node opens it. */
export async function opened(pool: SimulatedPool, number: number): Promise<PoolRegistry> {
  return await pool.open(pool.node(number));
}
