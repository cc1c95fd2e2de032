/**
 * Sends numbered datagrams, as Gluster's processes send theirs.
 *
 * @module
 */
import { formatDatagram } from "../../src/event/datagram.ts";
import type { Message } from "../../src/event/event.ts";
import { pause } from "./scenario.ts";

const VOLUMES = 8;
const TICK_MS = 2;
/** What a stalled harness sends at most at once; it does not make up for more. */
const MOST_AT_ONCE = 50;

/** The number of a datagram, found in the message that a webhook got; NaN if it is none of ours. */
export function numberOf(message: Message): number {
  const [, number] = /^\/bricks\/b(\d+)$/.exec(String(message["brick"])) ?? [];
  return number === undefined ? NaN : Number(number);
}

/** The volume that the datagram of this number is about. */
export function volumeOf(number: number): string {
  return `gv${number % VOLUMES}`;
}

/** Sends to one port of this machine, numbers from 0 on. */
export class LoadSender implements Disposable {
  readonly #socket: Deno.DatagramConn;
  readonly #to: Deno.NetAddr;
  readonly #sentAtMs: number[] = [];
  readonly #encoder = new TextEncoder();

  constructor(port: number) {
    this.#socket = Deno.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 0 });
    this.#to = { transport: "udp", hostname: "127.0.0.1", port };
  }

  /** How many were sent. */
  get sent(): number {
    return this.#sentAtMs.length;
  }

  /** When the datagram of this number was sent, on the clock of `performance.now`. */
  sentAtMs(number: number): number {
    return this.#sentAtMs[number] ?? NaN;
  }

  /** Sends so many, one right after the other. */
  async send(count: number): Promise<void> {
    const ts = Math.floor(Date.now() / 1000);
    for (let left = count; left > 0; left--) {
      const number = this.sent;
      const message = {
        peer: "node1",
        volume: volumeOf(number),
        brick: `/bricks/b${number}`,
      };
      const datagram = formatDatagram({ ts, event: "BRICK_CONNECTED", message });
      this.#sentAtMs.push(performance.now());
      await this.#socket.send(this.#encoder.encode(datagram), this.#to);
    }
  }

  /** Sends at an even pace until the signal comes. */
  async run(perSecond: number, stop: AbortSignal): Promise<void> {
    let startMs = performance.now();
    let done = 0;
    while (!stop.aborted) {
      const due = Math.floor((performance.now() - startMs) * perSecond / 1000) - done;
      const count = Math.min(due, MOST_AT_ONCE);
      if (count < due) startMs += (due - count) * 1000 / perSecond;
      await this.send(count);
      done += count;
      // The signal is how it ends, no failure.
      await pause(TICK_MS, stop).catch(() => undefined);
    }
  }

  [Symbol.dispose](): void {
    this.#socket.close();
  }
}
