/**
 * A new secret beside the former one, so that a receiver can be changed in between.
 *
 * @module
 */
import { formatTime } from "../api/rfc3339.ts";
import type { WebhookSettings } from "../registry/changes.ts";
import { InvalidValueError } from "../registry/errors.ts";
import type { Webhook } from "../registry/schema.ts";
import { duration } from "../registry/value_kinds.ts";
import { UsageError } from "./command.ts";

const DAY_MS = 86_400_000;
const KEPT = duration(1000, 365 * DAY_MS);

/**
 * How long a former secret is kept, in milliseconds.
 *
 * @throws {InvalidValueError} If the text is no such time.
 */
export function parseKeepOld(text: string): number {
  const result = KEPT.read(text);
  if ("fault" in result) throw new InvalidValueError(`keep-old ${result.fault}`);
  return result.value;
}

/**
 * The settings with the present secret as the former one until a time. Where the new secret is in
 * force already nothing of this changes: a command that is given twice drops no secret.
 *
 * @param untilMs Milliseconds since 1970.
 * @throws {UsageError} If there is no secret to keep, or none that can sign beside another one.
 */
export function keepOldSecret(
  webhook: Webhook,
  settings: WebhookSettings,
  untilMs: number,
): WebhookSettings {
  const { name, signing } = webhook;
  if (settings.secret === undefined) {
    throw new UsageError(
      "--keep-old keeps the present secret beside a new one, and no new one is given",
      "give it too: --secret NEW; make one: gluster-eventing webhook-secret new",
    );
  }
  if (signing?.secretFile !== undefined) {
    throw new UsageError(
      `--keep-old cannot keep a secret of a file, and that of "${name}" is in ${signing.secretFile}`,
      "write the new secret into the first line of the file and leave the old one in the second",
    );
  }
  if (signing?.secret === undefined) {
    throw new UsageError(
      `--keep-old has nothing to keep: the webhook "${name}" has no secret`,
      "leave --keep-old out",
    );
  }
  if (signing.as === "jwt" || settings.sign === "jwt") {
    throw new UsageError(
      `--keep-old cannot keep a secret of "${name}": a request with a JWT carries one token only`,
      "make the receiver take both secrets first, or let it verify Standard Webhooks: " +
        "--sign standard",
    );
  }
  if (settings.secret === signing.secret) {
    const { secret: _same, ...others } = settings;
    return others;
  }
  return {
    ...settings,
    "old-secret": signing.secret,
    "old-secret-until": formatTime(untilMs),
  };
}

/** The settings without a former secret whose time is over. */
export function forgetExpired(
  { signing }: Webhook,
  settings: WebhookSettings,
  nowMs: number,
): WebhookSettings {
  const { oldSecret } = signing ?? {};
  if (oldSecret === undefined || nowMs < oldSecret.untilMs) return settings;
  return { "old-secret": undefined, "old-secret-until": undefined, ...settings };
}
