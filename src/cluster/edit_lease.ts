/**
 * Who may change the registry of the pool. Every node keeps a lease of its own, and whoever wants to
 * make a change needs those of all nodes that can be reached, so two never make one at a time.
 *
 * @module
 */
import { folderOf } from "../registry/replace_file.ts";

/** Whoever makes a change. */
export interface LeaseHolder {
  /** Made up for each change. */
  readonly token: string;
  /** The node it is made on, for messages. */
  readonly node: string;
}

/** Whether somebody may make a change, or who else is at it. */
export type LeaseOutcome =
  | { readonly granted: true }
  | { readonly granted: false; readonly holder: string };

interface Lease extends LeaseHolder {
  readonly untilMs: number;
}

/** A change takes seconds; what a killed command held is free again after this. */
export const LEASE_MS = 45_000;

/** The lease of one node, in a file beside its registry. */
export class EditLease {
  readonly #path: string;
  readonly #now: () => number;

  /** @param now Milliseconds since 1970. */
  constructor(registryPath: string, now: () => number) {
    this.#path = `${folderOf(registryPath)}/.webhooks.toml.lease`;
    this.#now = now;
  }

  /** Takes the lease, unless somebody else has it. */
  async acquire({ token, node }: LeaseHolder): Promise<LeaseOutcome> {
    await Deno.mkdir(folderOf(this.#path), { recursive: true, mode: 0o755 });
    return await this.#withFile(async (file) => {
      const lease = await readLease(file);
      const leftMs = lease === undefined ? 0 : lease.untilMs - this.#now();
      // More is left only if the clock was set back since.
      const isHeld = leftMs > 0 && leftMs <= LEASE_MS;
      if (lease !== undefined && isHeld && lease.token !== token) {
        return { granted: false, holder: lease.node };
      }
      const mine: Lease = { token, node, untilMs: this.#now() + LEASE_MS };
      await writeLease(file, JSON.stringify(mine));
      return { granted: true };
    });
  }

  /** Gives the lease back, if the token has it. */
  async release(token: string): Promise<void> {
    await this.#withFile(async (file) => {
      const lease = await readLease(file);
      if (lease?.token === token) await writeLease(file, "");
    });
  }

  async #withFile<T>(work: (file: Deno.FsFile) => Promise<T>): Promise<T> {
    const options = { create: true, read: true, write: true, mode: 0o600 };
    using file = await Deno.open(this.#path, options);
    // The kernel frees it with the process; nobody holds it for longer than a moment.
    await file.lock(true);
    return await work(file);
  }
}

async function readLease(file: Deno.FsFile): Promise<Lease | undefined> {
  const text = new TextDecoder().decode(await readAll(file));
  try {
    const { token, node, untilMs } = JSON.parse(text);
    return typeof token === "string" && typeof untilMs === "number"
      ? { token, node: String(node), untilMs }
      : undefined;
  } catch (error) {
    // Nobody has it, or whoever wrote it was killed.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

async function readAll(file: Deno.FsFile): Promise<Uint8Array> {
  await file.seek(0, Deno.SeekMode.Start);
  const bytes = new Uint8Array(4096);
  const length = await file.read(bytes) ?? 0;
  return bytes.slice(0, length);
}

async function writeLease(file: Deno.FsFile, text: string): Promise<void> {
  await file.truncate(0);
  await file.seek(0, Deno.SeekMode.Start);
  await file.write(new TextEncoder().encode(text));
}
