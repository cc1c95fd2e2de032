/**
 * From the failure of a request to its class.
 *
 * @module
 */
import { TlsMaterialError } from "../tls/tls_material.ts";
import type { ErrorClass } from "../verdict.ts";

const CLASSES: readonly (readonly [RegExp, ErrorClass])[] = [
  [/dns error|look up the address/i, "dns"],
  [/connection refused/i, "refused"],
  [/certificate|tls|corrupt message|handshake|fatal alert/i, "tls"],
  [/reset|closed before|broken pipe|unexpected (eof|end)/i, "reset"],
  [/timed out/i, "timeout"],
];

/** The class of a failure, from what the network says of it. */
export function classifyError(error: Error): { errorClass: ErrorClass; detail: string } {
  const { message } = error;
  if (error instanceof TlsMaterialError) return { errorClass: "settings", detail: message };
  const [, errorClass] = CLASSES.find(([pattern]) => pattern.test(message)) ?? [];
  return { errorClass: errorClass ?? "network", detail: message };
}
