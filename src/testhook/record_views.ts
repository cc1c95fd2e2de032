/**
 * What is answered to whoever looks at the test hook: the page, its files, and what they ask for.
 *
 * @module
 */
import { answerPage, isPagePath } from "../page/page_files.ts";
import { isOwnHost, isOwnPage } from "../page/own_page.ts";
import { isLoopback } from "../registry/api_rules.ts";
import { isUnspecified } from "../std/host_port.ts";
import type { HookPage } from "./hook_report.ts";
import type { HookRecord } from "./hook_record.ts";
import { streamRecord } from "./record_stream.ts";

/** What is looked at, and by whom. */
export interface ViewOptions {
  readonly record: HookRecord;
  readonly page: HookPage;
  /** Where it listens. */
  readonly address: Deno.NetAddr;
  /** Whether other machines may look too. */
  readonly isOpen: boolean;
  /** Ends the streams. */
  readonly signal: AbortSignal;
  /** Ends a connection at once, as good as that can be done. */
  readonly cut: (client: Deno.NetAddr) => void;
}

/** How many may follow at the same time. */
const MOST_STREAMS = 64;
const NOTHING_HERE = "There is nothing here. The test hook takes POST requests, on any path; " +
  "its page is at /\n";

/** Answers GET and HEAD. */
export class RecordViews {
  readonly #options: ViewOptions;
  #streams = 0;

  constructor(options: ViewOptions) {
    this.#options = options;
  }

  async answer(request: Request, client: Deno.NetAddr): Promise<Response> {
    const url = URL.parse(request.url);
    const path = url?.pathname ?? "";
    const isView = isPagePath(path) || path.startsWith("/v1/");
    if (!isView) return say(404, NOTHING_HERE);
    const refusal = this.#refusalOf(request.headers, client);
    if (refusal !== undefined) return say(403, `${refusal}\n`);
    const { record, page } = this.#options;
    switch (path) {
      case "/v1/page":
        return Response.json(page, UNCACHED);
      case "/v1/cluster":
        return Response.json(record.picture, UNCACHED);
      case "/v1/summary":
        return Response.json(record.summary, UNCACHED);
      case "/v1/requests":
        return listRequests(record, url?.searchParams.get("limit") ?? null);
      case "/v1/requests.ndjson":
        return downloadRequests(record, page);
      case "/v1/stream":
        return this.#stream(request, { client, since: url?.searchParams.get("since") ?? null });
      default:
        return await answerPage(path) ?? say(404, NOTHING_HERE);
    }
  }

  #refusalOf(headers: Headers, { hostname }: Deno.NetAddr): string | undefined {
    const { isOpen, address: { hostname: own, port } } = this.#options;
    // Whoever calls an address from that address is on its machine.
    if (!isOpen && !isLoopback(hostname) && hostname !== own) {
      const through = isUnspecified(own) ? "localhost" : own.includes(":") ? `[${own}]` : own;
      return "What is received is shown on this machine only. Webhooks are posted; to look from " +
        "elsewhere, start it with --ui-open, or forward the port: " +
        `ssh -L ${port}:${through}:${port} HOST`;
    }
    if (!isOpen && !isOwnHost(headers.get("host"), isUnspecified(own) ? "localhost" : own)) {
      return "The page is not served under this name: ask for it as localhost";
    }
    return isOwnPage(headers, "http") ? undefined : "The pages of others are not answered";
  }

  #stream(
    request: Request,
    { client, since }: { readonly client: Deno.NetAddr; readonly since: string | null },
  ): Response {
    const headers = { ...UNCACHED.headers, "content-type": "text/event-stream" };
    if (request.method === "HEAD") return new Response(null, { headers });
    const from = request.headers.get("last-event-id") ?? since ?? "0";
    const number = readCount(from);
    if (number === undefined) {
      return say(400, `since cannot be ${JSON.stringify(from)}: it is the number of a request\n`);
    }
    if (this.#streams >= MOST_STREAMS) return say(503, `${MOST_STREAMS} pages look already\n`);
    this.#streams++;
    const { record, signal, cut } = this.#options;
    const body = streamRecord(record, {
      since: number,
      signal,
      onStall: () => cut(client),
      onEnd: () => this.#streams--,
    });
    return new Response(body, { headers });
  }
}

/** What is told changes all the time. */
const UNCACHED = { headers: { "cache-control": "no-store" } };

function say(status: number, text: string): Response {
  return new Response(text, { status });
}

function listRequests(record: HookRecord, limit: string | null): Response {
  const most = limit === null ? Infinity : readCount(limit);
  if (most === undefined) {
    return say(400, `limit cannot be ${JSON.stringify(limit)}: it is a number of requests\n`);
  }
  const items = record.log.newest(most);
  const headers = { ...UNCACHED.headers, "content-type": "application/json" };
  return new Response(sendAll(items, { before: "[", between: ",", after: "]" }), { headers });
}

function downloadRequests(record: HookRecord, { host }: HookPage): Response {
  const name = `requests-${host.replace(/[^\w.-]/g, "_")}.ndjson`;
  const body = sendAll(record.log.newest(Infinity), { before: "", between: "\n", after: "\n" });
  return new Response(body, {
    headers: {
      ...UNCACHED.headers,
      "content-type": "application/x-ndjson",
      "content-disposition": `attachment; filename="${name}"`,
    },
  });
}

/** One after the other, as they are taken: all of them together can be large. */
function sendAll(
  items: readonly Uint8Array[],
  { before, between, after }: {
    readonly before: string;
    readonly between: string;
    readonly after: string;
  },
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let index = 0;
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      const item = items[index];
      if (index === 0 && before !== "") controller.enqueue(encoder.encode(before));
      if (item !== undefined) controller.enqueue(item);
      index++;
      if (index < items.length) {
        controller.enqueue(encoder.encode(between));
        return;
      }
      // A list of nothing is empty, not a line.
      if (before !== "" || items.length > 0) controller.enqueue(encoder.encode(after));
      controller.close();
    },
  }, { highWaterMark: 0 });
}

function readCount(text: string): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
