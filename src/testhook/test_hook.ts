/**
 * The built-in webhook receiver.
 *
 * @module
 */
import { formatListenAddress } from "../listener/listen_address.ts";
import { HintedError } from "../std/hinted_error.ts";
import { serveTcp } from "../std/http_server.ts";
import { readBody } from "./read_body.ts";
import type { HookRequest } from "./hook_report.ts";
import { HookRecord } from "./hook_record.ts";
import { NodeLedger } from "./node_ledger.ts";
import { readShapes, type ReceivedEvent, type ReceivedRequest } from "./received_event.ts";
import { RecordViews, showClient } from "./record_views.ts";
import { showBody, showEvents, showHeaders } from "./show_request.ts";

/** The test hook could not be started. */
export class TestHookError extends HintedError {
  override readonly name = "TestHookError";
}

/** What became of a request. */
export interface TakenRequest {
  readonly shown: HookRequest;
  /** Its events, for a table. */
  readonly events: readonly ReceivedEvent[];
}

/** How the test hook listens and answers. */
export interface TestHookOptions {
  readonly hostname: string;
  readonly port: number;
  /** The status of every answer. */
  readonly status: number;
  readonly now: () => number;
  readonly onRequest: (request: ReceivedRequest, taken: TakenRequest) => void | Promise<void>;
  /** How many of the last requests are kept. */
  readonly keeps?: number;
  /** Whether other machines may look at what is received. */
  readonly isUiOpen?: boolean;
  /** Told to whoever looks at the page. */
  readonly version?: string;
  readonly machine?: string;
}

/** A running test hook. */
export interface TestHook extends AsyncDisposable {
  readonly hostname: string;
  readonly port: number;
  readonly record: HookRecord;
}

const GRACE_MS = 1000;
const LARGEST_BODY = 16 * 1024 * 1024;
const KEEPS = 1000;

/**
 * Starts the receiver. It takes POST on any path, and shows what it got.
 *
 * @throws {TestHookError} If it cannot listen.
 */
export function startTestHook(options: TestHookOptions): TestHook {
  const { hostname, port } = options;
  const receiver = new Receiver(options);
  try {
    const server = serveTcp(
      { hostname, port },
      (request, client) => receiver.answer(request, client),
    );
    receiver.listensOn(server.addr);
    return {
      hostname: server.addr.hostname,
      port: server.addr.port,
      record: receiver.record,
      [Symbol.asyncDispose]: async () => {
        receiver.stop();
        await server.stop(GRACE_MS);
      },
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

/** Where a test hook is called on its own machine. */
export function urlOf({ hostname, port }: { hostname: string; port: number }): string {
  const isAll = hostname === "::" || hostname === "0.0.0.0";
  return `http://${formatListenAddress({ hostname: isAll ? "127.0.0.1" : hostname, port })}/`;
}

class Receiver {
  readonly #options: TestHookOptions;
  readonly #stopping = new AbortController();
  readonly #ledger = new NodeLedger();
  readonly record: HookRecord;
  #views: RecordViews | undefined;
  readonly #startedAtMs: number;

  constructor(options: TestHookOptions) {
    this.#options = options;
    this.#startedAtMs = options.now();
    const { keeps = KEEPS } = options;
    this.record = new HookRecord({ keeps, startedAtMs: this.#startedAtMs, ledger: this.#ledger });
  }

  listensOn(address: Deno.NetAddr): void {
    const { keeps = KEEPS, version = "", machine = "", isUiOpen = false } = this.#options;
    this.#views = new RecordViews({
      record: this.record,
      page: {
        kind: "test-hook",
        version,
        url: urlOf(address),
        keeps,
        started_at: new Date(this.#startedAtMs).toISOString(),
        host: machine,
      },
      isOpen: isUiOpen,
      signal: this.#stopping.signal,
      cut: () => {},
    });
  }

  stop(): void {
    this.#stopping.abort();
  }

  async answer(request: Request, client: Deno.NetAddr): Promise<Response> {
    if (request.method === "POST") return await this.#take(request, client);
    await request.body?.cancel();
    const isLook = request.method === "GET" || request.method === "HEAD";
    if (isLook && this.#views !== undefined) return await this.#views.answer(request, client);
    const text = "The test hook takes POST requests, on any path.\n";
    return new Response(text, { status: 405, headers: { allow: "GET, HEAD, POST" } });
  }

  async #take(request: Request, client: Deno.NetAddr): Promise<Response> {
    const bytes = await readBody(request, LARGEST_BODY);
    if (bytes === undefined) {
      return new Response(`The body is larger than ${LARGEST_BODY} bytes.\n`, { status: 413 });
    }
    const { now, status, onRequest } = this.#options;
    const receivedMs = now();
    const url = URL.parse(request.url);
    const received: ReceivedRequest = {
      receivedMs,
      path: url === null ? "" : url.pathname + url.search,
      headers: Object.fromEntries(request.headers),
      body: new TextDecoder().decode(bytes),
    };
    const shapes = readShapes(received);
    const { oddities, delivery } = this.#ledger.enter(shapes, url?.pathname ?? "");
    const shown: HookRequest = {
      number: this.record.requests + 1,
      received_at: new Date(receivedMs).toISOString(),
      from: showClient(client),
      path: received.path,
      headers: showHeaders(received.headers),
      body: showBody(received.body),
      body_bytes: bytes.length,
      status,
      trouble: null,
      verdicts: [],
      events: showEvents(shapes, oddities),
      event_count: shapes.length,
      forwarded: null,
    };
    this.record.draw(shapes, receivedMs);
    this.record.add(shown);
    const events = shapes.map(({ shown }) => ({ receivedMs, ...shown }));
    await onRequest(received, { shown, events });
    delivery.answered(status);
    return new Response(null, { status });
  }
}
