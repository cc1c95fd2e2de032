/**
 * The built-in webhook receiver.
 *
 * @module
 */
import { formatListenAddress } from "../listener/listen_address.ts";
import { HintedError } from "../std/hinted_error.ts";
import { serveTcp } from "../std/http_server.ts";
import type { ReceivedRequest } from "./received_event.ts";

/** The test hook could not be started. */
export class TestHookError extends HintedError {
  override readonly name = "TestHookError";
}

/** How the test hook listens and answers. */
export interface TestHookOptions {
  readonly hostname: string;
  readonly port: number;
  /** The status of every answer. */
  readonly status: number;
  readonly now: () => number;
  readonly onRequest: (request: ReceivedRequest) => void | Promise<void>;
}

/** A running test hook. */
export interface TestHook extends AsyncDisposable {
  readonly hostname: string;
  readonly port: number;
}

const GRACE_MS = 1000;
const LARGEST_BODY = 16 * 1024 * 1024;

/**
 * Starts the receiver. It takes POST on any path.
 *
 * @throws {TestHookError} If it cannot listen.
 */
export function startTestHook(options: TestHookOptions): TestHook {
  const { hostname, port } = options;
  try {
    const server = serveTcp({ hostname, port }, (request) => answer(request, options));
    return {
      hostname: server.addr.hostname,
      port: server.addr.port,
      [Symbol.asyncDispose]: () => server.stop(GRACE_MS),
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new TestHookError(
      `Cannot listen on ${formatListenAddress({ hostname, port })}: ${reason}`,
      error instanceof Deno.errors.AddrInUse
        ? `see who has the port: ss -tlnp 'sport = :${port}'; or take another one with --port`
        : "name another address or port with --host and --port",
      { cause: error },
    );
  }
}

async function answer(request: Request, options: TestHookOptions): Promise<Response> {
  if (request.method !== "POST") {
    await request.body?.cancel();
    const text = "The test hook takes POST requests, on any path.\n";
    return new Response(text, { status: 405, headers: { allow: "POST" } });
  }
  const body = await readBody(request);
  if (body === undefined) {
    return new Response(`The body is larger than ${LARGEST_BODY} bytes.\n`, { status: 413 });
  }
  const url = URL.parse(request.url);
  await options.onRequest({
    receivedMs: options.now(),
    path: url === null ? "" : url.pathname + url.search,
    headers: Object.fromEntries(request.headers),
    body,
  });
  return new Response(null, { status: options.status });
}

async function readBody(request: Request): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.length;
    if (size > LARGEST_BODY) return undefined;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
