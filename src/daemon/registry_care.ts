/**
 * Reloads of the registry, and what else has to be seen to then.
 *
 * @module
 */
import type { ReloadOutcome } from "../api/control_handlers.ts";
import type { Logger } from "./logger.ts";
import type { NodeIdentity } from "./node_identity.ts";
import { OpenFiles } from "./open_files.ts";
import type { RegistryKeeper } from "./registry_keeper.ts";

/** What the care works with. */
export interface RegistryCareDeps {
  readonly keeper: RegistryKeeper;
  readonly identity: NodeIdentity;
  readonly logger: Logger;
  /** The registry's file. */
  readonly path: string;
  /** Whether the registry says where to listen. */
  readonly isPortConfigured: boolean;
  /** Called when the registry wants another size of the receive buffers. */
  readonly onBufferSize: (bytes: number) => void;
  /** Called when another registry is in force. */
  readonly onChanged: () => void;
}

/** Looks at the registry when somebody says so. */
export class RegistryCare {
  readonly #deps: RegistryCareDeps;
  readonly #openFiles: OpenFiles;

  constructor(deps: RegistryCareDeps) {
    this.#deps = deps;
    this.#openFiles = new OpenFiles(deps.logger);
  }

  /** Reads the file and takes it over; a bad one changes nothing. */
  async reload(): Promise<ReloadOutcome> {
    return await this.#lookAround(() => this.#deps.keeper.reload());
  }

  /**
   * The same for a file that changed by itself.
   *
   * @returns False if it has to be looked at again once it has not changed for a while.
   */
  async notice(isSettled: boolean): Promise<boolean> {
    return await this.#lookAround(() => this.#deps.keeper.notice(isSettled));
  }

  /** Warns of files with secrets that others can read. */
  async warnIfOpen(): Promise<void> {
    const { path, keeper } = this.#deps;
    await this.#openFiles.lookAtRegistry(path);
    await this.#openFiles.lookAtFilesOf(keeper.registry.webhooks);
  }

  async #lookAround<T>(reload: () => Promise<T>): Promise<T> {
    const { keeper, identity, logger, isPortConfigured, onBufferSize, onChanged } = this.#deps;
    identity.refresh();
    const before = keeper.registry;
    const outcome = await reload();
    const { registry } = keeper;
    if (registry === before) return outcome;
    onChanged();
    const { port, receiveBufferBytes } = registry.config;
    if (isPortConfigured && port !== before.config.port) {
      logger.log("WARNING", "the new port is used after a restart", { port });
    }
    if (receiveBufferBytes !== before.config.receiveBufferBytes) onBufferSize(receiveBufferBytes);
    await this.warnIfOpen();
    return outcome;
  }
}
