/**
 * The shapes in which a webhook's formats put events, and what they say in one line.
 *
 * @module
 */
import { showMessage } from "../event/show_message.ts";

/** What is shown of an event. */
export interface ShownEvent {
  readonly event: string;
  /** The UUID of the node that reports it. */
  readonly node: string;
  /** The node's host name, if the event has it. */
  readonly host?: string;
  readonly message: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** The events of a JSON object; none if it has no shape that is known. */
export function readShape(value: Fields): ShownEvent[] {
  const { specversion, data, attachments, labels } = value;
  if (Array.isArray(attachments)) return attachments.filter(isFields).map(readAttachment);
  if (isFields(labels)) return [readAlert(labels, value)];
  // A structured CloudEvent has the event in it; of a binary one the body is the event itself.
  const isCloudEvent = specversion !== undefined && isFields(data);
  const { event, nodeid, host, message } = isCloudEvent ? data : value;
  if (typeof event !== "string") return [];
  return [{ event, ...nodeOf(nodeid, host), message: showMessage(message) }];
}

/** Whether it is a JSON object. */
export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Of a message for Slack. */
function readAttachment({ fallback, title }: Fields): ShownEvent {
  const message = typeof fallback === "string" ? fallback : String(title ?? "");
  return { event: "(message)", node: "-", message };
}

/** Of a list for Alertmanager. */
function readAlert(labels: Fields, { annotations, startsAt, endsAt }: Fields): ShownEvent {
  const summary = isFields(annotations) ? annotations["summary"] : undefined;
  const what = startsAt === endsAt ? "closed" : "open";
  return {
    event: String(labels["alertname"] ?? "(no alertname)"),
    ...nodeOf(labels["nodeid"], labels["node"]),
    message: `${what}: ${typeof summary === "string" ? summary : showMessage(labels)}`,
  };
}

function nodeOf(id: unknown, host: unknown): Pick<ShownEvent, "node" | "host"> {
  return {
    node: typeof id === "string" ? id : "-",
    ...(typeof host === "string" ? { host } : {}),
  };
}
