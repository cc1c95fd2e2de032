/**
 * Where requests come from, for people.
 *
 * @module
 */
import { formatHostPort } from "../std/host_port.ts";

/** `HOST:PORT`; IPv4 in the guise of IPv6 is IPv4. */
export function showClient({ hostname, port }: Deno.NetAddr): string {
  return formatHostPort({ hostname: hostname.replace(/^::ffff:(?=\d+\.)/, ""), port });
}
