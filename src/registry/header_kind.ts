/**
 * The key that holds further request headers.
 *
 * @module
 */
import { isTable, refuse, type ValueKind } from "./value_kinds.ts";

const HEADER_RULE = 'a table of header names and values, such as { X-Team = "storage" }';
const RESERVED_HEADERS = new Set(
  ("authorization connection content-length content-type expect host keep-alive te trailer " +
    "transfer-encoding upgrade user-agent webhook-id webhook-signature webhook-timestamp")
    .split(" "),
);

/** Further request headers. */
export function headers(): ValueKind<Readonly<Record<string, string>>> {
  return {
    allowed: HEADER_RULE,
    read: (value) => {
      // A text in its place may well be a header with its secret.
      if (!isTable(value)) {
        return refuse(HEADER_RULE, value, typeof value === "string" ? "the text given" : undefined);
      }
      const entries: [string, string][] = [];
      for (const [name, content] of Object.entries(value)) {
        const fault = headerFault(name, content);
        if (fault !== undefined) return { fault };
        entries.push([name, String(content)]);
      }
      return { value: Object.fromEntries(entries) };
    },
    fromText: (given) => given,
  };
}

/** What is wrong with a header, or `undefined`. Its value may be a secret and is never shown. */
function headerFault(name: string, value: unknown): string | undefined {
  const shown = JSON.stringify(name);
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) {
    return `must have header names of letters, digits and hyphens, not ${shown}`;
  }
  if (RESERVED_HEADERS.has(name.toLowerCase())) return `cannot set the header ${shown}`;
  if (typeof value !== "string" || !/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) {
    return `must have a text of printable characters as the value of ${shown}`;
  }
  return undefined;
}
