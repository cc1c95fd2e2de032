/**
 * The network as it is behind a proxy.
 *
 * @module
 */
import type { Socket } from "node:net";
import { formatHostPort } from "../../std/host_port.ts";
import { bridge, type Stream, tcpEnd } from "./bridge.ts";
import { ConnectionCutter, type ConnectionEnds } from "../http/connection_cutter.ts";
import { openTunnel } from "./http_tunnel.ts";
import { type Network, openConnection } from "../http/open_connection.ts";
import { type Destination, type Proxy, showProxy } from "./proxy.ts";
import { ProxyError, type ProxyStep, unreachable } from "./proxy_error.ts";
import { openSocks } from "./socks5.ts";
import type { Stage } from "../verdict.ts";

type ProxyStream = Stream & ConnectionEnds;

/** How a proxy is used. */
export interface ProxyUse {
  /** What leads to the proxy. */
  readonly network: Network;
  readonly cutter: ConnectionCutter;
  /** PEM; who is trusted beside Mozilla's to know an encrypted proxy. */
  readonly caCerts: readonly string[];
  /** The proxy is sent the request itself, and is not asked for a connection. */
  readonly isForwarding: boolean;
  /** Told what is waited for next, and in words what is missing if it does not come. */
  readonly onWait: (step: ProxyStep, missing: string) => void;
}

/** Connections through a proxy look like those without: what it says comes before. */
export function throughProxy(proxy: Proxy, use: ProxyUse): Network {
  const looksUpHere = proxy.scheme === "socks5";
  return {
    resolve: looksUpHere ? use.network.resolve : (hostname) => Promise.resolve([hostname]),
    connect: async (target) => {
      const stream = await open(proxy, target, use);
      return isTcp(stream) ? stream : await bridge(stream, { end: tcpEnd, cut: cutting(stream) });
    },
    connectSocket: async (target) => {
      const stream = await open(proxy, target, use);
      const { signal } = target;
      const end = {
        connect: (near: Destination) => use.network.connectSocket({ ...near, signal }),
        portOf: ({ localPort }: Socket) => localPort,
      };
      return await bridge(stream, { end, cut: cutting(stream) });
    },
  };
}

/** A connection to the receiver, or to what forwards requests to it. */
async function open(
  proxy: Proxy,
  { signal, ...destination }: Destination & { readonly signal: AbortSignal },
  use: ProxyUse,
): Promise<ProxyStream> {
  const stream = await reach(proxy, signal, use);
  if (use.isForwarding) return stream;
  use.onWait("tunnel", `no answer of ${showProxy(proxy)}`);
  await agree(stream, { proxy, destination, signal });
  return stream;
}

/** It may have to be done after the client is gone, and with it what cuts its connections. */
function cutting(stream: ProxyStream): () => void {
  return () => {
    using cutter = new ConnectionCutter();
    cutter.cut(stream, stream);
  };
}

/** Connects to the proxy. @throws The signal's reason, or {@linkcode ProxyError} */
async function reach(
  proxy: Proxy,
  signal: AbortSignal,
  { network, cutter, caCerts, onWait }: ProxyUse,
): Promise<ProxyStream> {
  const { hostname, port, scheme } = proxy;
  const shown = showProxy(proxy);
  let isSecuring = false;
  const onStage = (stage: Stage) => {
    if (stage === "name") onWait("name", `no address for the name of ${shown}`);
    else if (stage === "connect") onWait("connect", `no connection to ${shown}`);
    else {
      isSecuring = true;
      onWait("tls", `no agreement on TLS with ${shown}`);
    }
  };
  try {
    const origin = { hostname, port, isSecure: scheme === "https" };
    return await openConnection(origin, {
      signal,
      network,
      cutter,
      security: { caCerts },
      onStage,
    });
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof Error)) throw error;
    throw unreachable(proxy, error, isSecuring);
  }
}

/** Has the proxy connect to the receiver. @throws The signal's reason, or {@linkcode ProxyError} */
async function agree(
  stream: Stream,
  { proxy, destination, signal }: {
    readonly proxy: Proxy;
    readonly destination: Destination;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  let isClosed = false;
  const close = () => {
    if (!isClosed) stream.close();
    isClosed = true;
  };
  signal.addEventListener("abort", close);
  try {
    signal.throwIfAborted();
    const open = proxy.scheme.startsWith("http") ? openTunnel : openSocks;
    await open(stream, { proxy, destination });
    signal.throwIfAborted();
  } catch (error) {
    close();
    signal.throwIfAborted();
    if (error instanceof ProxyError || !(error instanceof Error)) throw error;
    const what = `hung up without connecting to ${formatHostPort(destination)}`;
    throw new ProxyError(`${showProxy(proxy)} ${what}`, "tunnel", "reset");
  } finally {
    signal.removeEventListener("abort", close);
  }
}

/** Whether TLS can be agreed on over it. */
function isTcp(stream: Stream): stream is Deno.TcpConn {
  return "setNoDelay" in stream;
}
