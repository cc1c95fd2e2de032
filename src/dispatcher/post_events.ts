/**
 * One request, whatever becomes of it.
 *
 * @module
 */
import { HintedError } from "../std/hinted_error.ts";
import type { Posted } from "./attempt_record.ts";
import type { Clock } from "./clock.ts";
import type { Credentials, CredentialStore } from "./credentials.ts";
import { buildRequest, type PostedEvents } from "./delivery_request.ts";
import { withoutSecrets } from "./hide_secrets.ts";
import type { AttemptResult } from "./verdict.ts";
import type { WebhookClient } from "./http/webhook_client.ts";

/** What a request is made with. */
export interface PostDeps {
  readonly client: WebhookClient;
  readonly clock: Clock;
  readonly credentials: Pick<CredentialStore, "load">;
  readonly userAgent: string;
  /** Cuts it off. */
  readonly signal: AbortSignal;
}

/**
 * Posts events. Nothing that comes of it holds a secret, whatever the receiver repeats.
 *
 * @returns `undefined` if it was cut off.
 */
export async function postEvents(
  posted: Posted & Pick<PostedEvents, "isEmpty">,
  { client, clock, credentials: store, userAgent, signal }: PostDeps,
): Promise<AttemptResult | undefined> {
  const startedMs = clock.steadyNow();
  const { webhook, atMs } = posted;
  let credentials: Credentials = { secrets: [] };
  try {
    credentials = store.load(webhook, atMs);
    const request = buildRequest({ ...posted, credentials }, userAgent);
    const { timeoutMs, transport } = webhook;
    const result = await client.post(request, { timeoutMs, signal, transport });
    return withoutSecrets(result, webhook, credentials);
  } catch (error) {
    if (signal.aborted) return undefined;
    const durationMs = clock.steadyNow() - startedMs;
    return withoutSecrets(toFailure(error, durationMs), webhook, credentials);
  }
}

function toFailure(error: unknown, durationMs: number): AttemptResult {
  // Somebody has to mend a file; until then it fails like anything else, and nothing is lost.
  if (error instanceof HintedError) {
    const { message: detail, hint } = error;
    return { kind: "error", errorClass: "settings", detail, hint, durationMs };
  }
  // What nobody foresaw must not end the lane: it is an attempt that failed, and shows as such.
  const detail = error instanceof Error ? error.message : String(error);
  return { kind: "error", errorClass: "network", detail, durationMs };
}
