/**
 * What the gate answers itself, without asking the control socket.
 *
 * @module
 */
import { writeAll } from "../std/files.ts";
import { statusLine } from "../std/http.ts";
import { ANSWER_HEADERS } from "./routes.ts";

/** An answer. */
export interface GateAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; absent if there is nothing to say. */
  readonly body?: { readonly error: string; readonly hint?: string };
}

/** How a client gets it. */
export interface AnswerLimits {
  /** How long a client may leave what it is sent untaken. */
  readonly stallMs: number;
  /** Ends the client's connection, whatever it waits for. */
  readonly cut: () => void;
}

/** For a client to get its answer before the end of the connection. */
export const LINGER_MS = 1000;
const LINGER_BYTES = 8 * 1024 * 1024;
const CHUNK = 16 * 1024;

/** Sends it, as the last thing on the connection. */
export async function sendAnswer(
  client: Deno.Conn,
  answer: GateAnswer,
  limits: AnswerLimits,
): Promise<void> {
  await within(limits.stallMs, limits, async () => {
    await writeAll(client, new TextEncoder().encode(formatAnswer(answer)));
    await client.closeWrite();
  });
  // Closing with something unread resets the connection, and the answer may be lost with it.
  await within(LINGER_MS, limits, () => discard(client));
}

/** Takes what comes and forgets it, up to its end or 8 MiB. */
export async function discard(client: Deno.Conn): Promise<void> {
  const chunk = new Uint8Array(CHUNK);
  for (let taken = 0; taken < LINGER_BYTES;) {
    const count = await client.read(chunk);
    if (count === null) return;
    taken += count;
  }
}

/** Does the work; when the time is over first, the client is cut off, which ends the work. */
export async function within<T>(
  limitMs: number,
  { cut }: Pick<AnswerLimits, "cut">,
  work: () => Promise<T>,
): Promise<T> {
  const timer = setTimeout(cut, limitMs);
  try {
    return await work();
  } finally {
    clearTimeout(timer);
  }
}

function formatAnswer({ status, headers = {}, body }: GateAnswer): string {
  const text = body === undefined ? "" : JSON.stringify(body);
  const all = {
    ...ANSWER_HEADERS,
    ...(body === undefined ? {} : {
      "content-type": "application/json",
      "content-length": String(new TextEncoder().encode(text).length),
    }),
    "connection": "close",
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`).join("");
  return `HTTP/1.1 ${statusLine(status)}\r\n${lines}\r\n${text}`;
}
