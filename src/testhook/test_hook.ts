/**
 * The built-in webhook receiver.
 *
 * @module
 */
import { formatListenAddress } from "../listener/listen_address.ts";
import { isLoopback } from "../registry/api_rules.ts";
import { isUnspecified, withoutBrackets } from "../std/host_port.ts";
import { HintedError } from "../std/hinted_error.ts";
import { type HttpServer, serveTcp } from "../std/http_server.ts";
import { ConnectionResetter } from "./connection_resetter.ts";
import { Forwarder, ForwardError } from "./forwarder.ts";
import { HookRecord } from "./hook_record.ts";
import type { HookSummary } from "./hook_report.ts";
import { NodeLedger } from "./node_ledger.ts";
import { Receiver, type ReceiverOptions } from "./receiver.ts";
import { RecordViews } from "./record_views.ts";
import { SpareMemory } from "./spare_memory.ts";
import type { Trouble } from "./trouble.ts";
import { TroubleMaker } from "./trouble_maker.ts";
import type { Proof } from "./verify_request.ts";

/** The test hook could not be started. */
export class TestHookError extends HintedError {
  override readonly name = "TestHookError";
}

/** How the test hook listens and answers. */
export interface TestHookOptions extends Pick<ReceiverOptions, "now" | "onRequest"> {
  readonly hostname: string;
  readonly port: number;
  /** Made to every request whose path does not ask for another one. */
  readonly trouble?: Trouble;
  /** What requests have to prove; nothing if absent. */
  readonly proof?: Proof;
  /** Whether those that do not prove it are answered as others are, and not with 401. */
  readonly acceptsUnverified?: boolean;
  /** Where requests are sent on to; nowhere if absent. */
  readonly forward?: { readonly url: string; readonly allowed: readonly string[] };
  /** How many of the last requests are kept. */
  readonly keeps?: number;
  /** Whether other machines may look at what is received. */
  readonly isUiOpen?: boolean;
  /** Told to whoever looks at the page. */
  readonly version?: string;
  readonly machine?: string;
  /** From 0 to 1, but not 1. */
  readonly random?: () => number;
}

/** A running test hook. */
export interface TestHook extends AsyncDisposable {
  readonly hostname: string;
  readonly port: number;
  /** What has come so far. */
  readonly summary: () => HookSummary;
}

const GRACE_MS = 1000;
const KEEPS = 1000;

/**
 * Starts the receiver. It takes POST on any path, and shows what it got.
 *
 * @throws {TestHookError} If it cannot listen, or cannot reset connections and has to.
 * @throws {ForwardError} If requests must not be sent on like this.
 */
export function startTestHook(options: TestHookOptions): TestHook {
  if (options.trouble?.resets === true && !ConnectionResetter.isPossible()) {
    throw new TestHookError(
      "Cannot reset connections: that needs the C library, which is not where it usually is",
      "to answer nothing, there is --hang",
    );
  }
  const stopping = new AbortController();
  const answering = Promise.withResolvers<Answer>();
  const server = listen(options, async (request, client) => {
    return await (await answering.promise)(request, client);
  });
  try {
    const parts = makeParts(options, { address: server.addr, signal: stopping.signal });
    answering.resolve((request, client) => answer(request, client, parts));
    return {
      hostname: server.addr.hostname,
      port: server.addr.port,
      summary: () => parts.record.summary,
      [Symbol.asyncDispose]: async () => {
        stopping.abort();
        parts.forwarder?.[Symbol.dispose]();
        await server.stop(GRACE_MS);
        parts.resetter[Symbol.dispose]();
        parts.spareMemory[Symbol.dispose]();
      },
    };
  } catch (error) {
    void server.stop(0);
    throw error;
  }
}

/** Where a test hook is called on its own machine. */
export function urlOf({ hostname, port }: { hostname: string; port: number }): string {
  const called = isUnspecified(hostname) ? "127.0.0.1" : hostname;
  return `http://${formatListenAddress({ hostname: called, port })}/`;
}

type Answer = (request: Request, client: Deno.NetAddr) => Promise<Response>;

function listen({ hostname, port }: TestHookOptions, handler: Answer): HttpServer<Deno.NetAddr> {
  try {
    return serveTcp({ hostname, port }, handler);
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

/** What a running test hook is made of. */
interface Parts {
  readonly record: HookRecord;
  readonly receiver: Receiver;
  readonly views: RecordViews;
  readonly resetter: ConnectionResetter;
  readonly forwarder: Forwarder | undefined;
  readonly spareMemory: SpareMemory;
}

function makeParts(
  options: TestHookOptions,
  { address, signal }: { readonly address: Deno.NetAddr; readonly signal: AbortSignal },
): Parts {
  const { now, onRequest, keeps = KEEPS, trouble = {}, random = Math.random } = options;
  const startedAtMs = now();
  const ledger = new NodeLedger();
  const record = new HookRecord({ keeps, startedAtMs, ledger });
  const resetter = new ConnectionResetter(address.port);
  const forwarder = makeForwarder(options, address);
  const receiver = new Receiver({
    now,
    onRequest,
    record,
    ledger,
    maker: new TroubleMaker({ trouble, random, signal }),
    proof: options.proof ?? { secrets: [] },
    acceptsUnverified: options.acceptsUnverified ?? false,
    resetter,
    ...(forwarder === undefined ? {} : { forwarder }),
  });
  const views = new RecordViews({
    record,
    page: {
      kind: "test-hook",
      version: options.version ?? "",
      url: urlOf(address),
      keeps,
      started_at: new Date(startedAtMs).toISOString(),
      host: options.machine ?? "",
    },
    address,
    isOpen: options.isUiOpen ?? false,
    signal,
    cut: (client) => void resetter.reset(client),
  });
  const spareMemory = new SpareMemory({ count: () => record.requests });
  return { record, receiver, views, resetter, forwarder, spareMemory };
}

function makeForwarder({ forward }: TestHookOptions, address: Deno.NetAddr): Forwarder | undefined {
  if (forward === undefined) return undefined;
  const id = `gluster-eventing-${crypto.randomUUID()}`;
  const forwarder = new Forwarder({ ...forward, id });
  const { hostname, port, protocol } = new URL(forward.url);
  const isOwnPort = Number(port || (protocol === "https:" ? 443 : 80)) === address.port;
  const host = withoutBrackets(hostname);
  if (!isOwnPort || !(isLoopback(host) || host === address.hostname)) return forwarder;
  forwarder[Symbol.dispose]();
  throw new ForwardError(
    `Cannot send requests on to ${forward.url}: that is this test hook itself`,
    "give it another port with --port, or name another one",
  );
}

async function answer(
  request: Request,
  client: Deno.NetAddr,
  { receiver, views }: Parts,
): Promise<Response> {
  if (request.method === "POST") return await receiver.take(request, client);
  await request.body?.cancel();
  if (request.method === "GET" || request.method === "HEAD") {
    return await views.answer(request, client);
  }
  const text = "The test hook takes POST requests, on any path.\n";
  return new Response(text, { status: 405, headers: { allow: "GET, HEAD, POST" } });
}
