/**
 * Tries a webhook with one request, and says how far that came and what helps.
 *
 * @module
 */
import type { EventOrigin } from "../event/event.ts";
import { TEST_EVENT, toTestPayload } from "../event/test_event.ts";
import type { Webhook } from "../registry/schema.ts";
import { beginningOf } from "./attempt_record.ts";
import type { Clock } from "./clock.ts";
import { CredentialStore } from "./credentials.ts";
import { type Network, systemNetwork } from "./http/open_connection.ts";
import { postEvents } from "./post_events.ts";
import { adviseOn } from "./probe_advice.ts";
import { chooseProxy, type Proxy } from "./proxies/proxy.ts";
import { SocketClient } from "./http/socket_client.ts";
import { type AttemptResult, describeResult, judge, type Stage } from "./verdict.ts";
import type { WebhookClient } from "./http/webhook_client.ts";

/** What came of the request. Nothing in it is secret. */
export interface ProbeVerdict {
  /** The receiver answered with 2xx. */
  readonly ok: boolean;
  /** Where it failed; `null` if it did not. */
  readonly stage: Stage | null;
  /** Of the answer; `null` if none came. */
  readonly status: number | null;
  readonly duration_ms: number;
  /** The answer or the failure in words. */
  readonly reason: string;
  /** What helps; empty if nothing has to. */
  readonly hint: string;
}

/** What to post, and with what. */
export interface ProbeOptions {
  /** What the test event says of where it comes from. */
  readonly origin: EventOrigin;
  /** Posts nothing, as upstream's `webhook-test` does, instead of a test event. */
  readonly isEmpty: boolean;
  readonly userAgent: string;
  readonly clock: Clock;
  /** Looks up an environment variable: these name proxies. */
  readonly environment: (name: string) => string | undefined;
  readonly network?: Network;
}

/** Posts one request as a delivery would be posted; it is neither repeated nor recorded. */
export async function probeWebhook(webhook: Webhook, options: ProbeOptions): Promise<ProbeVerdict> {
  const { environment, network = systemNetwork } = options;
  const { url, transport } = webhook;
  using client = new SocketClient(network, environment);
  const result = await post(webhook, client, options);
  return toVerdict(result, webhook, chooseProxy(url, transport.proxy, environment));
}

async function post(
  webhook: Webhook,
  client: WebhookClient,
  { origin, isEmpty, clock, userAgent }: ProbeOptions,
): Promise<AttemptResult> {
  const { id, atMs } = origin;
  const payload = JSON.stringify(toTestPayload(origin));
  const event = { seq: 0, id, receivedMs: atMs, event: TEST_EVENT, payload };
  const posted = { webhook, events: [event], atMs, isEmpty };
  const credentials = new CredentialStore();
  const deps = { clock, credentials, userAgent, signal: new AbortController().signal };
  const result = await postEvents(posted, { ...deps, client });
  if (result === undefined) throw new TypeError("A probe was cut off, although nothing does that");
  return result;
}

function toVerdict(result: AttemptResult, webhook: Webhook, proxy?: Proxy): ProbeVerdict {
  const isOk = judge(result) === "delivered";
  return {
    ok: isOk,
    stage: isOk ? null : result.kind === "response" ? "response" : result.stage ?? null,
    status: result.kind === "response" ? result.status : null,
    duration_ms: Math.round(result.durationMs),
    reason: beginningOf(describeReason(result)),
    hint: adviseOn(result, { webhook, ...(proxy === undefined ? {} : { proxy }) }),
  };
}

function describeReason(result: AttemptResult): string {
  if (result.kind === "error") return result.detail;
  const answer = result.answer.replace(/\s+/g, " ").trim();
  const line = describeResult(result);
  return judge(result) === "delivered" || answer === "" ? line : `${line}: ${answer}`;
}
