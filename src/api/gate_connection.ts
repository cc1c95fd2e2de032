/**
 * One connection to the gate: a request is read within limits, judged, and handed on to the control
 * socket; its answer comes back, and the connection ends.
 *
 * @module
 */
import { type AccessRules, type Refusal, refusalOf } from "./access.ts";
import { discard, type GateAnswer, LINGER_MS, sendAnswer, within } from "./gate_answer.ts";
import { type BegunRequest, ClientGoneError, sendBody } from "./gate_body.ts";
import { answerAtDesk, isAboutLogin, whileAllowed } from "./gate_login.ts";
import type { LoginDesk } from "./login_desk.ts";
import {
  BadRequestError,
  formatRequestHead,
  isUpgrade,
  parseRequestHead,
  withoutUpgrade,
} from "./request_head.ts";
import { writeAll } from "../std/files.ts";
import { EVENTS_PATH } from "./routes.ts";

/** How long and how much. */
export interface GateLimits {
  /** From the connection to the end of a request's head, with the handshake of TLS. */
  readonly headMs: number;
  readonly headBytes: number;
  /** From the end of the head to that of the body. */
  readonly bodyMs: number;
  /** How long a client may leave what it is sent untaken. */
  readonly stallMs: number;
  /** How often it is looked whether who listens to a stream still may. */
  readonly sessionMs: number;
  /** Connections at the same time. */
  readonly connections: number;
  /** The same for each address. */
  readonly connectionsOfOne: number;
}

/** What a connection is served with. */
export interface ConnectionOptions {
  readonly rules: AccessRules;
  readonly limits: GateLimits;
  /** Where browsers log in; absent if no token is asked for. */
  readonly desk?: LoginDesk;
  /** The address of the client. */
  readonly from: string;
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
    const { limits, rules, desk } = options;
    const read = await within(limits.headMs, options, () => readHead(client, limits.headBytes));
    if (read === undefined) return;
    const head = parseRequestHead(read.head);
    const session = desk?.sessionOf(head);
    const refusal = refusalOf(head, { ...rules, isLoggedIn: session !== undefined });
    const request = { head, begun: read.rest };
    if (refusal !== undefined) await refuse(client, toAnswer(refusal), options);
    else if (isAboutLogin(head)) await logInOrOut(client, request, options);
    else if (desk === undefined) await handOn(client, request, options);
    else {
      const isAllowed = () => {
        desk.endOld();
        // Somebody looks at a page that follows a stream, although it asks nothing more.
        const isLoggedIn = desk.sessionOf(head) !== undefined;
        return refusalOf(head, { ...rules, isLoggedIn }) === undefined;
      };
      const watch = { ended: session?.ended, isAllowed, everyMs: limits.sessionMs };
      await whileAllowed({ ...watch, cut: options.cut }, () => handOn(client, request, options));
    }
  } catch (error) {
    if (error instanceof BadRequestError) {
      const { status, message } = error;
      await refuse(client, toAnswer({ status, error: message }), options).catch(ignoreLost);
    } else ignoreLost(error);
  }
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

function toAnswer({ status, error, hint }: Refusal): GateAnswer {
  return { status, body: { error, ...(hint === undefined ? {} : { hint }) } };
}

async function logInOrOut(
  client: Deno.Conn,
  request: BegunRequest,
  options: ConnectionOptions,
): Promise<void> {
  const { desk, from, limits } = options;
  // Without a token there is nothing to log in with, and no such request is let through.
  if (desk === undefined) throw new TypeError("There is no login");
  const answer = await within(
    limits.bodyMs,
    options,
    () => answerAtDesk(client, { ...request, from }, desk),
  );
  await (answer.status < 400 ? answerHere : refuse)(client, answer, options);
}

async function handOn(
  client: Deno.Conn,
  { head, begun }: BegunRequest,
  options: ConnectionOptions,
): Promise<void> {
  const { limits, connect } = options;
  let inner: Deno.Conn;
  try {
    inner = await connect();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const refusal = { status: 503, error: "The daemon cannot be asked now" };
    await refuse(client, toAnswer(refusal), options);
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

/** Hands on until the end. Who does not take it for too long is cut off. */
async function pipe(
  from: Deno.Conn,
  to: Deno.Conn,
  watch: { readonly stallMs: number; readonly cut: () => void },
): Promise<void> {
  const chunk = new Uint8Array(CHUNK);
  for (let count = await from.read(chunk); count !== null; count = await from.read(chunk)) {
    const piece = chunk.subarray(0, count);
    await within(watch.stallMs, watch, () => writeAll(to, piece));
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
  answer: GateAnswer,
  options: ConnectionOptions,
): Promise<void> {
  options.onRefused(answer.status);
  const headers = answer.status === 401
    ? { "www-authenticate": 'Bearer realm="gluster-eventing"' }
    : {};
  await answerHere(client, { ...answer, headers: { ...headers, ...answer.headers } }, options);
}

async function answerHere(
  client: Deno.Conn,
  answer: GateAnswer,
  { limits, cut }: ConnectionOptions,
): Promise<void> {
  await sendAnswer(client, answer, { stallMs: limits.stallMs, cut });
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
