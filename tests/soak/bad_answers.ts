/**
 * All that a receiver can do wrong, kind by kind.
 *
 * @module
 */
import type { HttpConnection } from "./http_connection.ts";
import type { Answer } from "./recording_receiver.ts";
import { pause } from "./scenario.ts";

const STATUSES = [204, 301, 304, 400, 404, 408, 410, 413, 425, 429, 500, 503, 599];
const HUGE_BYTES = 100_000_000;
const CHUNK = new Uint8Array(65_536).fill(120);
const DRIP_EVERY_MS = 1000;

/** Never answers. */
export async function hang(_connection: unknown, signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
}

/** Writes the text a byte per second, for ever. */
function drip(before: string, text: string): Answer {
  return play(async (connection, signal) => {
    await connection.write(before);
    for (let at = 0;; at = (at + 1) % text.length) {
      if (!await connection.write(text.charAt(at))) return;
      await pause(DRIP_EVERY_MS, signal);
    }
  });
}

/** Writes a body of 100 MB, as far as somebody reads it. */
async function writeHugeBody(connection: HttpConnection): Promise<void> {
  await connection.write(`HTTP/1.1 200 OK\r\ncontent-length: ${HUGE_BYTES}\r\n\r\n`);
  for (let left = HUGE_BYTES; left > 0; left -= CHUNK.length) {
    if (!await connection.write(CHUNK.subarray(0, left))) return;
  }
}

/** Writes header lines as long as somebody reads them. */
async function writeEndlessHeaders(connection: HttpConnection): Promise<void> {
  await connection.write("HTTP/1.1 200 OK\r\n");
  for (let line = 0; await connection.write(`x-${line}: ${"y".repeat(100)}\r\n`);) line++;
}

/** Chunks of a body that never ends. */
async function writeEndlessBody(connection: HttpConnection): Promise<void> {
  await connection.write("HTTP/1.1 503 X\r\ntransfer-encoding: chunked\r\n\r\n");
  while (await connection.write("10\r\n0123456789abcdef\r\n"));
}

function play(
  act: (connection: HttpConnection, signal: AbortSignal) => Promise<unknown>,
): Answer {
  return { play: async (connection, signal) => void await act(connection, signal) };
}

function write(text: string): Answer {
  return play((connection) => connection.write(text));
}

/** How the bad receivers answer, by the name of their webhook. */
export const BAD_ANSWERS: Readonly<Record<string, Answer>> = {
  ...Object.fromEntries(STATUSES.map((status) => [`status-${status}`, { status }])),
  "retry-after": { status: 503, headers: "retry-after: 1\r\n" },
  "redirects-to-itself": { status: 307, headers: "location: /hook\r\n" },
  "hangs": { play: hang },
  "drips-the-head": drip("", "HTTP/1.1 200 OK"),
  "drips-the-body": drip("HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n", "x"),
  "resets": "reset",
  "closes-early": play(() => Promise.resolve()),
  "closes-in-the-head": write("HTTP/1.1 200 O"),
  "closes-in-the-body": write("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc"),
  "sends-100-mb": { play: writeHugeBody },
  "endless-headers": { play: writeEndlessHeaders },
  "endless-body": { play: writeEndlessBody },
  "speaks-no-http": write("220 mail.example.com ESMTP\r\n"),
  "answers-twice": write(
    "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
  ),
};

/** Those whose answer is a success, at least as far as its status goes; no other may be one. */
export const MAY_DELIVER: ReadonlySet<string> = new Set([
  "status-204",
  "drips-the-body",
  "closes-in-the-body",
  "sends-100-mb",
  "answers-twice",
]);
