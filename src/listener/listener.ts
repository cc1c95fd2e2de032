/**
 * Reads datagrams from the sockets, turns them into events and hands them to the spool. It knows
 * no webhook, so nothing that a receiver does can slow it.
 *
 * @module
 */
import { parseDatagram } from "../event/datagram.ts";
import { type GlusterEvent, toPayload } from "../event/event.ts";
import type { NewEvent } from "../spool/spool_types.ts";
import { formatListenAddress, type ListenAddress } from "./listen_address.ts";
import { addressOf } from "./udp_sockets.ts";
import { UntakenCounter, type UntakenDatagrams } from "./untaken_datagrams.ts";

/** Where accepted events go. */
export interface EventSink {
  addEvent(event: NewEvent): void;
  addRefused(): void;
}

/** What the listener has to tell. */
export type ListenerNotice =
  | { readonly kind: "datagrams_denied" } & UntakenDatagrams
  | { readonly kind: "event_received"; readonly event: GlusterEvent; readonly from: string }
  | { readonly kind: "datagrams_refused"; readonly count: number; readonly from: string }
  | { readonly kind: "receive_failed"; readonly error: Error };

/** What the listener works with. */
export interface ListenerOptions {
  readonly sockets: readonly Deno.DatagramConn[];
  readonly sink: EventSink;
  /** Whether datagrams from this IP address are taken; asked before anything else. */
  readonly isAllowed: (address: string) => boolean;
  /** The UUID of this node, asked for each event: glusterd makes it late on a fresh node. */
  readonly nodeId: () => string;
  readonly newId: (nowMs: number) => string;
  readonly now: () => number;
  readonly notify: (notice: ListenerNotice) => void;
}

const LARGEST_DATAGRAM = 65_536;
const REFUSED_NOTICE_MS = 60_000;
const PAUSE_AFTER_ERROR_MS = 100;

/** Receives until it is closed. */
export class Listener {
  readonly #options: ListenerOptions;
  #loops: Promise<void>[] = [];
  #closed = false;
  #refusedUntold = 0;
  #refusedFrom = "";
  #refusedToldMs = -Infinity;
  readonly #denied = new UntakenCounter((some) =>
    this.#options.notify({ kind: "datagrams_denied", ...some })
  );

  constructor(options: ListenerOptions) {
    this.#options = options;
  }

  /** How many datagrams came from where none are allowed. */
  get denied(): number {
    return this.#denied.total;
  }

  /** The addresses it listens on. */
  get addresses(): ListenAddress[] {
    return this.#options.sockets.map(addressOf);
  }

  /** Begins to receive. */
  start(): void {
    this.#loops = this.#options.sockets.map((socket) => this.#receiveAll(socket));
  }

  /** Stops receiving; what was received is with the sink. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const socket of this.#options.sockets) socket.close();
    await Promise.all(this.#loops);
  }

  async #receiveAll(socket: Deno.DatagramConn): Promise<void> {
    const buffer = new Uint8Array(LARGEST_DATAGRAM);
    while (!this.#closed) {
      try {
        const [datagram, from] = await socket.receive(buffer);
        this.#take(datagram, from as Deno.NetAddr);
      } catch (error) {
        if (this.#closed) return;
        if (!(error instanceof Error)) throw error;
        this.#options.notify({ kind: "receive_failed", error });
        await new Promise((resolve) => setTimeout(resolve, PAUSE_AFTER_ERROR_MS));
      }
    }
  }

  #take(datagram: Uint8Array, sender: Deno.NetAddr): void {
    const { sink, nodeId, newId, now, notify, isAllowed } = this.#options;
    const from = formatListenAddress(sender);
    if (!isAllowed(sender.hostname)) {
      this.#denied.add(from, now());
      return;
    }
    const report = parseDatagram(datagram);
    if (report === undefined) {
      sink.addRefused();
      this.#refusedUntold++;
      this.#refusedFrom = from;
      this.tellRefused();
      return;
    }
    const receivedMs = now();
    const event: GlusterEvent = { ...report, id: newId(receivedMs), nodeId: nodeId() };
    const payload = JSON.stringify(toPayload(event));
    sink.addEvent({ id: event.id, receivedMs, event: event.event, payload });
    notify({ kind: "event_received", event, from });
  }

  /** Tells of refused datagrams that nobody was told of, at most once a minute. */
  tellRefused(): void {
    const { now, notify } = this.#options;
    const nowMs = now();
    // These have a minute of their own.
    this.#denied.tell(nowMs);
    if (this.#refusedUntold === 0 || nowMs - this.#refusedToldMs < REFUSED_NOTICE_MS) return;
    notify({ kind: "datagrams_refused", count: this.#refusedUntold, from: this.#refusedFrom });
    this.#refusedUntold = 0;
    this.#refusedToldMs = nowMs;
  }
}
