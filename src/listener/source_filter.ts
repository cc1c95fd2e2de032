/**
 * Which senders' datagrams are taken.
 *
 * @module
 */
import { BlockList, isIPv6 } from "node:net";
import { parseNetwork } from "../registry/network.ts";

/**
 * glusterd and the gluster command send to their own node from here, so whatever else is allowed,
 * these are.
 */
const ALWAYS = ["127.0.0.0/8", "::1"];

/** Says of an IP address whether it is allowed. */
export type SourceCheck = (address: string) => boolean;

/**
 * Makes the check for a list of addresses and networks; an empty one allows every address. A
 * sender over IPv4 counts as such on a socket for IPv6 too, and in which zone an address lies does
 * not matter. What is no address is not allowed.
 */
export function compileSources(allowFrom: readonly string[]): SourceCheck {
  if (allowFrom.length === 0) return () => true;
  const networks = new BlockList();
  for (const text of [...ALWAYS, ...allowFrom]) {
    const network = parseNetwork(text);
    if (network === undefined) throw new TypeError(`"${text}" is no address and no network`);
    networks.addSubnet(network.address, network.prefix, network.family);
  }
  return (sender) => {
    // Without this, ::/0 would allow IPv4 too, but only on some sockets.
    const address = sender.replace(/%.*$/s, "").replace(/^::ffff:(?=[\d.]+$)/i, "");
    return networks.check(address, isIPv6(address) ? "ipv6" : "ipv4");
  };
}

/** Checks senders against a list that may be another one at any time. */
export class SourceFilter {
  readonly #allowFrom: () => readonly string[];
  #compiled: readonly string[] | undefined;
  #check: SourceCheck = () => false;
  // Datagrams come in bursts from one sender.
  #lastAddress: string | undefined;
  #lastVerdict = false;

  /** @param allowFrom The list in force. It is compiled again when it is another array. */
  constructor(allowFrom: () => readonly string[]) {
    this.#allowFrom = allowFrom;
  }

  /** Whether datagrams from this address are taken. */
  allows(address: string): boolean {
    const allowFrom = this.#allowFrom();
    if (allowFrom !== this.#compiled) {
      this.#check = compileSources(allowFrom);
      this.#compiled = allowFrom;
      this.#lastAddress = undefined;
    }
    if (address !== this.#lastAddress) {
      this.#lastVerdict = this.#check(address);
      this.#lastAddress = address;
    }
    return this.#lastVerdict;
  }
}
