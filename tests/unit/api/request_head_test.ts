import {
  BadRequestError,
  formatRequestHead,
  isUpgrade,
  parseRequestHead,
  withoutUpgrade,
} from "../../../src/api/request_head.ts";
import { assertEquals, assertThrows } from "../../support/assert.ts";

function headOf(line: string, ...fields: string[]) {
  return parseRequestHead([line, "Host: localhost:24080", ...fields].join("\r\n"));
}

function statusOf(text: string): number {
  return assertThrows(() => parseRequestHead(text), BadRequestError).status;
}

Deno.test("a request is read and written anew, for one request on a connection", () => {
  const head = headOf(
    "POST /v1/replay?x=1 HTTP/1.1",
    "X-One:  two ",
    "Accept: a",
    "accept: b",
    "Authorization: Bearer 0123456789abcdef",
    "Connection: keep-alive, X-One",
    "Keep-Alive: timeout=1000",
    "Content-Length: 12",
  );
  assertEquals([head.method, head.path, head.target, head.bodyBytes], [
    "POST",
    "/v1/replay",
    "/v1/replay?x=1",
    12,
  ]);
  assertEquals(
    formatRequestHead(head),
    "POST /v1/replay?x=1 HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n" +
      "content-length: 12\r\nx-one: two\r\naccept: a, b\r\n\r\n",
  );
});

Deno.test("the path that is judged is the one that is asked for, however it is written", () => {
  for (
    const path of ["/v1/./stop", "/v1/x/../stop", "/v1/%2e/stop", "/v1\\stop", "/v1/%2E./v1/stop"]
  ) {
    const head = headOf(`POST ${path} HTTP/1.1`);
    assertEquals([head.path, head.target], ["/v1/stop", "/v1/stop"], path);
  }
});

Deno.test("a request that programs could read differently is refused", () => {
  const get = "GET / HTTP/1.1\r\nHost: a";
  const bad: Record<string, number> = {
    "": 400,
    "hello": 400,
    "get / HTTP/1.1\r\nHost: a": 400,
    "GET  / HTTP/1.1\r\nHost: a": 400,
    "GET http://evil/ HTTP/1.1\r\nHost: a": 400,
    "GET //evil/v1/stop HTTP/1.1\r\nHost: a": 200,
    "GET * HTTP/1.1\r\nHost: a": 400,
    "GET / HTTP/1.0\r\nHost: a": 505,
    "GET / HTTP/1.1": 400,
    [`${get}\r\nHost: b`]: 400,
    "GET /v1/status HTTP/1.1\r\nHost: a/v1/stop?": 400,
    "GET /v1/status HTTP/1.1\r\nHost: user@a": 400,
    "GET /v1/status HTTP/1.1\r\nHost: ": 400,
    "GET /v1/status HTTP/1.1\r\nHost: a b": 400,
    [`${get}\r\n folded`]: 400,
    [`${get}\r\nA : b`]: 400,
    [`${get}\r\nA: b\nC: d`]: 400,
    [`${get}\nA: b`]: 400,
    [`${get}\r\nA: b\u0000`]: 400,
    [`${get}\r\nTransfer-Encoding: chunked`]: 411,
    [`${get}\r\nContent-Length: 1\r\nContent-Length: 1`]: 400,
    [`${get}\r\nContent-Length: +1`]: 400,
    [`${get}\r\nContent-Length: 1, 1`]: 400,
    [`${get}\r\nContent-Length: 4194305`]: 413,
    [`${get}\r\nOrigin: a\r\nOrigin: b`]: 400,
    [`${get}\r\nAuthorization: Bearer a\r\nAuthorization: Bearer b`]: 400,
    [get + "\r\nA: b".repeat(64)]: 431,
  };
  for (const [text, status] of Object.entries(bad)) {
    if (status === 200) assertEquals(parseRequestHead(text).path, "//evil/v1/stop");
    else assertEquals(statusOf(text), status, text);
  }
});

Deno.test("a field of nothing but blanks is read as fast as any other", () => {
  const blanks = " ".repeat(16_000);
  const lines = (end: string) => `GET / HTTP/1.1\r\nHost: a\r\nX:${blanks}${end}`;
  assertEquals(parseRequestHead(lines("\tx \t")).fields.get("x"), "x");
  assertEquals(parseRequestHead(lines("")).fields.get("x"), "");
  assertEquals(statusOf(lines("\0")), 400);
});

Deno.test("only a request for a WebSocket is one for a WebSocket", () => {
  const upgrade = ["Connection: keep-alive, Upgrade", "Upgrade: websocket"];
  const head = headOf("GET /v1/events HTTP/1.1", ...upgrade, "Sec-WebSocket-Key: x");
  assertEquals(isUpgrade(head), true);
  assertEquals(
    formatRequestHead(head),
    "GET /v1/events HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\n" +
      "upgrade: websocket\r\nsec-websocket-key: x\r\n\r\n",
  );
  assertEquals(
    formatRequestHead(withoutUpgrade(head)),
    "GET /v1/events HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n" +
      "sec-websocket-key: x\r\n\r\n",
  );
  assertEquals(isUpgrade(headOf("POST /v1/events HTTP/1.1", ...upgrade)), false);
  assertEquals(isUpgrade(headOf("GET / HTTP/1.1", ...upgrade, "Content-Length: 5")), false);
  assertEquals(isUpgrade(headOf("GET / HTTP/1.1", "Connection: Upgrade", "Upgrade: h2c")), false);
});
