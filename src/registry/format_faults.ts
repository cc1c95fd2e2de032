/**
 * What the format of a webhook's requests does not go with.
 *
 * @module
 */
import type { KeyFault } from "./errors.ts";
import type { Format, Webhook, WebhookKey } from "./schema.ts";

/** The formats whose requests cannot carry as many events as those of the others. */
const LARGEST_BATCHES: { readonly [K in Format]?: number } = {
  // Its attributes are headers, and there is one set of these.
  "cloudevents-binary": 1,
  // Slack advises against messages with more attachments.
  "slack": 20,
};

/** The headers that the format `cloudevents-binary` sets itself, in lower case. */
export const CLOUDEVENT_HEADERS: ReadonlySet<string> = new Set(
  ("specversion id source type subject time recordedtime sequence partitionkey severitytext " +
    "severitynumber datacontenttype").split(" ").map((name) => `ce-${name}`),
);

/** Says which keys hold what the format does not allow. */
export function formatFaults({ format, headers, batch }: Webhook): KeyFault<WebhookKey>[] {
  const faults: KeyFault<WebhookKey>[] = [];
  const most = LARGEST_BATCHES[format] ?? Infinity;
  if (batch > most) {
    const allowed = most === 1 ? "1" : `at most ${most}`;
    const message = `batch must be ${allowed}, not ${batch}: a request in the format "${format}" ` +
      "carries no more events; other formats take more";
    faults.push({ key: "batch", message });
  }
  const own = Object.keys(headers).find((name) => CLOUDEVENT_HEADERS.has(name.toLowerCase()));
  if (format === "cloudevents-binary" && own !== undefined) {
    const message = `cannot set the header "${own}": the format "${format}" does that`;
    faults.push({ key: "headers", message });
  }
  return faults;
}
