/**
 * Texts that stand where secrets stand, and how to find them in whatever was said or kept.
 *
 * @module
 */
import { Buffer } from "node:buffer";

/** Makes a canary: no two are the same, and none stands anywhere by chance. */
export class Canaries {
  readonly #texts = new Map<string, string>();

  /** The canary of a place, the same each time; letters and digits only. */
  of(place: string): string {
    const known = this.#texts.get(place);
    if (known !== undefined) return known;
    const text = `c4nary${this.#texts.size}${place.replace(/[^a-z]/gi, "")}Zq7`;
    this.#texts.set(place, text);
    return text;
  }

  /** A canary with what URLs, JSON and HTML write in another way. */
  awkward(place: string): string {
    const text = `${this.of(place)}/"&+<é`;
    this.#texts.set(`${place}, awkward`, text);
    return text;
  }

  /** A secret of Standard Webhooks that decodes to a canary. */
  standardSecret(place: string): string {
    const bytes = Buffer.alloc(32, this.of(place));
    const secret = `whsec_${bytes.toString("base64")}`;
    this.#texts.set(`${place}, as a secret`, secret.slice("whsec_".length));
    return secret;
  }

  /** Takes note of a secret that is no canary by itself. */
  add(place: string, text: string): string {
    this.#texts.set(place, text);
    return text;
  }

  /** The canaries that are found in a text or in bytes, with where they were planted. */
  foundIn(content: string | Uint8Array): string[] {
    const bytes = Buffer.from(typeof content === "string" ? Buffer.from(content) : content);
    return [...this.#texts].filter(([_, canary]) =>
      spellingsOf(canary).some((spelling) => bytes.includes(spelling))
    ).map(([place]) => place);
  }
}

/** In all the ways in which a text may be written. */
function spellingsOf(text: string): string[] {
  const json = JSON.stringify(text).slice(1, -1);
  const bytes = Buffer.from(text);
  return [
    text,
    json,
    encodeURIComponent(text),
    bytes.toString("hex"),
    ...[0, 1, 2].flatMap((offset) => base64Behind(bytes, offset)),
  ];
}

/** What base64 makes of bytes wherever they stand: the same but for their first and last letters. */
function base64Behind(bytes: Uint8Array, offset: number): string[] {
  const all = Buffer.concat([Buffer.alloc(offset), bytes]).toString("base64");
  const from = offset === 0 ? 0 : 4;
  const sure = all.slice(from, Math.floor((offset + bytes.length) / 3) * 4);
  return [sure, sure.replaceAll("+", "-").replaceAll("/", "_")];
}
