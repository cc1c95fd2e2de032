/**
 * How a node comes by its addresses.
 *
 * @module
 */
import type { Bridge, Connected } from "./bridge.ts";

/** A node without network. */
export interface Unconnected extends Connected {
  readonly address: string;
  readonly address6: string;
  must(...command: string[]): Promise<string>;
}

// The kernel may have no IPv6 at all.
const TURN_IPV6_OFF = `for which in all default; do
  off=/proc/sys/net/ipv6/conf/$which/disable_ipv6; [ ! -e $off ] || echo 1 >$off
done`;

// An address besides ::1 makes the resolver name IPv6 addresses in the first place.
const ADD_IPV6_ADDRESS = `[ "$(cat /proc/sys/net/ipv6/conf/lo/disable_ipv6 2>/dev/null)" != 0 ] ||
  ip address add "$2" dev "$1" nodad`;

/** Gives a node its addresses, on the bridge if there is one, else to itself. */
export async function connectNode(
  node: Unconnected,
  { ipv6, bridge }: { ipv6: boolean; bridge: Bridge | undefined },
): Promise<void> {
  if (!ipv6) await node.must("sh", "-c", TURN_IPV6_OFF);
  await bridge?.connect(node);
  const device = bridge === undefined ? "lo" : "eth0";
  await node.must("ip", "address", "add", `${node.address}/24`, "dev", device);
  await node.must("sh", "-c", ADD_IPV6_ADDRESS, "sh", device, `${node.address6}/64`);
  await node.must("ip", "link", "set", device, "up");
}
