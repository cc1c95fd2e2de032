/**
 * What a lane may do, told naively.
 *
 * @module
 */
import type { Webhook } from "../../../../src/registry/schema.ts";
import { assert, assertEquals } from "../../../support/assert.ts";
import type { Posted } from "./lane_bench.ts";

/** The settings that decide what may go together. */
export type ModelSettings = Pick<Webhook, "order" | "concurrency" | "batch">;

const MOST_BYTES = 2 ** 20;

/** Sees each request begin and end. */
export class LaneModel {
  readonly #webhook: ModelSettings;
  readonly #events: { readonly id: string; readonly bytes: number }[] = [];
  readonly #ended = new Set<string>();
  readonly #underWay: string[][] = [];
  /** What failed together, and under which id. */
  readonly #failedTogether = new Map<string, { ids: string[]; webhookId: string }>();

  /** What was rejected, alone or with others. */
  readonly #rejected = new Set<string>();

  constructor(webhook: ModelSettings) {
    this.#webhook = webhook;
  }

  /** An event is there; its id is `VOLUME:...`. */
  add(id: string, bytes: number): void {
    this.#events.push({ id, bytes });
  }

  /** A request begins: fails unless it may. */
  begin(posted: Posted): void {
    const ids = idsOf(posted);
    const { concurrency, batch } = this.#webhook;
    this.#underWay.push(ids);
    assert(this.#underWay.length <= concurrency, `${this.#underWay.length} requests at once`);
    assert(ids.length <= batch, `${ids.length} events in a batch`);
    assertEquals(new Set(ids).size, ids.length, `twice in one request: ${ids}`);
    const bytes = ids.reduce((sum, id) => sum + this.#numberOf(id).bytes, 0);
    assert(ids.length === 1 || bytes <= MOST_BYTES, `${bytes} bytes in a batch`);
    ids.forEach((id, index) => {
      assert(!this.#ended.has(id), `${id} once more`);
      // All that come before it in its order have ended, or go before it in this request.
      for (const other of this.#before(id)) {
        const isBefore = this.#ended.has(other) || ids.slice(0, index).includes(other);
        assert(isBefore, `${id} overtakes ${other}`);
      }
      assert(ids.length === 1 || !this.#rejected.has(id), `${id} was rejected and is not alone`);
      const failed = this.#failedTogether.get(id);
      // Without those that were left out meanwhile, it is another request.
      if (failed === undefined || failed.ids.some((other) => this.#ended.has(other))) return;
      const webhookId = posted.request.headers["webhook-id"];
      assertEquals({ ids, webhookId }, failed, `${id} is not tried with those it failed with`);
    });
  }

  /** A request ends. */
  end(posted: Posted, status: number): void {
    const ids = idsOf(posted);
    this.#underWay.splice(this.#underWay.findIndex((other) => other.join() === ids.join()), 1);
    const webhookId = posted.request.headers["webhook-id"] ?? "";
    for (const id of ids) {
      this.#failedTogether.delete(id);
      if (status === 503) this.#failedTogether.set(id, { ids, webhookId });
      if (status === 400) this.#rejected.add(id);
      if (status === 200) this.#ended.add(id);
    }
  }

  /** The lane begins anew with what was rejected. */
  resume(): void {
    this.#rejected.clear();
  }

  /** An event became a dead letter, or is left out. */
  giveUp(id: string): void {
    this.#failedTogether.delete(id);
    this.#ended.add(id);
  }

  #numberOf(id: string): { bytes: number } {
    const event = this.#events.find((event) => event.id === id);
    assert(event !== undefined, `nobody added ${id}`);
    return event;
  }

  #before(id: string): string[] {
    const { order } = this.#webhook;
    if (order === "none") return [];
    const ids = this.#events.map((event) => event.id);
    return ids.slice(0, ids.indexOf(id))
      .filter((other) => order === "fifo" || volumeOf(other) === volumeOf(id));
  }
}

/** The volume of an event, which its id begins with. */
export function volumeOf(id: string): string {
  return id.slice(0, id.indexOf(":"));
}

function idsOf({ ids }: Posted): string[] {
  return ids.split("+");
}
