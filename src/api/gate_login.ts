/**
 * Browsers at the gate: how they get a session, and what they are served with one.
 *
 * @module
 */
import { type BegunRequest, sendBody } from "./gate_body.ts";
import type { GateAnswer } from "./gate_answer.ts";
import { LARGEST_LOGIN, LOGIN_PATH, type LoginDesk, LOGOUT_PATH } from "./login_desk.ts";
import { BadRequestError, type RequestHead } from "./request_head.ts";
import type { Session } from "./sessions.ts";

/** Whether a request is answered by the gate, since it is about a session. */
export function isAboutLogin({ method, path }: RequestHead): boolean {
  return method === "POST" && (path === LOGIN_PATH || path === LOGOUT_PATH);
}

/**
 * Lets a browser in or out.
 *
 * @throws {BadRequestError} If the body is too large.
 * @throws {ClientGoneError} If it does not come.
 */
export async function answerAtDesk(
  client: Deno.Conn,
  { head, begun, from }: BegunRequest & { readonly from: string },
  desk: LoginDesk,
): Promise<GateAnswer> {
  if (head.path === LOGOUT_PATH) return desk.logout({ head });
  if (head.bodyBytes > LARGEST_LOGIN) {
    throw new BadRequestError(413, `A login is no larger than ${LARGEST_LOGIN} bytes`);
  }
  const decoder = new TextDecoder();
  let body = "";
  const to = {
    write: (bytes: Uint8Array) => {
      body += decoder.decode(bytes, { stream: true });
      return Promise.resolve(bytes.length);
    },
  };
  await sendBody(client, to, { begun, left: head.bodyBytes });
  return desk.login({ head, body: body + decoder.decode(), from });
}

/** How a session is watched. */
export interface SessionWatch {
  readonly desk: LoginDesk;
  readonly everyMs: number;
  /** Ends the browser's connection. */
  readonly cut: () => void;
}

/** Serves a browser until its session ends. */
export async function whileLoggedIn(
  { ended }: Session,
  { desk, everyMs, cut }: SessionWatch,
  serve: () => Promise<void>,
): Promise<void> {
  ended.addEventListener("abort", cut);
  // Who listens to a stream asks nothing more, so that nobody would see the end of the session.
  const timer = setInterval(() => desk.endOld(), everyMs);
  try {
    await serve();
  } finally {
    clearInterval(timer);
    ended.removeEventListener("abort", cut);
  }
}
