import { StreamedAnswer } from "../../../src/api/streamed_answer.ts";
import { assert, assertEquals, assertThrows } from "../../support/assert.ts";

const HEAD =
  "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
const BODY = "5\r\nhello\r\n1;x=y\r\n \r\nC\r\nworld\r\nagain\r\n0\r\n\r\n";

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

/** Reads an answer that comes in pieces of this size. */
function read(
  text: string,
  size: number,
): { readonly body: string; readonly answer: StreamedAnswer } {
  const answer = new StreamedAnswer();
  let body = "";
  for (let at = 0; at < text.length; at += size) {
    for (const piece of answer.push(bytesOf(text.slice(at, at + size)))) {
      body += new TextDecoder().decode(piece);
    }
  }
  return { body, answer };
}

Deno.test("a body is the same in whatever pieces it comes", () => {
  for (let size = 1; size <= HEAD.length + BODY.length; size++) {
    const { body, answer } = read(HEAD + BODY, size);
    assertEquals(body, "hello world\r\nagain", `pieces of ${size}`);
    assertEquals(answer.head?.status, 200);
    assert(answer.isDone);
  }
});

Deno.test("a piece of a chunk is handed on before the rest of it has come", () => {
  const { body, answer } = read(`${HEAD}ff\r\nfirst`, 1000);
  assertEquals(body, "first");
  assert(!answer.isDone);
});

Deno.test("of another answer only the status is read", () => {
  const refused = "HTTP/1.1 401 Unauthorized\r\ncontent-length: 2\r\n\r\n{}";
  const { body, answer } = read(refused, 7);
  assertEquals([body, answer.head?.status, answer.isDone], ["", 401, true]);
});

Deno.test("what is no such answer is refused, and nothing piles up", () => {
  const wrong = [
    "SSH-2.0-OpenSSH_9.2\r\n\r\n",
    "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n",
    `${HEAD}zz\r\n`,
    `${HEAD}\r\n`,
    `${HEAD}1\r\nab\r\n`,
    `${HEAD}fffffffff\r\n`,
    `HTTP/1.1 200 OK\r\nx: ${"a".repeat(20_000)}`,
    `${HEAD}${"0".repeat(300)}`,
  ];
  for (const text of wrong) assertThrows(() => read(text, 5000), Error);
});
