/**
 * One request, whatever becomes of it.
 *
 * @module
 */
import type { Posted } from "./attempt_record.ts";
import type { Clock } from "./clock.ts";
import { buildRequest } from "./delivery_request.ts";
import type { AttemptResult } from "./verdict.ts";
import type { WebhookClient } from "./webhook_client.ts";

/** What a request is made with. */
export interface PostDeps {
  readonly client: WebhookClient;
  readonly clock: Clock;
  readonly userAgent: string;
  /** Cuts it off. */
  readonly signal: AbortSignal;
}

/** Posts events. @returns `undefined` if it was cut off. */
export async function postEvents(
  posted: Posted,
  { client, clock, userAgent, signal }: PostDeps,
): Promise<AttemptResult | undefined> {
  const startedMs = clock.steadyNow();
  try {
    const request = buildRequest(posted, userAgent);
    const { timeoutMs, transport } = posted.webhook;
    return await client.post(request, { timeoutMs, signal, transport });
  } catch (error) {
    if (signal.aborted) return undefined;
    // What nobody foresaw must not end the lane: it is an attempt that failed, and shows as such.
    const detail = error instanceof Error ? error.message : String(error);
    const durationMs = clock.steadyNow() - startedMs;
    return { kind: "error", errorClass: "network", detail, durationMs };
  }
}
