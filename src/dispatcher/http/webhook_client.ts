/**
 * What posts requests to webhooks.
 *
 * @module
 */
import type { Transport } from "../../registry/schema.ts";
import type { DeliveryRequest } from "../delivery_request.ts";
import type { AttemptResult } from "../verdict.ts";

/** How a request is made, how long it may take, and what ends it sooner. */
export interface PostOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** How the receiver is reached and known; as usual if absent. */
  readonly transport?: Transport;
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
