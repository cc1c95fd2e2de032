/**
 * What the keys of a webhook have to do with each other: each may be right by itself and yet mean
 * nothing, or not what was meant, beside the others.
 *
 * @module
 */
import { formatDuration } from "./duration.ts";
import type { KeyFault } from "./errors.ts";
import { formatFaults } from "./format_faults.ts";
import type { DeliverySettings, KeyValues, Webhook, WEBHOOK_KEYS, WebhookKey } from "./schema.ts";
import { readStandardSecret, STANDARD_SECRET_RULE } from "./standard_secret.ts";
import { showValue } from "./value_kinds.ts";
import { maskUrl } from "./webhook_url.ts";

/** A webhook as it was written and as it was read. */
export interface WebhookEntry {
  readonly webhook: Webhook;
  /** What the file says, be it right or wrong. */
  readonly given: Readonly<Record<string, unknown>>;
  /** What of that is right by itself; what is not is reported as such, and no rule asks for it. */
  readonly values: KeyValues<typeof WEBHOOK_KEYS>;
}

/** How long to wait between attempts, as it was written and as it was read. */
export interface RetryEntry {
  readonly settings: Pick<DeliverySettings, "retryMinMs" | "retryMaxMs">;
  readonly given: Readonly<Record<string, unknown>>;
  readonly values: Readonly<Record<string, unknown>>;
  /** Whether these are the settings of all webhooks. */
  readonly isShared: boolean;
}

type WebhookFault = KeyFault<WebhookKey>;

/** Keys that mean the same. */
const ALTERNATIVES = [
  ["secret", "secret-file"],
  ["bearer-token", "bearer-token-file"],
] as const;

/** Keys, and those without which they mean nothing. */
const COMPANIONS = [
  ["cert-file", "key-file"],
  ["key-file", "cert-file"],
  ["old-secret", "old-secret-until"],
  ["old-secret-until", "old-secret"],
] as const;

/** Keys that mean nothing without TLS. */
const OF_TLS = ["ca-file", "cert-file", "key-file", "server-pin"] as const;

/** Says what does not go together. */
export function webhookFaults(entry: WebhookEntry): WebhookFault[] {
  const { webhook, given, values } = entry;
  return [
    ...signingFaults(entry),
    ...retryFaults({ settings: webhook, given, values, isShared: false }),
    ...concurrencyFaults(entry),
    ...formatFaults(webhook),
    ...alternativeFaults(entry),
    ...companionFaults(entry),
    ...tlsFaults(entry),
  ];
}

/** Says whether the shortest back-off is longer than the longest. */
export function retryFaults(
  { settings: { retryMinMs, retryMaxMs }, given, values, isShared }: RetryEntry,
): KeyFault<"retry-min" | "retry-max">[] {
  if (retryMinMs <= retryMaxMs) return [];
  const own = (["retry-min", "retry-max"] as const).filter((key) => given[key] !== undefined);
  const [key] = own;
  // What comes from [config] is reported there, once, and a bad value is reported as such.
  if (key === undefined || own.some((name) => values[name] === undefined)) return [];
  // Who sets one limit of a webhook may not know where the other one comes from.
  const limit = (name: "retry-min" | "retry-max", limitMs: number) =>
    `${isShared || own.includes(name) ? "" : "the shared "}${name} is ${formatDuration(limitMs)}`;
  const limits = `${limit("retry-min", retryMinMs)}, ${limit("retry-max", retryMaxMs)}`;
  return [{ key, message: `retry-min must not be longer than retry-max, but ${limits}` }];
}

/** Says what cannot sign as it should. */
function signingFaults({ webhook, given, values }: WebhookEntry): WebhookFault[] {
  if (webhook.signing === undefined) {
    // A bad secret is reported as such.
    const hasSecret = given["secret"] !== undefined || given["secret-file"] !== undefined;
    if (hasSecret || given["sign"] === undefined) return [];
    const message = "sign needs a secret, and there is none; set secret too, or remove sign";
    return [{ key: "sign", message }];
  }
  if (values.sign !== "standard") {
    if (values["old-secret"] === undefined) return [];
    const message = 'old-secret needs sign = "standard": a request with a JWT carries one token';
    return [{ key: "old-secret", message }];
  }
  return (["secret", "old-secret"] as const).flatMap((key) => {
    const text = values[key];
    const read = text === undefined ? undefined : readStandardSecret(text);
    if (read === undefined || "secret" in read) return [];
    const message = `${key} must be ${STANDARD_SECRET_RULE}, not the value given: ${read.fault}; ` +
      "make a good one: gluster-eventing webhook-secret new";
    return [{ key, message }];
  });
}

function concurrencyFaults({ webhook, given, values }: WebhookEntry): WebhookFault[] {
  const { order, concurrency } = webhook;
  if (order !== "fifo" || concurrency === 1) return [];
  // A bad order is reported as such; which one was meant nobody knows.
  if (given["order"] !== undefined && values.order === undefined) return [];
  const message = `concurrency must be 1, not ${concurrency}: order "fifo" (the default) posts ` +
    'one request at a time; order = "volume" or order = "none" allows more';
  return [{ key: "concurrency", message }];
}

/** Says which keys stand beside another one that means the same. */
function alternativeFaults({ given }: WebhookEntry): WebhookFault[] {
  return ALTERNATIVES
    .filter((keys) => keys.every((key) => given[key] !== undefined))
    .map(([key, other]) => ({
      key: other,
      message: `${other} and ${key} are both set; only one of them can count`,
    }));
}

/** Says which keys mean nothing without another one. */
function companionFaults({ given }: WebhookEntry): WebhookFault[] {
  return COMPANIONS
    .filter(([key, needed]) => given[key] !== undefined && given[needed] === undefined)
    .map(([key, needed]) => ({ key, message: `${key} needs ${needed}, and there is none` }));
}

/** Says which keys promise a safety that a URL without TLS cannot have. */
function tlsFaults({ webhook: { url }, values }: WebhookEntry): WebhookFault[] {
  if (URL.parse(url)?.protocol !== "http:") return [];
  return OF_TLS.filter((key) => values[key] !== undefined).map((key) => ({
    key,
    message: `${key} needs a URL with https://, and ${showValue(maskUrl(url))} has no TLS`,
  }));
}
