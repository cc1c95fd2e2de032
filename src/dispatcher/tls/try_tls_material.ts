/**
 * Finds out whether the TLS of this program takes certificates and keys.
 *
 * @module
 */

/** Why certificates cannot be trusted; `undefined` if they can. */
export function faultOfCa(certificates: string): string | undefined {
  return faultOf(() => Deno.createHttpClient({ caCerts: [certificates] }).close());
}

/**
 * Why a certificate cannot be shown; `undefined` if it can.
 *
 * Deno ends the whole process when a client is given a certificate that rustls does not take, or a
 * key of another one (`expect` in ext/tls/lib.rs). A server's is judged by the same code of rustls,
 * and then it is an error: so a listener on the loopback is made of it, and closed at once.
 */
export function faultOfClient(
  { cert, key }: { readonly cert: string; readonly key: string },
): string | undefined {
  return faultOf(() => Deno.listenTls({ hostname: "127.0.0.1", port: 0, cert, key }).close());
}

function faultOf(attempt: () => void): string | undefined {
  try {
    attempt();
    return undefined;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return error.message.replace(/^(?:invalid peer certificate|unexpected error): /, "");
  }
}
