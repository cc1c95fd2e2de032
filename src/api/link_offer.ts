/**
 * How another node of the pool can follow the events of this one, without asking glusterd again.
 *
 * @module
 */

/** What a node has to know to connect with another. It is a secret between the nodes. */
export interface LinkOffer {
  /** The name by which positions know the node that offers. */
  readonly node: string;
  /** Where it listens, on all of its addresses. */
  readonly port: number;
  /** The certificate it shows, PEM, and the name that is in it. */
  readonly certificate: string;
  readonly name: string;
  /** What it asks for. */
  readonly token: string;
}

/**
 * Where it listens if one of them is free. Gluster's service of firewalld opens the ports of bricks,
 * 49152 to 49664; bricks begin below.
 */
export const LINK_PORTS = { first: 49_600, last: 49_664 } as const;

const PEM = /^-----BEGIN CERTIFICATE-----\n[A-Za-z0-9+/=\n]{1,4000}\n-----END CERTIFICATE-----\n?$/;
const NAME = /^[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}$/;
const NODE = /^[0-9a-f-]{36}$/;
const TOKEN = /^[0-9a-f]{64}$/;

/** Reads what another node sent; `undefined` if it is no offer. */
export function readLinkOffer(value: unknown): LinkOffer | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const given: Readonly<Record<string, unknown>> = { ...value };
  const { port } = given;
  const node = textIn(given["node"], NODE);
  const certificate = textIn(given["certificate"], PEM);
  const name = textIn(given["name"], NAME);
  const token = textIn(given["token"], TOKEN);
  if (node === undefined || certificate === undefined) return undefined;
  if (name === undefined || token === undefined) return undefined;
  if (typeof port !== "number" || !Number.isInteger(port)) return undefined;
  return port > 0 && port < 65536 ? { node, port, certificate, name, token } : undefined;
}

function textIn(value: unknown, pattern: RegExp): string | undefined {
  return typeof value === "string" && pattern.test(value) ? value : undefined;
}
