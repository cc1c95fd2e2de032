/**
 * Where the API may be served, and with what.
 *
 * @module
 */
import { parseHostPort } from "../std/host_port.ts";
import type { KeyFault } from "./errors.ts";
import { parseNetwork } from "./network.ts";

/** Where the API is served beside the control socket. */
export interface ApiSettings {
  /** `HOST:PORT`; nowhere else if absent. */
  readonly listen?: string;
  /** A file on each node that holds the token of whoever may ask. */
  readonly tokenFile?: string;
  /** Certificate chain and private key of the TLS server, PEM files on each node. */
  readonly certFile?: string;
  readonly keyFile?: string;
}

/** The settings by the names that they have in the registry. */
export const API_KEYS = {
  "api-listen": "listen",
  "api-token-file": "tokenFile",
  "api-cert-file": "certFile",
  "api-key-file": "keyFile",
} as const;

/** The name of such a setting. */
export type ApiKey = keyof typeof API_KEYS;

const OFF_FIRST = "or stop serving first: gluster-eventing config-set api-listen off";

/**
 * Whether only this machine can reach a server that listens here. The name `localhost` is believed;
 * where a listener really ended up has to be looked at again.
 */
export function isLoopback(hostname: string): boolean {
  if (hostname.toLowerCase() === "localhost") return true;
  const network = parseNetwork(hostname);
  return network?.family === "ipv4"
    ? network.address.startsWith("127.") && network.prefix === 32
    : network?.address === "::1" && network.prefix === 128;
}

/**
 * What is wrong with the settings together: beyond loopback the API needs a token and TLS, and TLS
 * needs a certificate and its key. Where nothing is served, nothing is wrong, so that they can be
 * set one after the other.
 */
export function apiFault(api: ApiSettings): Required<KeyFault<ApiKey>> | undefined {
  const { listen, certFile, keyFile } = api;
  if (listen === undefined) return undefined;
  const missing = (["api-token-file", "api-cert-file", "api-key-file"] as const)
    .filter((key) => api[API_KEYS[key]] === undefined);
  if (!isLoopback(parseHostPort(listen)?.hostname ?? "") && missing.length > 0) {
    const first = missing[0] ?? "api-token-file";
    return {
      key: "api-listen",
      message: `api-listen is ${JSON.stringify(listen)}, which other machines can reach: that ` +
        `needs a token and TLS, and ${missing.join(" and ")} ` +
        `${missing.length === 1 ? "is" : "are"} not set`,
      hint: `set what is missing first: gluster-eventing config-set ${first} FILE; ` +
        "or listen on loopback: 127.0.0.1:24080",
    };
  }
  if ((certFile === undefined) === (keyFile === undefined)) return undefined;
  const [given, other] = certFile === undefined
    ? ["api-key-file", "api-cert-file"] as const
    : ["api-cert-file", "api-key-file"] as const;
  return {
    key: given,
    message: `${given} needs ${other} while the API is served on ${listen}, and there is none`,
    hint: `set both at once in [config] of the registry, ${OFF_FIRST}`,
  };
}
