/**
 * What is done with each request: it is verified, read, compared with those before, shown, sent on
 * and answered, or made trouble to.
 *
 * @module
 */
import { BodyReader } from "./body_reader.ts";
import type { ConnectionResetter } from "./connection_resetter.ts";
import type { ShapedEvent } from "./event_shapes.ts";
import type { ForwardedRequest, Forwarder } from "./forwarder.ts";
import type { HookRecord } from "./hook_record.ts";
import type { HookRequest, HookVerdict } from "./hook_report.ts";
import type { NodeLedger, OpenDelivery } from "./node_ledger.ts";
import { readShapes, type ReceivedEvent, type ReceivedRequest } from "./received_event.ts";
import { showClient } from "./show_client.ts";
import { type Oddity, showBody, showEvents, showHeaders } from "./show_request.ts";
import type { Action } from "./trouble.ts";
import { MOST_HELD, type TroubleMaker } from "./trouble_maker.ts";
import { type Proof, verifyRequest } from "./verify_request.ts";

/** What became of a request. */
export interface TakenRequest {
  readonly shown: HookRequest;
  /** Its events, for a table. */
  readonly events: readonly ReceivedEvent[];
}

/** What a receiver works with. */
export interface ReceiverOptions {
  readonly now: () => number;
  readonly onRequest: (request: ReceivedRequest, taken: TakenRequest) => void | Promise<void>;
  readonly record: HookRecord;
  readonly ledger: NodeLedger;
  readonly maker: TroubleMaker;
  readonly proof: Proof;
  /** Whether one that is not verified is answered as others are. */
  readonly acceptsUnverified: boolean;
  readonly resetter: ConnectionResetter;
  /** Sends requests on; not if absent. */
  readonly forwarder?: Forwarder;
}

const LARGEST_BODY = 16 * 1024 * 1024;
const BODIES_TOGETHER = 2 * LARGEST_BODY;
const UNVERIFIED = 401;
const NOTHING_ODD: { readonly oddities: readonly Oddity[]; readonly delivery: OpenDelivery } = {
  oddities: [],
  delivery: { answered: () => {} },
};

/** A request that has been read. */
interface Incoming {
  readonly received: ReceivedRequest;
  readonly bytes: Uint8Array;
  readonly shapes: readonly ShapedEvent[];
  readonly verdicts: readonly HookVerdict[];
}

/** A request as it is shown at the moment. */
interface Current {
  request: HookRequest;
}

/** A request that is to be answered. */
interface Entered {
  readonly action: Action;
  readonly delivery: OpenDelivery;
  readonly current: Current;
}

