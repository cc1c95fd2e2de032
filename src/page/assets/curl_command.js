// @ts-check
/**
 * A request as a command that makes it again, for any POSIX shell.
 *
 * @module
 */

/** What curl says by itself, or what only the connection of then needed. */
const LEFT_OUT = new Set([
  "host",
  "content-length",
  "connection",
  "transfer-encoding",
  "te",
  "trailer",
  "upgrade",
  "keep-alive",
  "accept-encoding",
  "expect",
]);

const CREDENTIALS = new Set(["authorization", "proxy-authorization", "cookie"]);

/** A word of a command may have 128 KiB on Linux. */
const LONGEST_WORD = 100_000;

/** Controls, and what turns text around: none of it may be pasted into a terminal as it is. */
const UNSAFE =
  /[\p{Cc}\u061c\u2028\u2029\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/u;

/**
 * Writes the command. What it holds comes from anybody on the network, so that it has no control
 * character in it: these would be keys pressed when it is pasted.
 *
 * @param {{ url: string, headers: Readonly<Record<string, string>>, body: string }} request
 * @returns {string}
 */
export function toCurl({ url, headers, body }) {
  const words = ["curl", "--globoff", "-X", "POST", quoteWord(url)];
  const names = Object.keys(headers).map((name) => name.toLowerCase());
  for (const [name, value] of Object.entries(headers)) {
    if (LEFT_OUT.has(name.toLowerCase())) continue;
    words.push("-H", quoteWord(headerLine(name, value)));
  }
  // curl would say that it is a form.
  if (!names.includes("content-type")) words.push("-H", quoteWord("content-type:"));
  if (!UNSAFE.test(body) && body.length <= LONGEST_WORD) {
    return [...words, "--data-raw", quoteWord(body)].join(" ");
  }
  return `${printfOf(body)} | ${words.join(" ")} --data-binary @-`;
}

/**
 * A word of a shell's command that stands for exactly this text.
 *
 * @param {string} text
 * @returns {string}
 */
export function quoteWord(text) {
  if (/^[\w@%+=:,./-]+$/.test(text)) return text;
  if (!UNSAFE.test(text)) return singleQuoted(text);
  return `"$(${printfOf(text)})"`;
}

/**
 * A command that prints exactly this text, in one line without control characters.
 *
 * @param {string} text
 */
function printfOf(text) {
  if (!UNSAFE.test(text)) return `printf %s ${singleQuoted(text)}`;
  const escaped = text
    .replaceAll("\\", "\\\\")
    .replace(new RegExp(UNSAFE, "gu"), (character) =>
      [...new TextEncoder().encode(character)]
        .map((byte) => `\\0${byte.toString(8).padStart(3, "0")}`)
        .join(""));
  return `printf %b ${singleQuoted(escaped)}`;
}

/** @param {string} text */
function singleQuoted(text) {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/**
 * @param {string} name
 * @param {string} value
 */
function headerLine(name, value) {
  const isHidden = CREDENTIALS.has(name.toLowerCase()) || value.endsWith("***");
  if (isHidden) return `${name}: ${placeholderOf(name, value)}`;
  // With a colon and nothing behind it curl would leave the header out.
  return value === "" ? `${name};` : `${name}: ${value}`;
}

/**
 * @param {string} name
 * @param {string} value
 */
function placeholderOf(name, value) {
  const scheme = /^([A-Za-z]+) /.exec(value)?.[1];
  return `${scheme === undefined ? "" : `${scheme} `}<hidden: put the ${name} here>`;
}
