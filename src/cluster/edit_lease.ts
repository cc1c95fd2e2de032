/**
 * Who may change the registry of the pool. Every node keeps a lease of its own, and whoever wants to
 * make a change needs those of all nodes that can be reached, so two never make one at a time.
 *
 * @module
 */
import { RegistryAccessError } from "../registry/errors.ts";
import { folderOf, ignoreMissing } from "../std/files.ts";

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

interface Claim extends LeaseHolder {
  readonly untilMs: number;
}

/** What the file holds. */
interface Lease {
  readonly held?: Claim;
  /** Who gets it next, and so keeps off all others once it is free. */
  readonly next?: Claim;
}

/** A change takes seconds; what a killed command held is free again after this. */
const HELD_MS = 45_000;
/** Whoever was refused asks again within seconds. */
const NEXT_MS = 10_000;

/** The lease of one node, in a file beside its registry. */
export class EditLease {
  readonly #path: string;
  readonly #now: () => number;

  /** @param now Milliseconds since 1970. */
  constructor(registryPath: string, now: () => number) {
    this.#path = `${folderOf(registryPath)}/.webhooks.toml.lease`;
    this.#now = now;
  }

  /**
   * Takes the lease, unless somebody else has it. Whoever is refused gets it next, before those on
   * nodes with a higher UUID: two that hold what the other one needs do not wait for ever.
   *
   * @param isAlone Nobody else on the asker's node is at it: what they still have here is void.
   */
  async acquire(asker: LeaseHolder, { isAlone = false } = {}): Promise<LeaseOutcome> {
    await Deno.mkdir(folderOf(this.#path), { recursive: true, mode: 0o755 });
    return await this.#withFile(async (file) => {
      const { held, next } = await readLease(file);
      const isMine = (claim: Claim) => claim.token === asker.token;
      const isVoid = (claim: Claim) => isAlone && claim.node === asker.node && !isMine(claim);
      const others = [held, next].filter((claim) => claim !== undefined)
        .filter((claim) => this.#isValid(claim) && !isVoid(claim));
      const mine = { ...asker, untilMs: this.#now() + HELD_MS };
      const [first] = others;
      if (first === undefined || isMine(first)) {
        const waiting = others.find((claim) => !isMine(claim));
        await writeLease(file, { held: mine, ...(waiting === undefined ? {} : { next: waiting }) });
        return { granted: true };
      }
      if (first === next) return { granted: false, holder: first.node };
      const rival = next !== undefined && others.includes(next) ? next : undefined;
      const isFirst = rival === undefined || isMine(rival) || asker.node < rival.node;
      const wish = isFirst ? { ...asker, untilMs: this.#now() + NEXT_MS } : rival;
      await writeLease(file, { held: first, next: wish });
      return { granted: false, holder: first.node };
    });
  }

  /** Who has the lease, if somebody else does. */
  async holder(token: string): Promise<string | undefined> {
    await Deno.mkdir(folderOf(this.#path), { recursive: true, mode: 0o755 });
    return await this.#withFile(async (file) => {
      const { held } = await readLease(file);
      const isHeld = held !== undefined && held.token !== token && this.#isValid(held);
      return isHeld ? held.node : undefined;
    });
  }

  /** Gives the lease back, if the token has it. */
  async release(token: string): Promise<void> {
    // Without the folder there is no lease to give back.
    if (await Deno.stat(folderOf(this.#path)).catch(ignoreMissing) === undefined) return;
    await this.#withFile(async (file) => {
      const { held, next } = await readLease(file);
      const keep = (claim: Claim | undefined) => claim?.token === token ? undefined : claim;
      const left = { held: keep(held), next: keep(next) };
      await writeLease(file, {
        ...(left.held === undefined ? {} : { held: left.held }),
        ...(left.next === undefined ? {} : { next: left.next }),
      });
    });
  }

  /** More time than there was at first is left only if the clock was set back since. */
  #isValid({ untilMs }: Claim): boolean {
    const leftMs = untilMs - this.#now();
    return leftMs > 0 && leftMs <= HELD_MS;
  }

  async #withFile<T>(work: (file: Deno.FsFile) => Promise<T>): Promise<T> {
    const options = { create: true, read: true, write: true, mode: 0o600 };
    try {
      using file = await Deno.open(this.#path, options);
      // The kernel frees it with the process; nobody holds it for longer than a moment.
      await file.lock(true);
      return await work(file);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      const what = `Cannot use what keeps off other changes, ${this.#path}: ${error.message}`;
      const hint = `see whether there is space: df ${folderOf(this.#path)}`;
      throw new RegistryAccessError(what, hint, { cause: error });
    }
  }
}

async function readLease(file: Deno.FsFile): Promise<Lease> {
  const bytes = new Uint8Array(4096);
  const length = await file.read(bytes) ?? 0;
  try {
    const lease = JSON.parse(new TextDecoder().decode(bytes.subarray(0, length)));
    return { ...toClaim("held", lease?.held), ...toClaim("next", lease?.next) };
  } catch (error) {
    // It is new, or whoever wrote it was killed.
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

/** Nothing, if it is damaged. */
function toClaim(name: keyof Lease, value: unknown): Lease {
  if (typeof value !== "object" || value === null) return {};
  const { token, node, untilMs } = value as Record<keyof Claim, unknown>;
  const isClaim = typeof token === "string" && typeof node === "string";
  return isClaim ? { [name]: { token, node, untilMs: Number(untilMs) } } : {};
}

async function writeLease(file: Deno.FsFile, lease: Lease): Promise<void> {
  await file.truncate(0);
  // A lease can be given back on a full disk.
  if (lease.held === undefined && lease.next === undefined) return;
  await file.seek(0, Deno.SeekMode.Start);
  await file.write(new TextEncoder().encode(JSON.stringify(lease)));
}
