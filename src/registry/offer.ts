/**
 * A registry on its way to another node. glusterd copies files in place and not at once, so it
 * travels beside the real one, with a checksum in its first line: half of it is never taken for it.
 *
 * @module
 */
import { checksumOf } from "./registry_state.ts";

/** The name of the file beside the registry. */
export const OFFER_NAME = ".webhooks.toml.offer";

const FIRST_LINE = /^# offered by gluster-eventing, sha256 ([0-9a-f]{64})\n/;

/** The text of an offer. */
export function formatOffer(text: string): string {
  return `# offered by gluster-eventing, sha256 ${checksumOf(text)}\n${text}`;
}

/** The registry in an offer; `undefined` as long as it is not complete. */
export function parseOffer(offer: string): { text: string; checksum: string } | undefined {
  const [line, checksum] = FIRST_LINE.exec(offer) ?? [];
  if (line === undefined || checksum === undefined) return undefined;
  const text = offer.slice(line.length);
  return checksumOf(text) === checksum ? { text, checksum } : undefined;
}
