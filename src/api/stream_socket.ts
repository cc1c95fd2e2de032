/**
 * The events on their way to whoever follows them over a WebSocket (RFC 6455): a text frame for each
 * event and each notice, as JSON; notices are what has the key `notice`.
 *
 * @module
 */
import type { FollowEvents, StreamQuery } from "./event_stream.ts";
import { jsonOf } from "./server_sent.ts";
import { InvalidQueryError } from "./spool_query.ts";
import type { StreamServing } from "./stream_answers.ts";
import { StreamSource } from "./stream_source.ts";

/**
 * How many bytes may wait in the program for the kernel to take them. A WebSocket of Deno keeps all
 * that it is given, and tells how much that is, but not when it becomes less.
 */
const MOST_WAITING = 64 * 1024;
const LOOK_EVERY_MS = 10;
/** Half of it after the last word of the other side a ping is sent, and that has to be answered. */
const IDLE_S = 30;
/** What the other side says means nothing here, and is not waited for in that length. */
const LONGEST_MESSAGE = 4096;
/** Nothing has to be sent in between: there are pings. */
const LOOK_FOR_END_MS = 60_000;

/** RFC 6455, 7.4.1 */
const GOING_AWAY = 1001;
const POLICY_VIOLATION = 1008;
const TOO_BIG = 1009;
const INTERNAL_ERROR = 1011;

/** Whether a request asks for a WebSocket. */
export function asksForSocket(request: Request): boolean {
  return request.headers.get("upgrade")?.toLowerCase() === "websocket";
}

/**
 * Answers with the events on a WebSocket.
 *
 * @throws {InvalidQueryError} If the request does not open one as it should.
 * @throws What following them throws.
 */
export function answerSocket(
  request: Request,
  { follow, query }: { readonly follow: FollowEvents; readonly query: StreamQuery },
  serving: StreamServing,
): Response {
  const ending = new AbortController();
  const source = new StreamSource(follow(query, ending.signal));
  const end = () => {
    ending.abort();
    source.end();
  };
  try {
    const { socket, response } = Deno.upgradeWebSocket(request, { idleTimeout: IDLE_S });
    const closed = Promise.withResolvers<void>();
    let sent = Promise.resolve();
    socket.onopen = () => sent = sendAll(socket, source, serving).finally(end);
    socket.onmessage = ({ data }) => {
      const length = typeof data === "string" ? data.length : data.byteLength ?? data.size;
      if (length > LONGEST_MESSAGE) socket.close(TOO_BIG, "Nothing is read here");
    };
    socket.onclose = () => {
      end();
      closed.resolve(sent.finally(() => serving.sockets.delete(closed.promise)));
    };
    // What went wrong is followed by the end, and concerns nobody else.
    socket.onerror = () => {};
    serving.sockets.add(closed.promise);
    return response;
  } catch (error) {
    end();
    if (!(error instanceof TypeError)) throw error;
    throw new InvalidQueryError(
      `The request opens no WebSocket: ${error.message}`,
      "ask without Upgrade for text/event-stream",
      { cause: error },
    );
  }
}

async function sendAll(
  socket: WebSocket,
  source: StreamSource,
  serving: StreamServing,
): Promise<void> {
  try {
    while (isOpen(socket)) {
      const next = await source.next(LOOK_FOR_END_MS);
      if (next === "end") break;
      if (next === "nothing") continue;
      for (const item of next) {
        if (!isOpen(socket)) return;
        socket.send(jsonOf(item));
        if (socket.bufferedAmount > MOST_WAITING) await drained(socket, serving);
      }
    }
    socket.close(GOING_AWAY, "The daemon ends");
  } catch {
    // What makes the events has told whom it concerns; here it ends this stream.
    socket.close(INTERNAL_ERROR, "The events cannot be read");
  }
}

/** Waits until the kernel has taken all; who does not read for too long is cut off. */
async function drained(socket: WebSocket, { limits, cutter }: StreamServing): Promise<void> {
  // A close frame cannot be sent either, but nothing else is sent then.
  const stall = cutter.watch(
    limits.stallMs,
    () => socket.close(POLICY_VIOLATION, "Nobody takes what is sent"),
  );
  let before = Infinity;
  while (isOpen(socket) && socket.bufferedAmount > 0) {
    if (socket.bufferedAmount < before) {
      before = socket.bufferedAmount;
      stall.given();
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  stall.taken();
}

function isOpen({ readyState }: WebSocket): boolean {
  return readyState === WebSocket.OPEN;
}