/** Takes POST requests. */
export class Receiver {
  readonly #options: ReceiverOptions;
  readonly #bodies = new BodyReader({
    largestBytes: LARGEST_BODY,
    togetherBytes: BODIES_TOGETHER,
  });

  constructor(options: ReceiverOptions) {
    this.#options = options;
  }

  async take(request: Request, client: Deno.NetAddr): Promise<Response> {
    const body = await this.#bodies.read(request);
    if (body === "too large") return say(413, `The body is larger than ${LARGEST_BODY} bytes.`);
    if (body === "too much at once") {
      return say(503, `More than ${BODIES_TOGETHER} bytes are being sent or held at once.`);
    }
    // Senders that are held for long hold the room for their bodies too.
    using _room = body;
    const { action, delivery, current } = await this.#enter(request, { client, bytes: body.bytes });
    const status = await this.#act(action, { request, client, current });
    delivery.answered(status);
    return answerTo(status, { action, shown: current.request });
  }

  /** Does all that comes before the answer, and keeps only what that needs. */
  async #enter(
    request: Request,
    { client, bytes }: { readonly client: Deno.NetAddr; readonly bytes: Uint8Array },
  ): Promise<Entered> {
    const { maker, record, ledger } = this.#options;
    const url = URL.parse(request.url);
    const path = url?.pathname ?? "";
    const incoming = this.#read(request, { path: path + (url?.search ?? ""), bytes });
    const plan = maker.plan(path);
    const isVerified = incoming.verdicts.every(({ ok }) => ok);
    const action = typeof plan === "string" ? badPath(plan) : this.#judged(plan, isVerified);
    // What may come from anybody says nothing of the cluster and its nodes.
    const { oddities, delivery } = isVerified ? ledger.enter(incoming.shapes, path) : NOTHING_ODD;
    const shown = this.#show(incoming, { client, action, oddities });
    if (isVerified) record.draw(incoming.shapes, incoming.received.receivedMs);
    record.add(shown);
    await this.#tell(incoming, shown);
    const current = { request: shown };
    void this.#forward({ headers: incoming.received.headers, body: bytes }, current);
    return { action, delivery, current };
  }

  #read(
    request: Request,
    { path, bytes }: { readonly path: string; readonly bytes: Uint8Array },
  ): Incoming {
    const { now, proof } = this.#options;
    const receivedMs = now();
    const headers = Object.fromEntries(request.headers);
    const body = new TextDecoder().decode(bytes);
    const received = { receivedMs, path, headers, body };
    const shapes = readShapes(received);
    const verdicts = verifyRequest(
      { headers, body: bytes, events: shapes, nowMs: receivedMs },
      proof,
    );
    return { received, bytes, shapes, verdicts };
  }

  /** Who checks requests does not take one that fails; other trouble comes first. */
  #judged(plan: Action, isVerified: boolean): Action {
    const isTaken = plan.end === "answer" && plan.status < 300;
    if (isVerified || this.#options.acceptsUnverified || !isTaken) return plan;
    return { ...plan, status: UNVERIFIED };
  }

  #show(
    { received, bytes, shapes, verdicts }: Incoming,
    { client, action, oddities }: {
      readonly client: Deno.NetAddr;
      readonly action: Action;
      readonly oddities: readonly Oddity[];
    },
  ): HookRequest {
    return {
      number: this.#options.record.requests + 1,
      received_at: new Date(received.receivedMs).toISOString(),
      from: showClient(client),
      path: received.path,
      headers: showHeaders(received.headers),
      body: showBody(received.body),
      body_bytes: bytes.length,
      status: action.end === "answer" ? action.status : null,
      trouble: action.words === "" ? null : action.words,
      verdicts,
      events: showEvents(shapes, { body: received.body, oddities }),
      event_count: shapes.length,
      forwarded: null,
    };
  }

  async #tell({ received, shapes }: Incoming, shown: HookRequest): Promise<void> {
    const { receivedMs } = received;
    const events = shapes.map((shape) => ({ receivedMs, ...shape.shown }));
    await this.#options.onRequest(received, { shown, events });
  }

  /** Sends it on, and shows what became of it. */
  async #forward(request: ForwardedRequest, current: Current): Promise<void> {
    const { forwarder } = this.#options;
    if (forwarder === undefined) return;
    const forwarded = await forwarder.send(request);
    if (forwarded !== undefined) this.#change(current, { forwarded });
  }

  /** Does what is to be done before the answer. @returns The status of the answer, if there is one. */
  async #act(
    action: Action,
    { request, client, current }: {
      readonly request: Request;
      readonly client: Deno.NetAddr;
      readonly current: Current;
    },
  ): Promise<number | null> {
    const { maker, resetter } = this.#options;
    const end = await maker.hold(action, request.signal);
    const because = (words: string, status: number | null) => {
      const trouble = action.words === "" ? words : `${action.words}; ${words}`;
      this.#change(current, { status, trouble });
      return status;
    };
    if (end === "gone") return because("the sender went away without an answer", null);
    if (end === "stopped") return because("the test hook was stopped meanwhile", 503);
    if (end === "full") return because(`not held: ${MOST_HELD} others are`, 503);
    if (action.end !== "reset") return action.status;
    return resetter.reset(client)
      ? null
      : because("not reset: that needs the C library, which is not there", 501);
  }

  #change(current: Current, change: Partial<HookRequest>): void {
    current.request = { ...current.request, ...change };
    this.#options.record.change(current.request);
  }
}

function badPath(fault: string): Action {
  return { delayMs: 0, end: "answer", status: 400, words: `status 400 Bad Request, ${fault}` };
}

/** The answer; it says why it is a failure, where the sender may keep it. */
function answerTo(
  status: number | null,
  { action, shown }: { readonly action: Action; readonly shown: HookRequest },
): Response {
  // The connection is gone, and the answer with it.
  if (status === null) return new Response(null, { status: 503 });
  if (status < 300) return new Response(null, { status });
  const { retryAfterMs } = action;
  const bad = shown.verdicts.filter(({ ok }) => !ok).map(({ reason }) => reason);
  const why = status === UNVERIFIED && bad.length > 0 ? bad.join("; ") : shown.trouble ?? "";
  const response = say(status, `The test hook does not take it: ${why}`);
  if (retryAfterMs !== undefined) {
    response.headers.set("retry-after", String(Math.round(retryAfterMs / 1000)));
  }
  if (status === UNVERIFIED) response.headers.set("www-authenticate", "Bearer");
  return response;
}

function say(status: number, text: string): Response {
  // These have no body (RFC 9110, 15.4.5).
  return new Response(status === 304 ? null : `${text}\n`, { status });
}
