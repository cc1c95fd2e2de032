import { ProtocolError } from "../../../../src/dispatcher/http/http_head.ts";
import { ResponseReader } from "../../../../src/dispatcher/http/http_response.ts";
import { assert, assertEquals, assertThrows } from "../../../support/assert.ts";
import { type Random, withRandom } from "../../../support/random.ts";

const OK = "HTTP/1.1 200 OK\r\n";
const CHUNKED = `${OK}transfer-encoding: chunked\r\n\r\n`;

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** What is seen of an answer once all of it has come. */
interface Seen {
  readonly status: number | undefined;
  readonly answer: string;
  readonly isDone: boolean;
  readonly isReusable: boolean;
}

function read(pieces: readonly Uint8Array[], { isEnded = false } = {}): Seen {
  const reader = new ResponseReader();
  for (const piece of pieces) reader.push(piece);
  if (isEnded) reader.end();
  const { head, answer, isDone, isReusable } = reader;
  return { status: head?.status, answer, isDone, isReusable };
}

/** Answers with what comes of them: status, beginning of the body, done, reusable. */
const ANSWERS: readonly (readonly [string, number, string, boolean, boolean])[] = [
  [`${OK}content-length: 2\r\n\r\nok`, 200, "ok", true, true],
  [`${OK}Content-Length:2\r\n\r\nok`, 200, "ok", true, true],
  [`${OK}content-length: 2, 2\r\n\r\nok`, 200, "ok", true, true],
  [`${OK}content-length: 2 \t,\t2\r\n\r\nok`, 200, "ok", true, true],
  [`${OK}content-length: 0\r\n\r\n`, 200, "", true, true],
  ["HTTP/1.1 200\r\ncontent-length: 0\r\n\r\n", 200, "", true, true],
  ["HTTP/1.1 204 No Content\r\n\r\n", 204, "", true, true],
  ["HTTP/1.1 304 X\r\ncontent-length: 9\r\n\r\n", 304, "", true, true],
  ["HTTP/1.1 101 X\r\nupgrade: x\r\n\r\n", 101, "", true, false],
  ["HTTP/1.1 200 OK\ncontent-length: 2\n\nok", 200, "ok", true, true],
  [`HTTP/1.1 100 Continue\r\n\r\n${OK}content-length: 0\r\n\r\n`, 200, "", true, true],
  [`HTTP/1.1 103 X\r\nlink: x\r\n\r\nHTTP/1.1 503 X\r\n\r\n`, 503, "", false, false],
  [`${OK}connection: Close\r\ncontent-length: 0\r\n\r\n`, 200, "", true, false],
  [`${OK}connection: x, close\r\ncontent-length: 0\r\n\r\n`, 200, "", true, false],
  ["HTTP/1.0 200 OK\r\ncontent-length: 0\r\n\r\n", 200, "", true, false],
  [
    "HTTP/1.0 200 OK\r\nconnection: keep-alive\r\ncontent-length: 0\r\n\r\n",
    200,
    "",
    true,
    true,
  ],
  [`${OK}\r\nno length`, 200, "no length", false, false],
  [`${OK}content-length: 2\r\n\r\nokX`, 200, "ok", true, false],
  [`${CHUNKED}2\r\nok\r\n0\r\n\r\n`, 200, "ok", true, true],
  [`${CHUNKED}1;x=y\r\no\r\n1\r\nk\r\n0\r\ntrailer: x\r\n\r\n`, 200, "ok", true, true],
  [`${CHUNKED}2\r\nokX\r\n0\r\n\r\n`, 200, "ok", true, false],
  [`${CHUNKED}-2\r\nok\r\n`, 200, "", true, false],
  [`${CHUNKED}${"0".repeat(300)}\r\n`, 200, "", true, false],
  [`${OK}transfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n`, 200, "", true, true],
  [`${OK}transfer-encoding: gzip\r\n\r\nx`, 200, "x", false, false],
  [
    `${OK}transfer-encoding: chunked\r\ncontent-length: 1\r\n\r\n1\r\nx\r\n0\r\n\r\n`,
    200,
    "x",
    true,
    false,
  ],
  [`${OK}content-encoding: gzip\r\ncontent-length: 2\r\n\r\n\x1f\x8b`, 200, "", true, true],
  [`${OK}x: \xe9\r\ncontent-length: 0\r\n\r\n`, 200, "", true, true],
];

