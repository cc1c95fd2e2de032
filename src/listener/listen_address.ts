/**
 * Where to listen for datagrams.
 *
 * @module
 */

/** An address and a UDP port. */
export interface ListenAddress {
  /** An IP address or a host name, IPv6 without brackets. */
  readonly hostname: string;
  readonly port: number;
}

/** Reads `HOST:PORT`, `[IPV6]:PORT`; `undefined` if it is neither. */
export function parseListenAddress(text: string): ListenAddress | undefined {
  const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([^:\s[\]]+)):(\d{1,5})$/.exec(text);
  const hostname = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  return hostname === undefined || port > 65535 ? undefined : { hostname, port };
}

/** The address as people write it. */
export function formatListenAddress({ hostname, port }: ListenAddress): string {
  return hostname.includes(":") ? `[${hostname}]:${port}` : `${hostname}:${port}`;
}
