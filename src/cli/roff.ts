/**
 * Text as roff with the man macros.
 *
 * @module
 */
import { wrapText } from "./wrap_text.ts";

/** Escapes make lines longer, and readers of the source wish for 80 columns. */
const LINE_WIDTH = 70;

const SPECIAL: Readonly<Record<string, string>> = {
  "\\": "\\(rs",
  "-": "\\-",
  "'": "\\(aq",
  "`": "\\(ga",
  "^": "\\(ha",
  "~": "\\(ti",
};

/**
 * A line of text as it is, whatever it holds: no character of it is taken for a request, and those
 * that typography would replace can be copied into a shell.
 */
export function escapeRoff(text: string): string {
  const escaped = text.replace(
    /[\\\-'`^~]|[^\x20-\x7e]/gu,
    (character) => SPECIAL[character] ?? escapeCharacter(character),
  );
  return escaped.startsWith(".") ? `\\&${escaped}` : escaped;
}

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  // Control characters have no look, and a line break would begin something new.
  if (code < 0x20 || code === 0x7f) return " ";
  return `\\[u${code.toString(16).toUpperCase().padStart(4, "0")}]`;
}

/** A macro whose arguments are texts. */
export function macro(name: string, ...texts: readonly string[]): string {
  const quoted = texts.map((text) => `"${escapeRoff(text).replaceAll('"', "\\(dq")}"`);
  return [`.${name}`, ...quoted].join(" ");
}

/** A text in bold. */
export function bold(text: string): string {
  return `\\fB${escapeRoff(text)}\\fR`;
}

/** A text that stands for something else. */
export function italic(text: string): string {
  return `\\fI${escapeRoff(text)}\\fR`;
}

/**
 * Lines of text: those with blanks before them stay as they are, the others are filled. Begins
 * without a paragraph macro, as a text behind a heading has to.
 */
export function paragraphs(text: string): string[] {
  const blocks = text.split("\n").reduce<{ isKept: boolean; lines: string[] }[]>(
    (all, line) => {
      const isKept = line.startsWith(" ");
      const last = all.at(-1);
      if (last !== undefined && last.isKept === isKept && line.trim() !== "") last.lines.push(line);
      else all.push({ isKept, lines: line.trim() === "" ? [] : [line] });
      return all;
    },
    [],
  );
  return blocks.filter(({ lines }) => lines.length > 0).flatMap(({ isKept, lines }, at) => [
    ...at === 0 ? [] : [".PP"],
    ...isKept
      ? [".EX", ...lines.map(escapeRoff), ".EE"]
      : wrapText(lines.join(" "), LINE_WIDTH).map(escapeRoff),
  ]);
}