for (const [text, status, answer, isDone, isReusable] of ANSWERS) {
  Deno.test(`the answer ${JSON.stringify(text.slice(0, 80))} is read as it is meant`, () => {
    const expected = { status, answer, isDone, isReusable };
    assertEquals(read([bytesOf(text)]), expected);
    // However it comes.
    assertEquals(read(Array.from(text, bytesOf)), expected);
  });
}

/** What begins like no answer, or has no end that can be told. */
const NO_ANSWERS = [
  "220 mail.example.com ESMTP\r\n",
  "\0\0\0",
  "http/1.1 200 OK\r\n\r\n",
  "HTTP/2 200\r\n\r\n",
  "HTTP/1.1 099 X\r\n\r\n",
  "HTTP/1.1 2000 X\r\n\r\n",
  "HTTP/1.1  200 X\r\n\r\n",
  `${OK}no colon\r\n\r\n`,
  `${OK}name : value\r\n\r\n`,
  `${OK} folded: value\r\n\r\n`,
  `${OK}: value\r\n\r\n`,
  `${OK}x: a\0b\r\n\r\n`,
  `${OK}content-length: 1\r\ncontent-length: 2\r\n\r\n`,
  `${OK}content-length: -1\r\n\r\n`,
  `${OK}content-length: 0x10\r\n\r\n`,
  `${OK}content-length:\r\n\r\n`,
  `${OK}x: ${"y".repeat(70_000)}`,
  `${OK}${"x: y\r\n".repeat(101)}\r\n`,
  "HTTP/1.1 100 X\r\n\r\n".repeat(5000),
];

for (const text of NO_ANSWERS) {
  Deno.test(`${JSON.stringify(text.slice(0, 60))} is refused as an answer`, () => {
    assertThrows(() => read([bytesOf(text)]), ProtocolError);
  });
}

Deno.test("a receiver's words are shown in an error only as far as its first line goes", () => {
  const error = assertThrows(
    () => read([bytesOf(`${OK}set-cookie secret\r\n\r\n`)]),
    ProtocolError,
  );
  assert(!error.message.includes("secret"), error.message);
});

Deno.test("an answer that ends early counts from when its head is whole", () => {
  const early = { status: 200, answer: "x", isDone: true, isReusable: false };
  assertEquals(read([bytesOf(`${OK}content-length: 9\r\n\r\nx`)], { isEnded: true }), early);
  assertEquals(read([bytesOf(`${OK}\r\nx`)], { isEnded: true }), early);
  const reader = new ResponseReader();
  reader.push(bytesOf("HTTP/1.1 200 O"));
  assertEquals(reader.end(), false);
});

Deno.test("of a long body the first KiB is kept, and after 64 KiB nothing more is read", () => {
  const reader = new ResponseReader();
  reader.push(bytesOf(`${OK}content-length: 1000000\r\n\r\n`));
  let pushed = 0;
  for (; !reader.isDone; pushed++) reader.push(new Uint8Array(1000).fill(120));
  assertEquals([pushed, reader.answer, reader.isReusable], [66, "x".repeat(1024), false]);
});

/** Pieces of random length. */
function cut(random: Random, bytes: Uint8Array): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = 1 + random.below(random.chance(0.5) ? 3 : 200);
    pieces.push(bytes.subarray(at, at + length));
    at += length;
  }
  return pieces;
}

function outcomeOf(pieces: readonly Uint8Array[]): Seen | string {
  try {
    return read(pieces, { isEnded: true });
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return "refused";
  }
}

Deno.test("an answer with random faults is read or refused, the same however it is cut", async () => {
  const texts = [...ANSWERS.map(([text]) => text), ...NO_ANSWERS.map((text) => text.slice(0, 300))];
  await withRandom((random) => {
    for (let round = 0; round < 20_000; round++) {
      const bytes = bytesOf(random.pick(texts));
      for (let faults = random.below(4); faults > 0; faults--) {
        const at = random.below(bytes.length);
        bytes[at] = random.chance(0.5) ? random.below(256) : bytes[random.below(bytes.length)] ?? 0;
      }
      const seen = outcomeOf([bytes]);
      const text = JSON.stringify(String.fromCharCode(...bytes));
      assertEquals(outcomeOf(cut(random, bytes)), seen, text);
      // What comes behind an answer must not be taken for the next one.
      if (typeof seen === "object" && seen.isReusable) {
        const more = outcomeOf([bytes, bytesOf("x")]);
        assert(typeof more === "object" && !more.isReusable, text);
      }
    }
  });
});
