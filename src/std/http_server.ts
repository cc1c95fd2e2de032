/**
 * HTTP serving that ends when it should.
 *
 * @module
 */
import { isWithin } from "./async.ts";

/** A server that runs. */
export interface HttpServer<Address extends Deno.Addr> {
  readonly addr: Address;
  /** Ends when no request is being answered any more, at the latest after about the time. */
  stop(graceMs: number): Promise<void>;
}

/** Serves on a TCP address. The handler is told where a request comes from. */
export function serveTcp(
  { hostname, port }: { hostname: string; port: number },
  handler: (request: Request, from: Deno.NetAddr) => Response | Promise<Response>,
): HttpServer<Deno.NetAddr> {
  return track((signal, tracked) => {
    return Deno.serve(
      { hostname, port, signal, onListen: () => {}, onError: answerFailed },
      tracked,
    );
  }, handler);
}

/** Serves on a unix socket. */
export function serveUnix(
  path: string,
  handler: (request: Request) => Response | Promise<Response>,
): HttpServer<Deno.UnixAddr> {
  return track((signal, tracked) => {
    return Deno.serve({ path, signal, onListen: () => {}, onError: answerFailed }, tracked);
  }, handler);
}

type Tracked<Address extends Deno.Addr> = (
  request: Request,
  info: Deno.ServeHandlerInfo<Address>,
) => Promise<Response>;

// Deno's own graceful shutdown waits without limit for a request that hangs, and cannot be hurried
// once it has begun.
function track<Address extends Deno.Addr>(
  serve: (signal: AbortSignal, tracked: Tracked<Address>) => Deno.HttpServer<Address>,
  handler: (request: Request, from: Address) => Response | Promise<Response>,
): HttpServer<Address> {
  const open = new Set<Promise<void>>();
  const closing = new AbortController();
  const server = serve(closing.signal, async (request, { completed, remoteAddr }) => {
    // A client that hangs up has completed too, as far as waiting goes.
    const done = completed.catch(() => undefined).finally(() => open.delete(done));
    open.add(done);
    return await handler(request, remoteAddr);
  });
  return {
    addr: server.addr,
    async stop(graceMs) {
      if (await isWithin(graceMs, Promise.all(open))) {
        // An abort could cut off a response that was handed over but is not on its way yet. What
        // is left can only be a client that never finishes its request: nobody waits for it.
        await isWithin(graceMs, server.shutdown());
      } else {
        closing.abort();
        await server.finished;
      }
    },
  };
}

/** Without it, Deno prints the stack: a client that hangs up half-way is no fault of ours. */
function answerFailed(): Response {
  return new Response("The request could not be answered.\n", { status: 500 });
}
