/**
 * A pool of nodes with the program on them, and what their registries say.
 *
 * @module
 */
import { assertEquals } from "../support/assert.ts";
import type { RunningProgram } from "../support/program.ts";
import { until } from "../support/until.ts";
import type { GlusterNode } from "./gluster_node.ts";

/** What a test of a pool needs. */
export const POOL_NEEDS = ["binary", "root", "gluster", "namespaces", "overlays"] as const;

/** Gluster's own work can take a while on a busy machine. */
export const PATIENCE_MS = 120_000;

/** A daemon that has heard of a peer waits at most 1.5 s before it asks it. */
const LONGEST_LULL_MS = 2500;

/** What a command with `--json` printed. */
export interface Told {
  readonly code: number;
  /** One short line for each node, sorted: `gl2 UP OK`, `gl3 DOWN NOT OK: N/A`. */
  readonly rows: readonly string[];
  readonly output: unknown;
  readonly error: string;
  /** All of it, for the messages of assertions. */
  readonly said: string;
}

/** Installs the program on nodes and starts their daemons. */
export async function startDaemons(...nodes: readonly GlusterNode[]): Promise<RunningProgram[]> {
  return await Promise.all(nodes.map(async (node) => {
    await node.installByHand();
    return await startDaemon(node);
  }));
}

/** Starts the daemon of a node the way a service manager would. */
export async function startDaemon(node: GlusterNode): Promise<RunningProgram> {
  const daemon = node.startEventing("run");
  await daemon.shows(/ ready /);
  return daemon;
}

/** Runs a command with `--json`. */
export async function tell(node: GlusterNode, ...words: string[]): Promise<Told> {
  const { code, stdout, stderr } = await node.eventing(...words, "--json");
  const said = `${node.name}: ${words.join(" ")}: exit ${code}\n${stdout}${stderr}`;
  try {
    const { output, error } = JSON.parse(stdout);
    return { code, rows: toRows(output?.data ?? output), output, error, said };
  } catch (cause) {
    throw new Error(said, { cause });
  }
}

/** The rows in the JSON of a command for the pool; none in other JSON. */
function toRows(output: unknown): string[] {
  if (!Array.isArray(output)) return [];
  return output.flatMap((row: Readonly<Record<string, unknown>>) => {
    const [status] = Object.keys(row).filter((key) => /^(?!node_).*_status$/.test(key));
    if (status === undefined) return [];
    const why = row["error"] === "" ? "" : `: ${row["error"]}`;
    return [`${row["node"]} ${row["node_status"]} ${row[status]}${why}`];
  }).toSorted();
}

/** Runs a command that has to end well on all of three nodes. */
export async function tellAll(node: GlusterNode, ...words: string[]): Promise<Told> {
  const told = await tell(node, ...words);
  const others = ["gl1", "gl2", "gl3"].filter((name) => name !== node.name);
  const rows = [...others, "localhost"].map((name) => `${name} UP OK`);
  assertEquals({ code: told.code, rows: told.rows, error: told.error }, {
    code: 0,
    rows,
    error: "",
  }, told.said);
  return told;
}

/** The path, as the machine that runs the tests sees it, of a file beside a node's registry. */
export function besideRegistry(node: GlusterNode, name: string): string {
  return `/proc/${node.pid}/root${node.workdir}/events/${name}`;
}

/** The text of a file beside a node's registry; empty if there is none. */
export async function readBeside(node: GlusterNode, name: string): Promise<string> {
  return await Deno.readTextFile(besideRegistry(node, name)).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  });
}

/** The text of a node's registry; empty if there is none. */
export async function registryText(node: GlusterNode): Promise<string> {
  return await readBeside(node, "webhooks.toml");
}

/** What a registry says, in short. */
export interface RegistryInShort {
  readonly generation: number;
  readonly names: readonly string[];
}

/** Reads the generation and the webhooks' names from a registry's text. */
export function inShort(text: string): RegistryInShort {
  const generation = Number(/^generation = (\d+)/m.exec(text)?.[1] ?? 0);
  return { generation, names: [...text.matchAll(/^name = "(.*)"/gm)].map(([, name = ""]) => name) };
}

/** The names of what was kept of registries that were replaced. */
export async function keptAside(node: GlusterNode): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(besideRegistry(node, ""))) {
    if (name.includes(".replaced-")) names.push(name);
  }
  return names.toSorted();
}

/** Checks that nodes have the same file, whole and for root alone. @returns Its text. */
export async function sameOn(nodes: readonly GlusterNode[], because = ""): Promise<string> {
  const [first = "", ...others] = await Promise.all(nodes.map(registryText));
  for (const other of others) assertEquals(other, first, because);
  for (const node of nodes) {
    const { mode } = await Deno.stat(besideRegistry(node, "webhooks.toml"));
    assertEquals(((mode ?? 0) & 0o777).toString(8), "600", `${node.name} ${because}`);
  }
  return first;
}

/** Waits until all nodes have the same registry and it is as wanted. @returns Its text. */
export async function untilSame(
  what: string,
  nodes: readonly GlusterNode[],
  check: (registry: RegistryInShort, text: string) => boolean = () => true,
): Promise<string> {
  let texts: string[] = [];
  return await until(what, async () => {
    texts = await Promise.all(nodes.map(registryText));
    const [first = ""] = texts;
    const isSame = texts.every((text) => text === first);
    return isSame && check(inShort(first), first) ? first : undefined;
  }, { withinMs: PATIENCE_MS, seen: () => texts });
}

/** Waits until the daemon of a node works with this generation. */
export async function untilInForce(node: GlusterNode, generation: number): Promise<void> {
  let told: Told | undefined;
  await until(`the daemon of ${node.name} works with generation ${generation}`, async () => {
    told = await tell(node, "status", "--local");
    const { registry } = told.output as { registry?: { generation: number } };
    return registry?.generation === generation;
  }, { withinMs: PATIENCE_MS, seen: () => told });
}

/** Waits until a node's glusterd knows another as connected, or as not. */
export async function untilPeer(
  node: GlusterNode,
  other: GlusterNode,
  state: "Connected" | "Disconnected",
): Promise<void> {
  let list = "";
  await until(`${node.name} sees ${other.name} ${state}`, async () => {
    list = await node.gluster("pool", "list");
    const line = list.split("\n").find((row) => row.includes(`${other.name} `)) ?? "";
    return line.trim().endsWith(` ${state}`) || line.trim().endsWith(`\t${state}`);
  }, { withinMs: PATIENCE_MS, seen: () => list });
}

/**
 * Waits until the daemon of a node asks glusterd for nothing. A glusterd that is killed while it
 * leads a transaction leaves the others locked for three minutes.
 */
export async function untilQuiet(node: GlusterNode): Promise<void> {
  const history = `${node.folder}/log/cmd_history.log`;
  await until(`${node.name} asks glusterd for nothing`, async () => {
    if ((await node.pidsOf("gluster")).length > 0) return false;
    const { mtime } = await Deno.stat(history).catch(() => ({ mtime: null }));
    return mtime !== null && Date.now() - mtime.getTime() > LONGEST_LULL_MS;
  }, { withinMs: PATIENCE_MS });
}

/** Prints how long something took, for whoever reads the tests' output. */
export function report(what: string, begunMs: number): void {
  const line = `    ${what}: ${((performance.now() - begunMs) / 1000).toFixed(1)} s\n`;
  Deno.stdout.writeSync(new TextEncoder().encode(line));
}
