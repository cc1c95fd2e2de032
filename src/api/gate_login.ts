/**
 * Browsers at the gate: how they get a session, and what they are served with one.
 *
 * @module
 */
import { type BegunRequest, sendBody } from "./gate_body.ts";
import type { GateAnswer } from "./gate_answer.ts";
import { LARGEST_LOGIN, LOGIN_PATH, type LoginDesk, LOGOUT_PATH } from "./login_desk.ts";
import { BadRequestError, type RequestHead } from "./request_head.ts";

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

/** How somebody is watched who is served. */
export interface AccessWatch {
  /** Aborted when the session ends with which it was asked, if it was one. */
  readonly ended: AbortSignal | undefined;
  /** Whether the request would still be answered. */
  readonly isAllowed: () => boolean;
  readonly everyMs: number;
  /** Ends the connection. */
  readonly cut: () => void;
}

/** Serves somebody as long as he may be served. */
export async function whileAllowed(
  { ended, isAllowed, everyMs, cut }: AccessWatch,
  serve: () => Promise<void>,
): Promise<void> {
  ended?.addEventListener("abort", cut);
  // Who listens to a stream asks nothing more, so that nobody would see that the token is another.
  const timer = setInterval(() => {
    if (!isAllowed()) cut();
  }, everyMs);
  try {
    await serve();
  } finally {
    clearInterval(timer);
    ended?.removeEventListener("abort", cut);
  }
}
