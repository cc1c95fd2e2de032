/**
 * The UUID and the host name of this node, as events carry them.
 *
 * @module
 */
import type { ReportingNode } from "../event/event.ts";
import { uuidIn } from "../cluster/pool.ts";
import { HintedError } from "../std/hinted_error.ts";

/** The node's UUID could not be found or kept. */
export class NodeIdentityError extends HintedError {
  override readonly name = "NodeIdentityError";
}

/** The text form of a UUID. */
export const UUID_PATTERN = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Where a node's UUID can come from. */
export interface NodeIdentityOptions {
  /** Given by the operator; goes before everything else. */
  readonly nodeId?: string;
  /** glusterd's folder, with `glusterd.info` in it. */
  readonly workdir: string;
  /** Where a UUID is kept that was made because there was none. */
  readonly stateDir: string;
  /** Milliseconds by a clock that does not jump. */
  readonly steadyNow: () => number;
  /** The name of this machine. */
  readonly readHost: () => string;
}

/** While a substitute is in use, the real one is looked for so often: a burst need not pay for it. */
const LOOK_EVERY_MS = 1;

/**
 * Knows the node's UUID and host name. glusterd makes its own only when it first needs one, so while a substitute
 * is in use, whoever asks after a while looks for the real one.
 */
export class NodeIdentity implements ReportingNode {
  readonly #options: NodeIdentityOptions;
  #id: string;
  #host: string;
  #isSubstitute: boolean;
  #lookedMs: number;

  private constructor(options: NodeIdentityOptions, id: string, isSubstitute: boolean) {
    this.#options = options;
    this.#id = id;
    this.#host = options.readHost();
    this.#isSubstitute = isSubstitute;
    this.#lookedMs = options.steadyNow();
  }

  /**
   * Finds the UUID, or makes one and keeps it.
   *
   * @throws {NodeIdentityError} If it can neither be read nor kept.
   */
  static find(options: NodeIdentityOptions): NodeIdentity {
    if (options.nodeId !== undefined) return new NodeIdentity(options, options.nodeId, false);
    const real = readGlusterdUuid(options.workdir);
    if (real !== undefined) return new NodeIdentity(options, real, false);
    return new NodeIdentity(options, keepUuid(keptPath(options.stateDir)), true);
  }

  /** The UUID. */
  get id(): string {
    const { steadyNow } = this.#options;
    if (this.#isSubstitute && steadyNow() - this.#lookedMs > LOOK_EVERY_MS) this.refresh();
    return this.#id;
  }

  /** The host name, as it was at the last refresh. */
  get host(): string {
    return this.#host;
  }

  /** Whether the UUID was made by this program because glusterd has none yet. */
  get isSubstitute(): boolean {
    return this.#isSubstitute;
  }

  /**
   * Takes over what glusterd.info says now, which `gluster system:: uuid reset` changes, and what
   * the machine is called now.
   */
  refresh(): void {
    this.#host = this.#options.readHost();
    if (this.#options.nodeId !== undefined) return;
    this.#lookedMs = this.#options.steadyNow();
    let real: string | undefined;
    try {
      real = readGlusterdUuid(this.#options.workdir);
    } catch (error) {
      // A file that cannot be read just now is no reason to lose the event that asks.
      if (!(error instanceof NodeIdentityError)) throw error;
    }
    if (real === undefined) return;
    this.#id = real;
    this.#isSubstitute = false;
  }
}

/**
 * The UUID that events of this node carry, as far as one is known: glusterd's, else the one that a
 * daemon made. Nothing is made or kept.
 *
 * @throws {NodeIdentityError} If it cannot be read.
 */
export function readNodeId(
  { workdir, stateDir }: Pick<NodeIdentityOptions, "workdir" | "stateDir">,
): string | undefined {
  return readGlusterdUuid(workdir) ?? readKeptUuid(keptPath(stateDir));
}

/** The value of `UUID=` in the text of `glusterd.info`. */
export function parseGlusterdInfo(text: string): string | undefined {
  const uuid = uuidIn(text);
  return uuid !== undefined && UUID_PATTERN.test(uuid) ? uuid : undefined;
}

function readGlusterdUuid(workdir: string): string | undefined {
  const text = readIfThere(`${workdir}/glusterd.info`);
  return text === undefined ? undefined : parseGlusterdInfo(text);
}

function keptPath(stateDir: string): string {
  return `${stateDir}/node-id`;
}

function readKeptUuid(path: string): string | undefined {
  const kept = readIfThere(path)?.trim();
  return kept !== undefined && UUID_PATTERN.test(kept) ? kept : undefined;
}

function keepUuid(path: string): string {
  const kept = readKeptUuid(path);
  if (kept !== undefined) return kept;
  const id = crypto.randomUUID();
  try {
    Deno.writeTextFileSync(path, `${id}\n`, { mode: 0o600 });
  } catch (error) {
    throw toIdentityError(`keep this node's id in ${path}`, error);
  }
  return id;
}

function readIfThere(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw toIdentityError(`read this node's id from ${path}`, error);
  }
}

function toIdentityError(action: string, error: unknown): NodeIdentityError {
  const reason = error instanceof Error ? error.message : String(error);
  const hint = reason.includes("os error 28")
    ? "free space on the file system of the state directory"
    : "run it as root, name another folder with --state-dir, or set --node-id";
  return new NodeIdentityError(`Cannot ${action}: ${reason}`, hint, { cause: error });
}
