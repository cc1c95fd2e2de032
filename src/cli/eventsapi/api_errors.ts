/**
 * Errors in upstream's words, with its exit codes.
 *
 * @module
 */
import { UnknownWebhookError, WebhookExistsError } from "../../registry/errors.ts";
import { EXIT } from "../exit_codes.ts";
import { describeFailure } from "../failures.ts";

/** A command cannot do what it was asked to, in upstream's words. */
export class EventsapiError extends Error {
  override readonly name = "EventsapiError";
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** An error as it is shown. */
export interface ApiFailure {
  readonly code: number;
  readonly text: string;
  /** Where upstream has no words of its own. */
  readonly hint?: string;
}

/** The greatest exit code that upstream has. */
const LAST_CODE = 9;

/** How to show an error. */
export function describeApiFailure(error: unknown): ApiFailure {
  if (error instanceof EventsapiError) return { code: error.code, text: error.message };
  if (error instanceof WebhookExistsError) {
    return { code: EXIT.webhookExists, text: "Webhook already exists" };
  }
  if (error instanceof UnknownWebhookError) {
    return { code: EXIT.unknownWebhook, text: "Webhook does not exists" };
  }
  const { code, lines, hint } = describeFailure(error);
  return { code: code > LAST_CODE ? EXIT.failed : code, text: lines.join("\n"), hint };
}
