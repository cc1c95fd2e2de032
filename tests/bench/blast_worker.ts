/**
 * Sends datagrams from a thread of its own, so that sending and measuring do not share one: as fast
 * as one process can, by calling the C library.
 *
 * @module
 */
import { numberedDatagram } from "./numbered_datagram.ts";

/** What to send. */
export interface BlastOrder {
  readonly port: number;
  /** The number of the first datagram. */
  readonly from: number;
  readonly count: number;
  /** Datagrams per second; without it as fast as possible. */
  readonly perSecond?: number;
}

/** How it went. */
export interface BlastReport {
  /** How long the sending took. */
  readonly ms: number;
  /** Why it ended early. */
  readonly failure?: string;
}

const AF_INET = 2;
const SOCK_DGRAM = 2;
const TICK_MICROSECONDS = 500;
/** What a stalled sender sends at most at once; it does not make up for more. */
const MOST_AT_ONCE = 50;

const { symbols: libc } = Deno.dlopen("libc.so.6", {
  socket: { parameters: ["i32", "i32", "i32"], result: "i32" },
  connect: { parameters: ["i32", "buffer", "u32"], result: "i32" },
  send: { parameters: ["i32", "buffer", "usize", "i32"], result: "isize" },
  usleep: { parameters: ["u32"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
});

/** A worker's view of itself; the types of workers exclude those of everything else here. */
interface WorkerScope {
  onmessage: (event: MessageEvent<BlastOrder>) => void;
  postMessage: (report: BlastReport) => void;
}

const worker = self as unknown as WorkerScope;
worker.onmessage = ({ data }) => worker.postMessage(carryOut(data));

function carryOut({ port, from, count, perSecond }: BlastOrder): BlastReport {
  const ts = Math.floor(Date.now() / 1000);
  const encoder = new TextEncoder();
  const datagrams = Array.from(
    { length: count },
    (_, index) => encoder.encode(numberedDatagram(from + index, ts)),
  );
  const socket = libc.socket(AF_INET, SOCK_DGRAM, 0);
  if (libc.connect(socket, loopback(port), 16) !== 0) return { ms: 0, failure: "cannot connect" };
  const beganMs = performance.now();
  const sent = perSecond === undefined
    ? sendAll(socket, datagrams)
    : sendPaced(socket, datagrams, perSecond);
  const ms = performance.now() - beganMs;
  libc.close(socket);
  return sent === count ? { ms } : { ms, failure: `only ${sent} of ${count} could be sent` };
}

/** Sends one right after the other. @returns How many could be sent. */
function sendAll(socket: number, datagrams: readonly Uint8Array<ArrayBuffer>[]): number {
  let sent = 0;
  for (const datagram of datagrams) {
    if (Number(libc.send(socket, datagram, BigInt(datagram.length), 0)) < 0) break;
    sent++;
  }
  return sent;
}

function sendPaced(
  socket: number,
  datagrams: readonly Uint8Array<ArrayBuffer>[],
  perSecond: number,
): number {
  let startMs = performance.now();
  let sent = 0;
  while (sent < datagrams.length) {
    const due = Math.floor((performance.now() - startMs) * perSecond / 1000) - sent;
    const count = Math.min(due, MOST_AT_ONCE);
    if (count < due) startMs += (due - count) * 1000 / perSecond;
    const done = sendAll(socket, datagrams.slice(sent, sent + count));
    sent += done;
    if (done < count) break;
    libc.usleep(TICK_MICROSECONDS);
  }
  return sent;
}

/** A `struct sockaddr_in` of 127.0.0.1. */
function loopback(port: number): Uint8Array<ArrayBuffer> {
  const address = new Uint8Array(16);
  const view = new DataView(address.buffer);
  view.setUint16(0, AF_INET, true);
  view.setUint16(2, port);
  address.set([127, 0, 0, 1], 4);
  return address;
}
