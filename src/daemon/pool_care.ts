/**
 * What a daemon does to keep its registry the same as that of the other nodes.
 *
 * @module
 */
import { offerPath } from "../cluster/node_registry.ts";
import { openPoolRegistry } from "../cluster/pool_registry.ts";
import type { Clock } from "../dispatcher/clock.ts";
import type { RegistryFile } from "../registry/registry_file.ts";
import { folderOf } from "../std/files.ts";
import type { PoolAccess } from "./daemon_options.ts";
import type { Logger } from "./logger.ts";
import { takeOffer } from "./offer_care.ts";
import { PoolWatch } from "./pool_watch.ts";
import { BACK_EVENTS } from "./peer_events.ts";
import { RegistryWatch } from "./registry_watch.ts";

/** What the care works with. */
export interface PoolCareDeps {
  readonly access: PoolAccess;
  /** glusterd's folder. */
  readonly workdir: string;
  readonly file: RegistryFile;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
  /** Called when the file was replaced. */
  readonly onTaken: () => Promise<unknown>;
}

/** Watches the other nodes and what they offer, until it is disposed of. */
export class PoolCare implements AsyncDisposable {
  readonly #watch: PoolWatch;
  readonly #offers: RegistryWatch;

  constructor({ access: { gluster, isOurs }, workdir, ...deps }: PoolCareDeps) {
    const { file, clock, random, logger, onTaken } = deps;
    this.#watch = new PoolWatch({
      ...deps,
      openPool: async () => {
        if (!await isOurs()) return undefined;
        // glusterd copies nothing into a folder that is not there.
        await Deno.mkdir(folderOf(file.path), { recursive: true, mode: 0o755 });
        return await openPoolRegistry({
          gluster,
          workdir,
          file,
          clock,
          random,
          newToken: () => crypto.randomUUID(),
          // The log of a daemon has no place for who else is at it.
          notify: () => {},
        });
      },
    });
    const path = offerPath(file.path);
    this.#offers = new RegistryWatch({
      path,
      // What was offered while no daemon ran is looked at too.
      seen: "",
      isSettled: true,
      clock,
      onChange: async () => {
        await takeOffer({ file, path, logger, onTaken });
        return true;
      },
    });
  }

  /** An event came in. */
  noteEvent(event: string): void {
    if (BACK_EVENTS.has(event)) this.#watch.peerConnected();
  }

  /** The registry has changed. */
  registryChanged(): void {
    this.#watch.registryChanged();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#watch[Symbol.asyncDispose](), this.#offers[Symbol.asyncDispose]()]);
  }
}
