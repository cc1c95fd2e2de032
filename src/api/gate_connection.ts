/**
 * One connection to the gate: a request is read within limits, judged, and handed on to the control
 * socket; its answer comes back, and the connection ends.
 *
 * @module
 */
import { type AccessRules, type Refusal, refusalOf } from "./access.ts";
import {
  BadRequestError,
  formatRequestHead,
  isUpgrade,
  parseRequestHead,
  type RequestHead,
  withoutUpgrade,
} from "./request_head.ts";
import { writeAll } from "../std/files.ts";
import { statusLine } from "../std/http.ts";
import { ANSWER_HEADERS, EVENTS_PATH } from "./routes.ts";

/** How long and how much. */
export interface GateLimits {
  /** From the connection to the end of a request's head, with the handshake of TLS. */
  readonly headMs: number;
  readonly headBytes: number;
  /** From the end of the head to that of the body. */
  readonly bodyMs: number;
  /** How long a client may leave what it is sent untaken. */
  readonly stallMs: number;
  /** Connections at the same time. */
  readonly connections: number;
  /** The same for each address. */
  readonly connectionsOfOne: number;
}

/** What a connection is served with. */
export interface ConnectionOptions {
  readonly rules: AccessRules;
  readonly limits: GateLimits;
  /** Connects with what answers. */
  readonly connect: () => Promise<Deno.Conn>;
  /** Ends the client's connection, whatever it waits for. */
  readonly cut: () => void;
  /** Aborted when it was cut. */
  readonly signal: AbortSignal;
  /** Called with the status when a request is refused. */
  readonly onRefused: (status: number) => void;
}

const HEAD_END = "\r\n\r\n";
/** For a client that is refused, to get the answer before the end of the connection. */
const LINGER_MS = 1000;
const LINGER_BYTES = 8 * 1024 * 1024;
const CHUNK = 16 * 1024;
/** Who opens a WebSocket has nothing to say on it but answers to pings. */
const SAID_BYTES = 64 * 1024;
const SAID_WITHIN_MS = 60_000;

/** Serves one connection to its end. What its sockets say when it breaks concerns nobody. */
export async function serveConnection(
  client: Deno.Conn,
  options: ConnectionOptions,
): Promise<void> {
  try {
    const { limits, rules } = options;
    const read = await within(limits.headMs, options, () => readHead(client, limits.headBytes));
    if (read === undefined) return;
    const head = parseRequestHead(read.head);
    const refusal = refusalOf(head, rules);
    if (refusal === undefined) await handOn(client, { head, begun: read.rest }, options);
    else await refuse(client, refusal, options);
  } catch (error) {
    if (error instanceof BadRequestError) {
      const { status, message } = error;
      await refuse(client, { status, error: message }, options).catch(ignoreLost);
    } else ignoreLost(error);
  }
}

/** A request ends before its body does. */
class ClientGoneError extends Error {
  override readonly name = "ClientGoneError";
}

/** A request as far as it was read. */
interface ReadHead {
  readonly head: string;
  readonly rest: Uint8Array<ArrayBuffer>;
}

/** Reads up to the empty line; `undefined` if the client says nothing. */
async function readHead(client: Deno.Conn, most: number): Promise<ReadHead | undefined> {
  const chunk = new Uint8Array(CHUNK);
  let text = "";
  for (;;) {
    const count = await client.read(chunk);
    if (count === null && text === "") return undefined;
    if (count === null) throw new BadRequestError(400, "The request ends within its head");
    const searched = Math.max(0, text.length - HEAD_END.length);
    text += toCharacters(chunk.subarray(0, count));
    const end = text.indexOf(HEAD_END, searched);
    if ((end === -1 ? text.length : end) > most) {
      throw new BadRequestError(431, `The head of the request is larger than ${most} bytes`);
    }
    if (end !== -1) {
      return { head: text.slice(0, end), rest: toBytes(text.slice(end + HEAD_END.length)) };
    }
  }
}

async function handOn(
  client: Deno.Conn,
  { head, begun }: { readonly head: RequestHead; readonly begun: Uint8Array<ArrayBuffer> },
  options: ConnectionOptions,
): Promise<void> {
  const { limits, connect } = options;
  let inner: Deno.Conn;
  try {
    inner = await connect();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    await refuse(client, { status: 503, error: "The daemon cannot be asked now" }, options);
    return;
  }
  using cleanups = new DisposableStack();
  cleanups.use(inner);
  const giveUp = () => inner[Symbol.dispose]();
  options.signal.addEventListener("abort", giveUp);
  cleanups.defer(() => options.signal.removeEventListener("abort", giveUp));
  options.signal.throwIfAborted();
  await writeAll(inner, toBytes(formatRequestHead(head)));
  const watch = { stallMs: limits.stallMs, cut: options.cut };
  if (isUpgrade(head)) {
    const answer = await readSome(inner);
    if (!isSwitched(answer)) {
      // The connection inside stays open for requests, and what follows here was judged by nobody.
      giveUp();
      await handOn(client, { head: withoutUpgrade(head), begun }, options);
      return;
    }
    await within(watch.stallMs, watch, () => writeAll(client, answer));
  }
  const answering = pipe(inner, client, watch);
  const asking = isUpgrade(head)
    ? writeAll(inner, begun).then(() => pipeLittle(client, inner)).then(() => inner.closeWrite())
    : within(
      limits.bodyMs,
      options,
      () => sendBody(client, inner, { begun, left: head.bodyBytes }),
    );
  let isAsked = false;
  const asked = asking.then(() => isAsked = true, (error) => {
    // What answers may have hung up with its answer on the way; a client that has gone gets none.
    if (error instanceof ClientGoneError || isUpgrade(head)) giveUp();
  });
  // It would not be noticed before the next thing is sent to him, and he may have come back since.
  if (head.path === EVENTS_PATH && !isUpgrade(head)) void asked.then(() => ended(client, giveUp));
  await answering;
  giveUp();
  await client.closeWrite();
  // An answer may come, and end, before the request does.
  if (!isAsked) await within(LINGER_MS, options, () => asked.then(() => discard(client)));
}

