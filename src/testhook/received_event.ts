/**
 * What a webhook request says, as a person or a program wants to see it.
 *
 * @module
 */
import { showMessage } from "../event/show_message.ts";
import { toPlainJson } from "../std/plain_text.ts";

/** A request that the test hook got. */
export interface ReceivedRequest {
  readonly receivedMs: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** One event of a request, in words. */
export interface ReceivedEvent {
  readonly receivedMs: number;
  readonly event: string;
  /** The UUID of the node that reports it. */
  readonly node: string;
  /** The node's host name, if the event has it. */
  readonly host?: string;
  readonly message: string;
}

/** The events of a request; a body that is none is shown as it is. */
export function readEvents({ receivedMs, body }: ReceivedRequest): ReceivedEvent[] {
  const parsed = parseJson(body);
  const events = Array.isArray(parsed) ? parsed : [parsed];
  return events.map((event) => {
    if (typeof event !== "object" || event === null) {
      const what = body === "" ? "(empty)" : "(no JSON object)";
      return { receivedMs, event: what, node: "-", message: body };
    }
    const { event: name, nodeid, host, message } = event as Record<string, unknown>;
    return {
      receivedMs,
      event: typeof name === "string" ? name : "(no event)",
      node: typeof nodeid === "string" ? nodeid : "-",
      ...(typeof host === "string" ? { host } : {}),
      message: typeof name === "string" ? showMessage(message) : body,
    };
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
