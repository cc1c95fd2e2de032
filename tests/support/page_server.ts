import type { ClusterPicture } from "../../src/event/cluster_picture.ts";
import { answerPage } from "../../src/page/page_files.ts";
import type { HookEvent, HookRequest, HookSummary } from "../../src/testhook/hook_report.ts";

/** A server of the live page that says what the test tells it to say, as the test hook does. */
export interface PageServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** Sends a request with these events, and keeps it. */
  readonly send: (request: RequestSketch) => HookRequest;
  /** Sends one that was sent before once more, with more in it. */
  readonly resend: (request: HookRequest) => void;
  readonly sendCluster: (picture: ClusterPicture) => void;
  readonly sendSummary: (summary: HookSummary) => void;
  /** How many pages follow now. */
  readonly followers: () => number;
  /** Ends the streams of all of them. */
  readonly drop: () => void;
  /** Answers with this instead, until it is `undefined`. */
  failsWith: number | undefined;
}

/** What is said of a request; all else is made up. */
export type RequestSketch =
  & Partial<Omit<HookRequest, "events" | "number">>
  & { readonly events?: readonly Partial<HookEvent>[] };

const NOTHING: HookSummary = {
  started_at: "",
  requests: 0,
  events: 0,
  unverified: 0,
  nodes: [],
};
const NO_CLUSTER: ClusterPicture = { peers: [], volumes: [], last_change: null };

/** Starts it on loopback. */
export function startPageServer(
  { port = 0, registered }: { port?: number; registered?: string } = {},
): PageServer {
  const startedAt = new Date().toISOString();
  const kept: HookRequest[] = [];
  const followers = new Set<ReadableStreamDefaultController<Uint8Array>>();
  let [summary, cluster] = [NOTHING, NO_CLUSTER];
  const tell = (name: string, data: unknown, id?: number) => {
    for (const follower of followers) follower.enqueue(sseEvent(name, data, id));
  };
  const answers: Record<string, (query: URLSearchParams) => Response> = {
    "/v1/page": () =>
      Response.json({
        kind: "test-hook",
        version: "0.0.0",
        url: registered ?? url,
        host: "gl1.example.com",
        keeps: 1000,
        started_at: startedAt,
      }),
    "/v1/cluster": () => Response.json(cluster),
    "/v1/summary": () => Response.json(summary),
    "/v1/requests": (query) => Response.json(kept.slice(-Number(query.get("limit") ?? 100))),
    "/v1/stream": (query) => {
      let own: ReadableStreamDefaultController<Uint8Array> | undefined;
      const stream = new ReadableStream<Uint8Array>({
        start(controller) {
          own = controller;
          for (const request of kept) {
            if (request.number > Number(query.get("since") ?? 0)) {
              controller.enqueue(sseEvent("request", request, request.number));
            }
          }
          controller.enqueue(sseEvent("cluster", cluster));
          controller.enqueue(sseEvent("summary", summary));
          followers.add(controller);
        },
        cancel() {
          if (own !== undefined) followers.delete(own);
        },
      });
      return new Response(stream, { headers: { "content-type": "text/event-stream" } });
    },
  };
  const server = Deno.serve({ hostname: "127.0.0.1", port, onListen() {} }, async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    if (self.failsWith !== undefined) return new Response("No.\n", { status: self.failsWith });
    return answers[pathname]?.(searchParams) ?? await answerPage(pathname) ??
      new Response(null, { status: 404 });
  });
  const url = `http://127.0.0.1:${server.addr.port}/`;
  const self: PageServer = {
    url,
    port: server.addr.port,
    failsWith: undefined,
    followers: () => followers.size,
    send(sketch) {
      const request = toRequest(sketch, kept.length + 1);
      kept.push(request);
      tell("request", request, request.number);
      return request;
    },
    resend(request) {
      kept[request.number - 1] = request;
      tell("request", request);
    },
    sendCluster(picture) {
      cluster = picture;
      tell("cluster", picture);
    },
    sendSummary(counts) {
      summary = counts;
      tell("summary", counts);
    },
    drop() {
      for (const follower of followers) follower.close();
      followers.clear();
    },
    async [Symbol.asyncDispose]() {
      self.drop();
      await server.shutdown();
    },
  };
  return self;
}

function toRequest({ events = [], ...rest }: RequestSketch, number: number): HookRequest {
  const body = rest.body ?? JSON.stringify(events[0] ?? {});
  return {
    number,
    received_at: new Date().toISOString(),
    from: "127.0.0.1:40000",
    path: "/",
    headers: { "content-type": "application/json", authorization: "Bearer ***" },
    status: 200,
    trouble: null,
    verdicts: [],
    event_count: events.length,
    forwarded: null,
    ...rest,
    body,
    body_bytes: rest.body_bytes ?? new TextEncoder().encode(body).length,
    events: events.map((event) => toEvent(event, number)),
  };
}

function toEvent(event: Partial<HookEvent>, number: number): HookEvent {
  return {
    id: `01J0000000000000000000${String(number).padStart(4, "0")}`,
    event: "VOLUME_START",
    group: "VOLUME",
    severity: "info",
    nodeid: "e9bfb6da-0000-4000-8000-000000000001",
    host: "gl1",
    text: "volume gv0 was started",
    message: { name: "gv0" },
    at: new Date().toISOString(),
    marks: [],
    note: "",
    ...event,
  };
}

function sseEvent(name: string, data: unknown, id?: number): Uint8Array<ArrayBuffer> {
  const number = id === undefined ? "" : `id: ${id}\n`;
  return new TextEncoder().encode(`${number}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
}
