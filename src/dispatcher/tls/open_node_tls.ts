/**
 * Opens connections to receivers that want a certificate of their client, or that are known by their
 * own one.
 *
 * @module
 */
import { connectAny } from "../http/connect_any.ts";
import type { Origin } from "../http/http_request.ts";
import { endsOf } from "./node_socket.ts";
import type { OpenOptions } from "../http/open_connection.ts";
import { toPem } from "../../std/pem.ts";
import type { ServerPin } from "./server_pin.ts";
import { type Handshake, startNodeTls, type TlsSocket } from "./tls_socket.ts";
import type { Stage } from "../verdict.ts";

type Proof = Omit<Handshake, "hostname">;

/** Connects, and agrees on TLS with the certificate or the pin of the options. */
export async function openNodeTls(origin: Origin, options: OpenOptions): Promise<TlsSocket> {
  const { caCerts = [], client, pin } = options.security ?? {};
  const shown = client === undefined ? {} : { client };
  if (pin === undefined) return await open(origin, { caCerts, ...shown, verified: "all" }, options);
  return await openPinned(origin, { caCerts, ...shown, verified: "but_name" }, { options, pin });
}

/**
 * The certificate (DER) that a receiver presents, whoever it is: nothing is verified and nothing is
 * sent but the name that is asked for.
 */
export async function lookAtCertificate(
  origin: Origin,
  options: OpenOptions,
): Promise<Uint8Array | undefined> {
  using stream = await open(origin, { caCerts: [], verified: "nothing" }, options);
  return stream.peerCertificate;
}

/**
 * In two steps, since a handshake without verification proves nothing, and one with it needs the
 * certificate and not just its digest: looks for the certificate on a connection that is used for
 * nothing else, then connects again, trusting it, and compares once more.
 */
async function openPinned(
  origin: Origin,
  proof: Proof,
  { options, pin }: { readonly options: OpenOptions; readonly pin: ServerPin },
): Promise<TlsSocket> {
  const known = pin.certificate;
  const certificate = known ?? await findPinned(origin, pin, options);
  let stage: Stage | undefined;
  const onStage = (next: Stage) => {
    stage = next;
    options.onStage?.(next);
  };
  try {
    const caCerts = [certificate, ...proof.caCerts];
    const stream = await open(origin, { ...proof, caCerts }, { ...options, onStage });
    try {
      pin.check(stream.peerCertificate);
      return stream;
    } catch (error) {
      stream.close();
      throw error;
    }
  } catch (error) {
    if (options.signal.aborted || known === undefined || stage !== "tls") throw error;
    // It may present another one by now, which explains more than what has just failed.
    pin.certificate = undefined;
    await findPinned(origin, pin, options);
    throw error;
  }
}

/** @throws {PinMismatchError} If the receiver presents another certificate. */
async function findPinned(origin: Origin, pin: ServerPin, options: OpenOptions): Promise<string> {
  pin.certificate = toPem("CERTIFICATE", pin.check(await lookAtCertificate(origin, options)));
  return pin.certificate;
}

async function open(
  origin: Origin,
  proof: Proof,
  { signal, network, cutter, onStage = () => {} }: OpenOptions,
): Promise<TlsSocket> {
  const socket = await connectAny(origin, {
    signal,
    resolve: network.resolve,
    connect: network.connectSocket,
    close: (late) => late.destroy(),
    onStage,
  });
  const ends = endsOf(socket);
  let isStarted = false;
  // Deno forgets to close what is destroyed within the handshake; one that fails it does close.
  const cut = () => {
    if (!cutter.shutDown(ends)) socket.destroy();
  };
  signal.addEventListener("abort", cut);
  try {
    signal.throwIfAborted();
    socket.setNoDelay(true);
    onStage("tls");
    isStarted = true;
    return await startNodeTls(socket, { ...proof, hostname: origin.hostname }, signal);
  } catch (error) {
    // Before the handshake; after it, this is too late to matter.
    if (!isStarted) socket.destroy();
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener("abort", cut);
  }
}
