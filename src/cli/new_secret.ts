/**
 * A secret for who wants Standard Webhooks and has none.
 *
 * @module
 */
import type { WebhookSettings } from "../registry/changes.ts";
import type { Webhook } from "../registry/schema.ts";
import { newStandardSecret } from "../registry/standard_secret.ts";

/** Settings, and the secret that was made for them, if one was. */
export interface Completed {
  readonly settings: WebhookSettings;
  readonly made?: string;
}

/**
 * The settings with a new secret where `sign` is to be `standard` and there is nothing to sign with.
 *
 * @param before The webhook, if there is one already.
 */
export function withNewSecret(settings: WebhookSettings, before?: Webhook): Completed {
  const hasSecret = "secret" in settings || "secret-file" in settings ||
    before?.signing !== undefined;
  if (settings.sign !== "standard" || hasSecret) return { settings };
  const made = newStandardSecret("symmetric");
  return { settings: { ...settings, secret: made }, made };
}

/** What is said of a secret that was made: its receiver has to know it, and it is not shown again. */
export function describeMade(made: string | undefined): string[] {
  return made === undefined ? [] : [`Its secret, which the receiver has to know: ${made}`];
}