async function readSome(from: Deno.Conn): Promise<Uint8Array> {
  const chunk = new Uint8Array(CHUNK);
  return chunk.subarray(0, await from.read(chunk) ?? 0);
}

/** Whether an answer says that the connection is a WebSocket from now on. */
function isSwitched(answer: Uint8Array): boolean {
  return toCharacters(answer).startsWith("HTTP/1.1 101 ");
}

/** Hands on so many bytes, and not what follows them. */
async function sendBody(
  client: Deno.Conn,
  inner: Deno.Conn,
  { begun, left }: { readonly begun: Uint8Array<ArrayBuffer>; readonly left: number },
): Promise<void> {
  await writeAll(inner, begun.subarray(0, left));
  let missing = left - begun.length;
  const chunk = new Uint8Array(CHUNK);
  while (missing > 0) {
    const count = await client.read(chunk).catch(() => null);
    if (count === null) throw new ClientGoneError("The body ends too early");
    await writeAll(inner, chunk.subarray(0, Math.min(count, missing)));
    missing -= count;
  }
}

/** Hands on until the end. Who does not take it for too long is cut off. */
async function pipe(
  from: Deno.Conn,
  to: Deno.Conn,
  watch?: { readonly stallMs: number; readonly cut: () => void },
): Promise<void> {
  const chunk = new Uint8Array(CHUNK);
  for (let count = await from.read(chunk); count !== null; count = await from.read(chunk)) {
    const piece = chunk.subarray(0, count);
    if (watch === undefined) await writeAll(to, piece);
    else await within(watch.stallMs, watch, () => writeAll(to, piece));
  }
}

/** Hands on what a client says that has little to say; one that says more is cut off. */
async function pipeLittle(client: Deno.Conn, inner: Deno.Conn): Promise<void> {
  const chunk = new Uint8Array(CHUNK);
  let said = 0;
  let sinceMs = performance.now();
  for (let count = await client.read(chunk); count !== null; count = await client.read(chunk)) {
    const nowMs = performance.now();
    if (nowMs - sinceMs > SAID_WITHIN_MS) [said, sinceMs] = [0, nowMs];
    said += count;
    if (said > SAID_BYTES) throw new BadRequestError(413, "Nothing is read here");
    await writeAll(inner, chunk.subarray(0, count));
  }
}

/** Calls back when a client has hung up that has said all it had to. */
async function ended(client: Deno.Conn, onEnded: () => void): Promise<void> {
  const chunk = new Uint8Array(CHUNK);
  const read = () => client.read(chunk).catch(() => null);
  while (await read() !== null);
  onEnded();
}

async function refuse(
  client: Deno.Conn,
  { status, error, hint }: Refusal,
  options: ConnectionOptions,
): Promise<void> {
  options.onRefused(status);
  const body = JSON.stringify({ error, ...(hint === undefined ? {} : { hint }) });
  const headers = {
    ...ANSWER_HEADERS,
    "content-type": "application/json",
    "content-length": String(new TextEncoder().encode(body).length),
    "connection": "close",
    ...(status === 401 ? { "www-authenticate": 'Bearer realm="gluster-eventing"' } : {}),
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join("");
  const answer = `HTTP/1.1 ${statusLine(status)}\r\n${lines}\r\n${body}`;
  await within(options.limits.stallMs, options, async () => {
    await writeAll(client, new TextEncoder().encode(answer));
    await client.closeWrite();
  });
  // Closing with something unread resets the connection, and the answer may be lost with it.
  await within(LINGER_MS, options, () => discard(client));
}

async function discard(client: Deno.Conn): Promise<void> {
  const chunk = new Uint8Array(CHUNK);
  for (let taken = 0; taken < LINGER_BYTES;) {
    const count = await client.read(chunk);
    if (count === null) return;
    taken += count;
  }
}

/** Does the work; when the time is over first, the client is cut off, which ends the work. */
async function within<T>(
  limitMs: number,
  { cut }: Pick<ConnectionOptions, "cut">,
  work: () => Promise<T>,
): Promise<T> {
  const timer = setTimeout(cut, limitMs);
  try {
    return await work();
  } finally {
    clearTimeout(timer);
  }
}

/** Each byte as the character of its number: what they mean is not decided here. */
function toCharacters(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

function toBytes(characters: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(characters, (character) => character.charCodeAt(0));
}

/** Clients come and go. A fault of ours is none of theirs. */
function ignoreLost(error: unknown): void {
  const isFault = error instanceof TypeError || error instanceof RangeError;
  if (isFault || !(error instanceof Error)) throw error;
}
