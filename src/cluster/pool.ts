/**
 * The nodes of the trusted pool.
 *
 * @module
 */
import { ignoreMissing } from "../std/files.ts";
import type { GlusterCommand, GlusterResult } from "./gluster_command.ts";

/** A node of the pool. */
export interface PoolNode {
  readonly uuid: string;
  /** The host as the pool names it; `localhost` for this node. */
  readonly host: string;
  readonly isHere: boolean;
  /** Whether this node's glusterd is connected to that of the node. */
  readonly isUp: boolean;
}

/** The pool as this node sees it. */
export interface Pool {
  /** Peers first, this node last, as `gluster pool list` has them. */
  readonly nodes: readonly PoolNode[];
  /** Why the other nodes cannot be reached at all, if so. */
  readonly trouble?: string;
}

/** Where to look for the pool. */
export interface PoolPlaces {
  readonly gluster: GlusterCommand;
  /** glusterd's folder: there it keeps its peers, also while it is down. */
  readonly workdir: string;
}

/** The nodes of the pool; while glusterd is down, those that its files name. */
export async function readPool({ gluster, workdir }: PoolPlaces): Promise<Pool> {
  return await toPool(await listPool(gluster), workdir);
}

/** Asks glusterd for the pool. */
export async function listPool(gluster: GlusterCommand): Promise<GlusterResult | undefined> {
  return await gluster(["pool", "list", "--xml"]);
}

/** The pool, from what {@link listPool} got, or from glusterd's files. */
export async function toPool(result: GlusterResult | undefined, workdir: string): Promise<Pool> {
  const nodes = result?.code === 0 ? parsePoolList(result.stdout) : [];
  if (nodes.length > 0) return { nodes };
  const trouble = result?.timedOut === true
    ? "glusterd on this node does not answer"
    : "glusterd on this node is not running";
  return { nodes: [...await readPeers(workdir), await readSelf(workdir)], trouble };
}

/** The nodes in what `gluster pool list --xml` prints. */
export function parsePoolList(xml: string): PoolNode[] {
  return [...xml.matchAll(/<peer>([\s\S]*?)<\/peer>/g)].flatMap(([, peer = ""]) => {
    const uuid = elementOf(peer, "uuid");
    const host = elementOf(peer, "hostname");
    if (uuid === undefined || host === undefined) return [];
    const isHere = host === "localhost";
    return [{ uuid, host, isHere, isUp: isHere || elementOf(peer, "connected") === "1" }];
  }).toSorted((a, b) => Number(a.isHere) - Number(b.isHere));
}

/** A peer in a file of `<workdir>/peers`, which glusterd reads when it starts. */
export function parsePeerFile(text: string): PoolNode | undefined {
  const uuid = /^uuid=(\S+)$/m.exec(text)?.[1];
  const host = /^hostname1=(\S+)$/m.exec(text)?.[1];
  if (uuid === undefined || host === undefined) return undefined;
  return { uuid, host, isHere: false, isUp: false };
}

async function readPeers(workdir: string): Promise<PoolNode[]> {
  const folder = `${workdir}/peers`;
  let names: string[];
  try {
    names = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
  } catch (error) {
    // A node that never had a peer has no such folder.
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
  const texts = await Promise.all(
    names.toSorted().map((name) => Deno.readTextFile(`${folder}/${name}`).catch(ignoreMissing)),
  );
  return texts.flatMap((text = "") => parsePeerFile(text) ?? []);
}

async function readSelf(workdir: string): Promise<PoolNode> {
  return { uuid: await readOwnUuid(workdir), host: "localhost", isHere: true, isUp: true };
}

/** The UUID that glusterd has given this node; empty as long as it has none. */
export async function readOwnUuid(workdir: string): Promise<string> {
  const text = await Deno.readTextFile(`${workdir}/glusterd.info`).catch(ignoreMissing) ?? "";
  return uuidIn(text) ?? "";
}

/** What `UUID=` says in the text of `glusterd.info`. */
export function uuidIn(text: string): string | undefined {
  return /^UUID=(\S+)\s*$/m.exec(text)?.[1];
}

function elementOf(xml: string, name: string): string | undefined {
  const text = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1]?.trim();
  return text === "" ? undefined : text;
}
