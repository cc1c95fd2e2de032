/**
 * Messages for people.
 *
 * @module
 */

/** A message as `key=value` pairs, the way Gluster wrote it; anything else as JSON. */
export function showMessage(message: unknown): string {
  if (typeof message !== "object" || message === null) return JSON.stringify(message) ?? "";
  return Object.entries(message).map(([key, value]) => `${key}=${showValue(value)}`).join(" ");
}

function showValue(value: unknown): string {
  if (typeof value === "string" && /^[^\s"]+$/.test(value)) return value;
  return JSON.stringify(value);
}
