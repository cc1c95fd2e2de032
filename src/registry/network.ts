/**
 * IP addresses and networks as people write them: `192.168.1.5`, `10.0.0.0/8`, `fd00::/8`.
 *
 * @module
 */
import { isIP } from "node:net";

/** What a network looks like, for messages and help. */
export const NETWORK_RULE =
  "an IPv4 or IPv6 address, or a network such as 10.0.0.0/8 (no host name)";

/** All addresses that begin like this one. */
export interface Network {
  readonly family: "ipv4" | "ipv6";
  /** The first address of the network. */
  readonly address: string;
  /** How many bits of the address count. */
  readonly prefix: number;
}

const BITS = { ipv4: 32, ipv6: 128 } as const;
const MAPPED_BITS = 96;

/**
 * The network that a text stands for, `undefined` if for none. An address stands for itself; bits
 * of the address behind the prefix do not count. IPv4 in the guise of IPv6 is IPv4.
 */
export function parseNetwork(text: string): Network | undefined {
  const match = /^([0-9A-Fa-f:.]{2,45})(?:\/(0|[1-9]\d{0,2}))?$/.exec(text);
  const address = match?.[1] ?? "";
  const version = isIP(address);
  if (version === 0) return undefined;
  const family = version === 4 ? "ipv4" : "ipv6";
  const prefix = Number(match?.[2] ?? BITS[family]);
  if (prefix > BITS[family]) return undefined;
  if (family === "ipv4") return makeIpv4(address.split(".").map(Number), prefix);
  const groups = groupsOf(address);
  const [high = 0, low = 0] = groups.slice(6);
  const isMapped = prefix >= MAPPED_BITS && groups.slice(0, 6).join() === "0,0,0,0,0,65535";
  return isMapped
    ? makeIpv4([high >> 8, high & 255, low >> 8, low & 255], prefix - MAPPED_BITS)
    : { family, address: formatIpv6(keepBits(groups, 16, prefix)), prefix };
}

/** The network as people write it; one of a single address is that address. */
export function formatNetwork({ family, address, prefix }: Network): string {
  return prefix === BITS[family] ? address : `${address}/${prefix}`;
}

function makeIpv4(octets: readonly number[], prefix: number): Network {
  return { family: "ipv4", address: keepBits(octets, 8, prefix).join("."), prefix };
}

/** The sixteen bytes of a valid IPv6 address. */
export function ipv6Bytes(address: string): number[] {
  return groupsOf(address).flatMap((group) => [group >> 8, group & 255]);
}

/** The eight numbers of a valid IPv6 address. */
function groupsOf(address: string): number[] {
  const [head = "", tail] = canonicalIpv6(address).split("::");
  const numbers = (part: string) =>
    part === "" ? [] : part.split(":").map((group) => Number.parseInt(group, 16));
  const first = numbers(head);
  const last = numbers(tail ?? "");
  return [...first, ...Array<number>(8 - first.length - last.length).fill(0), ...last];
}

function formatIpv6(groups: readonly number[]): string {
  return canonicalIpv6(groups.map((group) => group.toString(16)).join(":"));
}

/** The short form, without dots: of the parsers at hand, the one for URLs writes it. */
function canonicalIpv6(address: string): string {
  return new URL(`http://[${address}]/`).hostname.slice(1, -1);
}

/** The numbers, each of so many bits, with zeros behind the first bits of them all. */
function keepBits(numbers: readonly number[], width: number, bits: number): number[] {
  return numbers.map((number, at) => {
    const cut = Math.min(Math.max((at + 1) * width - bits, 0), width);
    return (number >> cut) << cut;
  });
}
