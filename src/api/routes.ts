/**
 * What there is on the control socket.
 *
 * @module
 */
import { InvalidFilterError } from "../event/event_filter.ts";
import { answerPage, isPagePath } from "../page/page_files.ts";
import { HintedError } from "../std/hinted_error.ts";
import { BodyError, readBody } from "./request_body.ts";
import { NoClusterError } from "./cluster_answer.ts";
import {
  type ControlHandlers,
  TooManyStreamsError,
  UnservedWebhookError,
} from "./control_handlers.ts";
import { METRICS_TYPE } from "./metrics_text.ts";
import {
  decodeAttemptQuery,
  decodeDeadLetterQuery,
  decodeHistoryQuery,
  decodeReplayRequest,
  decodeStreamQuery,
  decodeWebhook,
  InvalidQueryError,
} from "./spool_query.ts";
import { answerServerSent, type StreamServing } from "./stream_answers.ts";
import { answerSocket, asksForSocket } from "./stream_socket.ts";

interface Route {
  readonly method: "GET" | "POST";
  readonly answer: (asked: Asked, handlers: ControlHandlers) => Response | Promise<Response>;
}

/** The parts of a request that routes look at. */
interface Asked {
  readonly request: Request;
  readonly params: URLSearchParams;
  /** @throws {InvalidQueryError} If it is no JSON. */
  readonly body: () => Promise<unknown>;
  readonly streaming: StreamServing;
}

/** The stream of events, which ends when one of both sides wants it to. */
export const EVENTS_PATH = "/v1/events";

const ROUTES: Readonly<Record<string, Route>> = {
  "/healthz": { method: "GET", answer: () => Response.json({ ok: true }) },
  "/v1/cluster": {
    method: "GET",
    answer: async (_, handlers) => Response.json(await handlers.cluster()),
  },
  "/v1/webhooks": {
    method: "GET",
    answer: (_, handlers) => Response.json(handlers.status().webhooks),
  },
  "/v1/page": {
    method: "GET",
    answer: async (_, handlers) => Response.json(await handlers.page()),
  },
  "/v1/status": { method: "GET", answer: (_, handlers) => Response.json(handlers.status()) },
  "/metrics": {
    method: "GET",
    answer: (_, handlers) =>
      new Response(handlers.metrics(), { headers: { "content-type": METRICS_TYPE } }),
  },
  "/v1/reload": {
    method: "POST",
    answer: async (_, handlers) => {
      const outcome = await handlers.reload();
      return Response.json(outcome, { status: "problems" in outcome ? 422 : 200 });
    },
  },
  "/v1/stop": {
    method: "POST",
    answer: (_, handlers) => {
      handlers.stop();
      return Response.json({ stopping: true });
    },
  },
  "/v1/link": {
    method: "POST",
    answer: async (_, handlers) => Response.json(await handlers.link()),
  },
  "/v1/history": {
    method: "GET",
    answer: async ({ params }, handlers) =>
      answerRows(await handlers.history(decodeHistoryQuery(params))),
  },
  [EVENTS_PATH]: {
    method: "GET",
    answer: ({ request, params, streaming }, handlers) => {
      const lastId = request.headers.get("last-event-id");
      if (lastId !== null && lastId !== "") params.set("since", lastId);
      const query = decodeStreamQuery(params);
      const answer = () =>
        asksForSocket(request)
          ? answerSocket(request, { follow: handlers.stream, query }, streaming)
          : answerServerSent(handlers.stream, query, streaming);
      const preparing = handlers.prepareStream?.(query);
      return preparing === undefined ? answer() : preparing.then(answer);
    },
  },
  "/v1/attempts": {
    method: "GET",
    answer: async ({ params }, handlers) =>
      answerRows(await handlers.attempts(decodeAttemptQuery(params))),
  },
  "/v1/dead-letters": {
    method: "GET",
    answer: async ({ params }, handlers) =>
      answerRows(await handlers.deadLetters(decodeDeadLetterQuery(params))),
  },
  "/v1/replay": {
    method: "POST",
    answer: async ({ body }, handlers) =>
      Response.json(await handlers.replay(decodeReplayRequest(await body()))),
  },
  "/v1/resume": {
    method: "POST",
    answer: async ({ body }, handlers) =>
      Response.json(await handlers.resume(decodeWebhook(await body()))),
  },
};

/** What every answer tells whoever gets it, which may be a browser. */
export const ANSWER_HEADERS = {
  "cache-control": "no-store",
  "cross-origin-resource-policy": "same-origin",
  "x-content-type-options": "nosniff",
} as const;

/** Answers a request; what goes wrong is an answer too: `{ error, hint? }`. */
export async function answerRequest(
  request: Request,
  handlers: ControlHandlers,
  streaming: StreamServing,
): Promise<Response> {
  const response = await findAnswer(request, { handlers, streaming });
  for (const [name, value] of Object.entries(ANSWER_HEADERS)) response.headers.set(name, value);
  return response;
}

async function findAnswer(
  request: Request,
  { handlers, streaming }: {
    readonly handlers: ControlHandlers;
    readonly streaming: StreamServing;
  },
): Promise<Response> {
  const { pathname = "", searchParams: params = new URLSearchParams() } = URL.parse(request.url) ??
    {};
  if (request.method === "GET" && isPagePath(pathname)) {
    return await answerPage(pathname) ?? answerError(404, `There is nothing at ${pathname}`);
  }
  const route = Object.hasOwn(ROUTES, pathname) ? ROUTES[pathname] : undefined;
  if (route === undefined) return answerError(404, `There is nothing at ${pathname}`);
  if (request.method !== route.method) {
    const response = answerError(405, `${pathname} takes ${route.method} only`);
    response.headers.set("allow", route.method);
    return response;
  }
  try {
    const asked = { request, params, body: () => readJson(request), streaming };
    return await route.answer(asked, handlers);
  } catch (error) {
    if (!(error instanceof HintedError)) {
      return answerError(500, error instanceof Error ? error.message : String(error));
    }
    return answerError(statusOf(error), error.message, error.hint);
  }
}

function statusOf(error: HintedError): number {
  if (error instanceof BodyError) return error.status;
  if (error instanceof UnservedWebhookError || error instanceof NoClusterError) return 404;
  if (error instanceof TooManyStreamsError) return 503;
  return error instanceof InvalidQueryError || error instanceof InvalidFilterError ? 400 : 500;
}

async function readJson(request: Request): Promise<unknown> {
  const text = await readBody(request);
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new InvalidQueryError(
      `The body is no JSON: ${error.message}`,
      'send an object like {"webhook": "ops"}',
      { cause: error },
    );
  }
}

const ROWS_AT_ONCE = 500;

/** A JSON array that is written piece by piece: many rows would hold up the intake. */
function answerRows(rows: readonly unknown[]): Response {
  const text = ReadableStream.from(piecesOf(rows)).pipeThrough(new TextEncoderStream());
  return new Response(text, { headers: { "content-type": "application/json" } });
}

function* piecesOf(rows: readonly unknown[]): Generator<string> {
  yield "[";
  for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
    const piece = JSON.stringify(rows.slice(at, at + ROWS_AT_ONCE)).slice(1, -1);
    yield at === 0 ? piece : `,${piece}`;
  }
  yield "]";
}

function answerError(status: number, error: string, hint?: string): Response {
  return Response.json({ error, ...(hint === undefined ? {} : { hint }) }, { status });
}
