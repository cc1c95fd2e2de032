/**
 * What posts requests to webhooks.
 *
 * @module
 */
import type { DeliveryRequest } from "./delivery_request.ts";
import type { AttemptResult } from "./verdict.ts";

/** How long a request may take, and what ends it sooner. */
export interface PostOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Posts requests, reusing connections. */
export interface WebhookClient extends Disposable {
  /**
   * Posts and waits for the answer.
   *
   * @throws The signal's reason if that ended it; every other failure is a result.
   */
  post(request: DeliveryRequest, options: PostOptions): Promise<AttemptResult>;
}
