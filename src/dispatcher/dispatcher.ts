/**
 * One lane for each webhook, so that a dead one cannot delay another.
 *
 * @module
 */
import type { Webhook } from "../registry/schema.ts";
import { CredentialStore } from "./credentials.ts";
import { Lane, type LaneDeps } from "./lanes/lane.ts";
import type { LaneState } from "./lanes/lane_notice.ts";
import type { LaneMemory } from "./lanes/lane_spool.ts";
import type { WebhookClient } from "./http/webhook_client.ts";

/** What the dispatcher works with: what its lanes need, and a client for each of them. */
export interface DispatcherDeps extends Omit<LaneDeps, "client" | "credentials"> {
  readonly createClient: () => WebhookClient;
}

/** Keeps the lanes in step with the registry. */
export class Dispatcher {
  readonly #deps: DispatcherDeps;
  readonly #credentials: CredentialStore;
  readonly #lanes = new Map<string, Lane>();

  constructor(deps: DispatcherDeps) {
    this.#deps = deps;
    this.#credentials = new CredentialStore(deps.clock.steadyNow);
  }

  /** Stops the lanes of webhooks that are not among these; their requests in flight may end. */
  async retain(webhooks: readonly Webhook[], graceMs: number): Promise<void> {
    const names = new Set(webhooks.map(({ name }) => name));
    const gone = [...this.#lanes.keys()].filter((name) => !names.has(name));
    await Promise.all(gone.map((name) => this.#stopLane(name, graceMs)));
  }

  /**
   * Starts lanes for new webhooks and gives the others their settings.
   *
   * @param memoryOf How a webhook was doing before.
   */
  assign(webhooks: readonly Webhook[], memoryOf: (name: string) => LaneMemory | undefined): void {
    for (const webhook of webhooks) {
      const running = this.#lanes.get(webhook.name);
      if (running !== undefined) {
        running.update(webhook);
        continue;
      }
      const client = this.#deps.createClient();
      const deps = { ...this.#deps, client, credentials: this.#credentials };
      const lane = new Lane(webhook, deps, memoryOf(webhook.name));
      this.#lanes.set(webhook.name, lane);
      lane.start();
    }
  }

  /** Tells all lanes that there may be new events. */
  wake(): void {
    for (const lane of this.#lanes.values()) lane.wake();
  }

  /** Tells all lanes that events were dropped which they may have read already. */
  forgetDropped(): void {
    for (const lane of this.#lanes.values()) lane.forgetDropped();
  }

  /** Tells all lanes that the spool has a new file, without some of what they may have read. */
  beginAnew(): void {
    for (const lane of this.#lanes.values()) lane.beginAnew();
  }

  /** Ends a webhook's pause after 410, or its wait for a retry. @returns Whether it had one. */
  resume(name: string): boolean {
    return this.#lanes.get(name)?.resume() ?? false;
  }

  /** How a webhook's lane is doing. */
  stateOf(name: string): LaneState | undefined {
    return this.#lanes.get(name)?.state;
  }

  /** Stops all lanes; requests in flight may end within the time. */
  async stop(graceMs: number): Promise<void> {
    await Promise.all([...this.#lanes.keys()].map((name) => this.#stopLane(name, graceMs)));
  }

  async #stopLane(name: string, graceMs: number): Promise<void> {
    const lane = this.#lanes.get(name);
    this.#lanes.delete(name);
    await lane?.stop(graceMs);
  }
}
