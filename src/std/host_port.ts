/**
 * A host and a port as people write them: `gl1:55555`, `127.0.0.1:24080`, `[::1]:24080`.
 *
 * @module
 */

/** A host and a port. */
export interface HostPort {
  /** An IP address or a host name, IPv6 without brackets. */
  readonly hostname: string;
  readonly port: number;
}

/** Reads `HOST:PORT`, `[IPV6]:PORT`; `undefined` if it is neither. */
export function parseHostPort(text: string): HostPort | undefined {
  const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([^:\s[\]]+)):(\d{1,5})$/.exec(text);
  const hostname = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  return hostname === undefined || port > 65535 ? undefined : { hostname, port };
}

/** A host as URLs have it, but IPv6 without brackets. */
export function withoutBrackets(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, "$1");
}

/** Whether a listening address stands for all addresses of the machine. */
export function isUnspecified(hostname: string): boolean {
  return hostname === "::" || hostname === "0.0.0.0";
}

/** Both as people write them. */
export function formatHostPort({ hostname, port }: HostPort): string {
  return hostname.includes(":") ? `[${hostname}]:${port}` : `${hostname}:${port}`;
}
