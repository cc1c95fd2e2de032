/**
 * Datagrams as Gluster's processes send them, each with a number to know it by.
 *
 * @module
 */
import { formatDatagram } from "../../src/event/datagram.ts";

const PEER = "storage-node-01.rack-07.hall-b.example.com";
const VOLUMES = 8;

/** The text of the datagram with this number, a good hundred bytes. */
export function numberedDatagram(number: number, ts: number): string {
  const message = {
    peer: PEER,
    volume: `projects-archive-${number % VOLUMES}`,
    brick: `/bricks/b${number}`,
  };
  return formatDatagram({ ts, event: "BRICK_CONNECTED", message });
}

/** The number in a body that was made of such a datagram, whatever else is in it. */
export function numberInBody(body: string): number {
  return Number(/\/bricks\/b(\d+)/.exec(body)?.[1] ?? NaN);
}
