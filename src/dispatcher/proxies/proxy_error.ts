/**
 * What a proxy does instead of letting a request through.
 *
 * @module
 */
import { classifyError } from "../http/error_class.ts";
import { formatHostPort } from "../../std/host_port.ts";
import { statusLine } from "../../std/http.ts";
import { type Destination, type Proxy, showProxy } from "./proxy.ts";
import type { ErrorClass } from "../verdict.ts";

/**
 * How far a request came with its proxy: looking the proxy's name up, connecting to it, agreeing on
 * TLS with it, telling it who asks, or waiting until it has connected to the receiver.
 */
export type ProxyStep = "name" | "connect" | "tls" | "login" | "tunnel";

/** The proxy is at fault, or what leads to it; the receiver has not heard of the request. */
export class ProxyError extends Error {
  override readonly name = "ProxyError";
  readonly step: ProxyStep;
  readonly errorClass: ErrorClass;

  /** @param message Names the proxy, and none of its secrets. */
  constructor(message: string, step: ProxyStep, errorClass: ErrorClass = "network") {
    super(message);
    this.step = step;
    this.errorClass = errorClass;
  }
}

/** The proxy could not be connected to, or did not agree on TLS with us. */
export function unreachable(proxy: Proxy, error: Error, isSecuring: boolean): ProxyError {
  const { errorClass, detail } = classifyError(error);
  const shown = showProxy(proxy);
  if (isSecuring) {
    return new ProxyError(`${shown} does not agree on TLS: ${detail}`, "tls", errorClass);
  }
  const message = errorClass === "refused"
    ? `${shown} refused the connection`
    : `${shown} cannot be reached: ${detail}`;
  return new ProxyError(message, errorClass === "dns" ? "name" : "connect", errorClass);
}

/** The proxy wants a user and a password, or others: words that can be a user are not used. */
export function unwelcome(proxy: Proxy, answer: string): ProxyError {
  const what = proxy.login === undefined
    ? "wants credentials"
    : "does not take the credentials that it is given";
  return new ProxyError(`${showProxy(proxy)} ${what}: ${answer}`, "login");
}

/** Some proxies say 401 to a wrong password, and mean 407. */
const LOGIN_STATUSES = new Set([401, 407]);

/** The proxy answers itself, and does not lead to the receiver. */
export function refusing(
  proxy: Proxy,
  { status, destination }: { readonly status: number; readonly destination: Destination },
): ProxyError {
  const line = statusLine(status);
  if (LOGIN_STATUSES.has(status)) return unwelcome(proxy, line);
  const to = formatHostPort(destination);
  return new ProxyError(`${showProxy(proxy)} does not connect to ${to}: ${line}`, "tunnel");
}
