/**
 * Where a stream of events begins, as `since` and `Last-Event-ID` say it.
 *
 * @module
 */
import { parseTimeMs } from "./rfc3339.ts";

/** Where a stream begins. */
export type StreamStart =
  /** With what was received then or later, in milliseconds since 1970. */
  | { readonly kind: "time"; readonly timeMs: number }
  /** Behind an event. */
  | { readonly kind: "id"; readonly id: string }
  /** Behind an event of each node; nodes are named by their UUIDs. */
  | { readonly kind: "position"; readonly ids: ReadonlyMap<string, string> };

const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/i;
const NODE = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** A trusted pool is smaller. */
const MOST_NODES = 1000;

/** Reads it; `undefined` if it is none. */
export function parseStart(text: string): StreamStart | undefined {
  if (ULID.test(text)) return { kind: "id", id: text.toUpperCase() };
  const timeMs = parseTimeMs(text);
  if (timeMs !== undefined) return { kind: "time", timeMs };
  const ids = parsePosition(text);
  return ids === undefined ? undefined : { kind: "position", ids };
}

/** The last event of each node, as text that {@link parseStart} reads. */
export function formatPosition(ids: Iterable<readonly [node: string, id: string]>): string {
  return [...ids].map(([node, id]) => `${node}=${id}`).join(",");
}

function parsePosition(text: string): Map<string, string> | undefined {
  const ids = new Map<string, string>();
  const entries = text.split(",", MOST_NODES + 1);
  if (entries.length > MOST_NODES) return undefined;
  for (const entry of entries) {
    const [node = "", id = "", ...rest] = entry.split("=");
    if (rest.length > 0 || !NODE.test(node) || !ULID.test(id)) return undefined;
    ids.set(node.toLowerCase(), id.toUpperCase());
  }
  return ids;
}
