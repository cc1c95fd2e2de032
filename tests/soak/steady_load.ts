/**
 * An even load, and whether the daemon has taken in all of it.
 *
 * @module
 */
import type { StatusReport } from "../../src/api/status_report.ts";
import { assertEquals } from "../support/assert.ts";
import type { SoakDaemon } from "./daemon_process.ts";
import { LoadSender } from "./load_sender.ts";
import { kernelDrops } from "./process_figures.ts";

/** Sends at an even pace from its making until it is stopped. */
export class SteadyLoad implements AsyncDisposable {
  readonly sender: LoadSender;
  readonly #stop = new AbortController();
  readonly #sending: Promise<void>;
  #error: unknown;

  constructor(daemon: SoakDaemon, perSecond: number) {
    this.sender = new LoadSender(daemon.port);
    this.#sending = this.sender.run(perSecond, this.#stop.signal)
      .catch((error) => this.#error = error);
  }

  /** How many datagrams were sent. */
  get sent(): number {
    return this.sender.sent;
  }

  /** Sends no more; throws what went wrong while sending. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#sending;
    if (this.#error !== undefined) throw this.#error;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#sending;
    this.sender[Symbol.dispose]();
  }
}

/**
 * Checks that every datagram is accounted for by a daemon that nobody killed, once everything is
 * delivered.
 *
 * @returns How many the kernel threw away.
 */
export async function checkAllTakenIn(
  { daemon, sent, status: { events } }: {
    daemon: SoakDaemon;
    sent: number;
    status: StatusReport;
  },
): Promise<number> {
  const drops = await kernelDrops(daemon.port);
  const { received, held, lost, refused } = events;
  assertEquals(
    { received: received + held + lost, refused },
    { received: sent - drops, refused: 0 },
    `${sent} datagrams were sent, of which the kernel threw ${drops} away`,
  );
  return drops;
}
