/**
 * A registry on its way to another node. glusterd copies files in place and not at once, so it
 * travels beside the real one, with a checksum in its first line: half of it is never taken for it.
 *
 * @module
 */
import { checksumOf, type RegistryCopy } from "./registry_state.ts";

/** The name of the file beside the registry. */
export const OFFER_NAME = ".webhooks.toml.offer";

const FIRST_LINE =
  /^# offered by gluster-eventing, sha256 ([0-9a-f]{64}), grown out of((?: [0-9a-f]+)*)\n/;

/** A registry that arrived whole. */
export interface Offer extends RegistryCopy {
  readonly checksum: string;
}

/** The text of an offer. */
export function formatOffer({ text, ancestors }: RegistryCopy): string {
  const names = ancestors.map((ancestor) => ` ${ancestor}`).join("");
  return `# offered by gluster-eventing, sha256 ${checksumOf(text)}, grown out of${names}\n${text}`;
}

/** The registry in an offer; `undefined` as long as it is not complete. */
export function parseOffer(offer: string): Offer | undefined {
  const [line, checksum, names = ""] = FIRST_LINE.exec(offer) ?? [];
  if (line === undefined || checksum === undefined) return undefined;
  const text = offer.slice(line.length);
  if (checksumOf(text) !== checksum) return undefined;
  return { text, checksum, ancestors: names.split(" ").filter((name) => name !== "") };
}
