/**
 * What a node does with its registry when another node asks.
 *
 * @module
 */
import { formatOffer, type Offer, OFFER_NAME, parseOffer } from "../registry/offer.ts";
import type { RegistryFile, TakeOutcome } from "../registry/registry_file.ts";
import { checksumOf, type RegistryState } from "../registry/registry_state.ts";
import { replaceFile } from "../registry/replace_file.ts";
import { folderOf, ignoreMissing } from "../std/files.ts";
import { HintedError } from "../std/hinted_error.ts";
import { EditLease, type LeaseHolder, type LeaseOutcome } from "./edit_lease.ts";

/** What a node answers to whoever wants to change the registry. */
export interface LeaseReply {
  readonly lease: LeaseOutcome;
  readonly state: RegistryState;
}

/** What a node answers to whoever gave it a registry. */
export interface TakeReply extends TakeOutcome {
  /** What else there is to know, such as that no daemon runs there. */
  readonly note?: string;
}

/** What a node says if it was given a registry and does not have it. */
export const NOT_WHOLE = "the registry did not arrive whole";

/** The registry of this node, as the other nodes see it. */
export class NodeRegistry {
  readonly file: RegistryFile;
  readonly #lease: EditLease;
  readonly #offerPath: string;

  constructor(file: RegistryFile, lease: EditLease) {
    this.file = file;
    this.#lease = lease;
    this.#offerPath = offerPath(file.path);
  }

  /** Lets somebody change the registry, unless somebody else is at it. */
  async lease(holder: LeaseHolder, options: { isAlone?: boolean } = {}): Promise<LeaseReply> {
    const lease = await this.#lease.acquire(holder, options);
    return { lease, state: await this.file.state() };
  }

  /** The node whose command changes the registry at the moment, if it is not that of the token. */
  async leaseHolder(token: string): Promise<string | undefined> {
    return await this.#lease.holder(token);
  }

  /** Ends that. */
  async release(token: string): Promise<void> {
    await this.#lease.release(token);
  }

  /**
   * Takes over the registry that was copied here, and clears it away.
   *
   * @param checksum Of the registry that is meant.
   * @throws {OfferError} If it did not arrive, or not whole.
   * @throws {ForeignRegistryError} If this version cannot read it.
   * @throws {RegistryAccessError} If it cannot be written.
   */
  async take(checksum: string): Promise<TakeOutcome> {
    const state = await this.file.state();
    const offer = await readOffer(this.#offerPath);
    // The daemon may have been quicker.
    if (state.checksum === checksum && !state.byHand) {
      await this.clearOffer();
      const keptAs = await this.file.tellKept();
      return { taken: true, state, ...(keptAs === undefined ? {} : { keptAs }) };
    }
    if (offer?.checksum !== checksum) {
      throw new OfferError(
        NOT_WHOLE,
        "see whether its disk is full, and bring it in step: gluster-eventing sync",
      );
    }
    const outcome = await this.file.take(offer);
    await this.clearOffer();
    return outcome;
  }

  /** Puts this node's registry where glusterd can copy it from. @returns Its checksum. */
  async offer(): Promise<string> {
    const copy = await this.file.copy();
    const temporaryName = `${OFFER_NAME}.new`;
    await replaceFile({ path: this.#offerPath, temporaryName, text: formatOffer(copy) });
    return checksumOf(copy.text);
  }

  /** Clears away what was offered. */
  async clearOffer(): Promise<void> {
    await Deno.remove(this.#offerPath).catch(ignoreMissing);
  }
}

/** The registry in this file. @param now Milliseconds since 1970, on this machine. */
export function openNodeRegistry(file: RegistryFile, now: () => number): NodeRegistry {
  return new NodeRegistry(file, new EditLease(file.path, now));
}

/** Where a registry is offered that is to take the place of this one. */
export function offerPath(registryPath: string): string {
  return `${folderOf(registryPath)}/${OFFER_NAME}`;
}

/** The registry that is offered; `undefined` if there is none or not all of it. */
export async function readOffer(path: string): Promise<Offer | undefined> {
  const text = await Deno.readTextFile(path).catch(ignoreMissing);
  return text === undefined ? undefined : parseOffer(text);
}

/** A registry that was to be copied here is not here. */
export class OfferError extends HintedError {
  override readonly name = "OfferError";
}
