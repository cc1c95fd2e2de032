/**
 * Waits until all that was received has been delivered.
 *
 * @module
 */
import type { StatusReport } from "../../src/api/status_report.ts";
import { assertEquals } from "../support/assert.ts";
import { webhookIn } from "./counts.ts";
import type { SoakDaemon } from "./daemon_process.ts";
import { show } from "./figures.ts";
import { type Progress, type Surroundings, untilDone } from "./scenario.ts";
import type { StatusWatch } from "./status_watch.ts";

/** Whose events, and who is told how far it is. */
export interface UntilDeliveredOptions {
  readonly daemon: SoakDaemon;
  /** The webhooks that have to get everything. */
  readonly fromTheStart: readonly string[];
  readonly surroundings: Surroundings;
  readonly progress: Progress;
  readonly watch: StatusWatch;
}

/** So many looks in a row have to say the same: a datagram may still be on its way. */
const SAME_LOOKS = 4;

/**
 * Waits until nothing is pending for the webhooks and nothing comes in any more; then nothing of it
 * was given up or dropped.
 */
export async function untilDelivered(
  { daemon, fromTheStart, surroundings, progress, watch }: UntilDeliveredOptions,
): Promise<StatusReport> {
  let same = 0;
  let before = -1;
  let webhooks: StatusReport["webhooks"] = [];
  const status = await untilDone("everything is delivered", async () => {
    watch.check();
    const status = await daemon.mustStatus();
    const waiting = fromTheStart.map((name) => webhookIn(status, name).pending);
    const { received, held } = status.events;
    webhooks = status.webhooks;
    const pending = Math.max(...waiting);
    same = received === before && pending + held === 0 ? same + 1 : 0;
    before = received;
    progress.at(() => `${show(pending)} events wait for the slowest webhook`);
    const mark = `${received} received, ${held} held, pending ${waiting.join(" ")}, look ${same}`;
    return same >= SAME_LOOKS ? { done: status } : { mark };
  }, { ...surroundings, seen: () => ({ webhooks, log: daemon.log }) });
  for (const name of fromTheStart) {
    const { delivered, matched, dead, dropped } = webhookIn(status, name);
    assertEquals([delivered, dead, dropped], [matched, 0, 0], name);
  }
  return status;
}
