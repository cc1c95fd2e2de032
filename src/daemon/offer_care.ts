/**
 * Registries that other nodes offer to this one.
 *
 * @module
 */
import { readOffer } from "../cluster/node_registry.ts";
import type { RegistryFile } from "../registry/registry_file.ts";
import type { Logger } from "./logger.ts";

/** What taking offers needs. */
export interface OfferCareDeps {
  readonly file: RegistryFile;
  readonly path: string;
  readonly logger: Logger;
  /** Called when this node's file was replaced. */
  readonly onTaken: () => Promise<unknown>;
}

/**
 * Takes over what is offered, if it is newer. One that is not complete is left alone: glusterd
 * writes it in place, and may still be at it.
 */
export async function takeOffer({ file, path, logger, onTaken }: OfferCareDeps): Promise<void> {
  try {
    const offer = await readOffer(path);
    if (offer === undefined) return;
    const { taken, state, keptAs } = await file.take(offer);
    // Whoever offers it clears it away: by now it may be another one.
    if (!taken) return;
    const { generation } = state;
    logger.log("INFO", "registry of another node taken over", { generation, kept_as: keptAs });
    await onTaken();
  } catch (error) {
    // Whatever it is, a daemon goes on.
    if (!(error instanceof Error)) throw error;
    logger.log("ERROR", "registry of another node not taken over", { error: error.message });
  }
}
