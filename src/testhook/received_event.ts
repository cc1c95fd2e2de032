/**
 * What a webhook request says, as a person or a program wants to see it.
 *
 * @module
 */
import { toPlainJson } from "../std/plain_text.ts";
import { isFields, readShape, type ShownEvent } from "./event_shapes.ts";

/** A request that the test hook got. */
export interface ReceivedRequest {
  readonly receivedMs: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** One event of a request, in words. */
export interface ReceivedEvent extends ShownEvent {
  readonly receivedMs: number;
}

/** The events of a request; a body that is none is shown as it is. */
export function readEvents({ receivedMs, body }: ReceivedRequest): ReceivedEvent[] {
  const parsed = parseJson(body);
  const values = Array.isArray(parsed) ? parsed : [parsed];
  // Alertmanager is posted one for an event that is no alert.
  if (values.length === 0) return [{ receivedMs, event: "(empty list)", node: "-", message: "" }];
  return values.flatMap((value) => {
    const events = isFields(value) ? readShape(value) : [];
    if (events.length > 0) return events.map((event) => ({ receivedMs, ...event }));
    const what = isFields(value) ? "(no event)" : body === "" ? "(empty)" : "(no JSON object)";
    return [{ receivedMs, event: what, node: "-", message: body }];
  });
}

/** A request as one JSON object, the form that `--json` and `--output` write. */
export function toJsonLine({ receivedMs, path, headers, body }: ReceivedRequest): string {
  const time = new Date(receivedMs).toISOString();
  return toPlainJson({
    time,
    path,
    headers: maskHeaders(headers),
    body: parseJson(body) ?? body,
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const CREDENTIAL_HEADERS = new Set(["authorization", "cookie", "proxy-authorization"]);

/** Terminals and files keep what they are shown: no tokens and cookies there. */
function maskHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      CREDENTIAL_HEADERS.has(name) ? value.replace(/^(\S+ )?.*$/s, "$1***") : value,
    ]),
  );
}
