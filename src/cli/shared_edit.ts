/**
 * Changes of the registry on every node of the pool, or on this node only.
 *
 * @module
 */
import type { NodeRow } from "../cluster/node_row.ts";
import { InvalidValueError } from "../registry/errors.ts";
import type { Decide } from "../registry/plan_change.ts";
import type { RegistryFile } from "../registry/registry_file.ts";
import type { Registry } from "../registry/schema.ts";
import { CommandError, type Invocation } from "./command.ts";
import { EXIT } from "./exit_codes.ts";
import { type DaemonUptake, describeUptake, tellDaemon } from "./daemon_uptake.ts";
import { unlessInterrupted } from "./interruptible.ts";
import { exitCodeOf, renderNodes, rowToJson, THIS_NODE } from "./node_table.ts";
import { openPool, type PoolAccess, type Reach } from "./pool_access.ts";

/** What became of a change. */
export interface SharedEdit {
  readonly registry: Registry;
  /** The registry's file on this node. */
  readonly path: string;
  readonly changed: boolean;
  /** What the daemon of this node makes of it; only asked if something changed. */
  readonly daemon: DaemonUptake;
  /** The pool, unless it concerned this node only. */
  readonly shared?: { readonly access: PoolAccess; readonly rows: readonly NodeRow[] };
}

/** Changes the registry and makes the daemons take it over. */
export async function editRegistry(
  reach: Reach,
  decide: Decide,
): Promise<SharedEdit> {
  const access = await openPool(reach);
  return access === undefined
    ? await editHere(reach, decide)
    : await editEverywhere(reach, access, decide);
}

/** Prints what became of a change. @returns The exit code. */
export function tellEdit(
  { output }: Invocation,
  edit: SharedEdit,
  told: {
    /** What was done, as sentences. */
    readonly lines: readonly string[];
    /** The same as JSON, for this node only. */
    readonly data: Readonly<Record<string, unknown>>;
    /** The exit code if the other nodes could not be reached at all. */
    readonly unsynced: number;
  },
): number {
  const { daemon, shared } = edit;
  if (shared === undefined) {
    output.result([...told.lines, describeUptake(daemon)], { ...told.data, daemon });
    return EXIT.done;
  }
  const { rows } = shared;
  output.result(
    [...told.lines, "", ...renderNodes(rows, "SYNC")],
    rows.map((row) => rowToJson(row, "SYNC")),
  );
  if (daemon !== "taken over" && !output.isJson) output.note(`note: ${describeUptake(daemon)}`);
  return exitCodeOfEdit(edit, told.unsynced);
}

/**
 * The exit code for a change.
 *
 * @param unsynced The one if the other nodes could not be reached at all.
 */
export function exitCodeOfEdit({ shared }: SharedEdit, unsynced: number): number {
  if (shared === undefined) return EXIT.done;
  const { rows, access: { link } } = shared;
  return link.trouble !== undefined && rows.length > 1 ? unsynced : exitCodeOf(rows);
}

async function editHere({ places }: Reach, decide: Decide): Promise<SharedEdit> {
  const file = await places.registry();
  let before = 0;
  const registry = await file.change((current) => {
    before = current.generation;
    return decide(current);
  });
  const changed = registry.generation !== before;
  const daemon = changed ? await tellDaemon(places, file.path) : "taken over";
  return { registry, path: file.path, changed, daemon };
}

/** A value that no registry may hold needs no other node to be refused. */
async function refuseBadValues(file: RegistryFile, decide: Decide): Promise<void> {
  try {
    await file.preview(decide);
  } catch (error) {
    if (error instanceof InvalidValueError || !(error instanceof Error)) throw error;
    // All else depends on the registry, and another node may have a newer one.
  }
}

async function editEverywhere(
  { places, output, signals }: Reach,
  access: PoolAccess,
  decide: Decide,
): Promise<SharedEdit> {
  const { file } = access;
  await refuseBadValues(file, decide);
  const { registry, changed, rows, notes } = await unlessInterrupted(
    signals,
    access.registry.edit(decide),
    () => access.registry.abandon(),
  );
  if (!output.isJson) notes.forEach((note) => output.note(`note: ${note}`));
  const { daemon, row } = changed
    ? await tellHere(places, file.path)
    : { daemon: "taken over" as const, row: THIS_NODE };
  return {
    registry,
    path: file.path,
    changed,
    daemon,
    shared: { access, rows: [...rows, row] },
  };
}

/** Makes the daemon of this node take a change over. @returns This node's row too. */
export async function tellHere(
  places: Invocation["places"],
  path: string,
): Promise<{ daemon: DaemonUptake; row: NodeRow }> {
  try {
    return { daemon: await tellDaemon(places, path), row: THIS_NODE };
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return { daemon: "taken over", row: { ...THIS_NODE, error: error.message, hint: error.hint } };
  }
}
