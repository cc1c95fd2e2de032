/**
 * Reads datagrams from the sockets, turns them into events and hands them to the spool. It knows
 * no webhook, so nothing that a receiver does can slow it.
 *
 * @module
 */
import { parseDatagram } from "../event/datagram.ts";
import { type GlusterEvent, type ReportingNode, toPayload } from "../event/event.ts";
import type { NewEvent } from "../spool/spool_types.ts";
import { DropWatch } from "./drop_watch.ts";
import type { KernelSockets } from "./kernel_sockets.ts";
import { formatListenAddress, type ListenAddress } from "./listen_address.ts";
import { addressOf } from "./udp_sockets.ts";
import { type Untaken, UntakenCounter } from "../std/untaken.ts";

/** Where accepted events go. */
export interface EventSink {
  addEvent(event: NewEvent): void;
  addRefused(): void;
}

/** What the listener has to tell. */
export type ListenerNotice =
  | { readonly kind: "datagrams_denied" } & Untaken
  | { readonly kind: "event_received"; readonly event: GlusterEvent; readonly from: string }
  | { readonly kind: "datagrams_refused" } & Untaken
  /** The kernel threw away so many more, and so many in all. */
  | { readonly kind: "kernel_dropped"; readonly count: number; readonly drops: number }
  /** `bytes` is what the buffers have; `undefined` if the kernel cannot be asked. */
  | {
    readonly kind: "buffer_small";
    readonly wantedBytes: number;
    readonly bytes: number | undefined;
  }
  | { readonly kind: "receive_failed"; readonly error: Error };

/** What the listener works with. */
export interface ListenerOptions {
  readonly sockets: readonly Deno.DatagramConn[];
  /** The same sockets as the kernel sees them, where that can be known. */
  readonly kernel: KernelSockets | undefined;
  readonly sink: EventSink;
  /** Whether datagrams from this IP address are taken; asked before anything else. */
  readonly isAllowed: (address: string) => boolean;
  /** This node, asked for its id with each event: glusterd makes it late on a fresh node. */
  readonly node: ReportingNode;
  readonly newId: (nowMs: number) => string;
  readonly now: () => number;
  /** Milliseconds by a clock that does not jump. */
  readonly steadyNow: () => number;
  readonly notify: (notice: ListenerNotice) => void;
}

const LARGEST_DATAGRAM = 65_536;
const PAUSE_AFTER_ERROR_MS = 100;

/** Receives until it is closed. */
export class Listener {
  readonly #options: ListenerOptions;
  readonly #drops: DropWatch;
  #loops: Promise<void>[] = [];
  #closed = false;
  readonly #refused = new UntakenCounter((some) =>
    this.#options.notify({ kind: "datagrams_refused", ...some })
  );
  readonly #denied = new UntakenCounter((some) =>
    this.#options.notify({ kind: "datagrams_denied", ...some })
  );

  constructor(options: ListenerOptions) {
    this.#options = options;
    this.#drops = new DropWatch(options);
  }

  /** How many datagrams came from where none are allowed. */
  get denied(): number {
    return this.#denied.total;
  }

  /** The addresses it listens on. */
  get addresses(): ListenAddress[] {
    return this.#options.sockets.map(addressOf);
  }

  /** How many datagrams the kernel threw away since the start; `undefined` if that is not known. */
  get kernelDrops(): number | undefined {
    return this.#drops.count;
  }

  /** Asks for so much room for datagrams that were not read yet, and tells if there is less. */
  enlargeBuffers(wantedBytes: number): void {
    // The descriptors may be those of others by now.
    if (this.#closed) return;
    const bytes = this.#options.kernel?.enlargeBuffers(wantedBytes);
    if (bytes !== undefined && bytes >= wantedBytes) return;
    this.#options.notify({ kind: "buffer_small", wantedBytes, bytes });
  }

  /** Begins to receive. */
  start(): void {
    this.#loops = this.#options.sockets.map((socket) => this.#receiveAll(socket));
  }

  /** Stops receiving; what was received is with the sink. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#drops.end();
    this.#options.kernel?.[Symbol.dispose]();
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
    const { sink, node, newId, now, steadyNow, notify, isAllowed } = this.#options;
    const from = formatListenAddress(sender);
    if (!isAllowed(sender.hostname)) {
      this.#denied.add(from, steadyNow());
      return;
    }
    const report = parseDatagram(datagram);
    if (report === undefined) {
      sink.addRefused();
      this.#refused.add(from, steadyNow());
      return;
    }
    const receivedMs = now();
    const { id: nodeId, host } = node;
    const event: GlusterEvent = { ...report, id: newId(receivedMs), nodeId, host };
    const payload = JSON.stringify(toPayload(event));
    sink.addEvent({ id: event.id, receivedMs, event: event.event, payload });
    notify({ kind: "event_received", event, from });
  }

  /** Tells of datagrams that were not taken and nobody was told of. */
  tellLosses(): void {
    const nowMs = this.#options.steadyNow();
    // Each kind has a minute of its own.
    this.#refused.tell(nowMs);
    this.#denied.tell(nowMs);
    this.#drops.tell();
  }
}
