import { RequestEncoder, targetOf } from "../../../../src/dispatcher/http/http_request.ts";
import { assertEquals } from "../../../support/assert.ts";

function linesOf(url: string, headers: Record<string, string> = {}, body = "{}"): string[] {
  const bytes = new RequestEncoder().encode(targetOf(url), { headers, body });
  return String.fromCharCode(...bytes).split("\r\n");
}

Deno.test("a request has the path, the host, the headers, the length and the payload", () => {
  assertEquals(linesOf("http://ops.example.com/a b?c=d&e", { "x-team": "storage" }), [
    "POST /a%20b?c=d&e HTTP/1.1",
    "host: ops.example.com",
    "x-team: storage",
    "accept: */*",
    "content-length: 2",
    "",
    "{}",
  ]);
});

Deno.test("the origin is the URL's host and port, or that of its scheme", () => {
  const origins = [
    "http://ops/",
    "https://ops/",
    "http://ops:8080/",
    "http://[2001:db8::1]:81/",
    "https://bücher.example/",
  ].map((url) => targetOf(url));
  assertEquals(origins.map(({ origin }) => origin), [
    { isSecure: false, hostname: "ops", port: 80 },
    { isSecure: true, hostname: "ops", port: 443 },
    { isSecure: false, hostname: "ops", port: 8080 },
    { isSecure: false, hostname: "2001:db8::1", port: 81 },
    { isSecure: true, hostname: "xn--bcher-kva.example", port: 443 },
  ]);
  assertEquals(
    origins.map(({ lines }) => /host: (.*)\r\n/.exec(lines)?.[1]),
    ["ops", "ops", "ops:8080", "[2001:db8::1]:81", "xn--bcher-kva.example"],
  );
});

Deno.test("the length is that of the bytes, and header values keep theirs", () => {
  const bytes = new RequestEncoder().encode(targetOf("http://ops/"), {
    headers: { "x-name": "caf\xe9" },
    body: '{"name":"größe-日本"}',
  });
  const text = new TextDecoder("latin1").decode(bytes);
  assertEquals(/content-length: (\d+)/.exec(text)?.[1], "25");
  assertEquals(/x-name: (.*)\r\n/.exec(text)?.[1], "caf\xe9");
  const payload = bytes.subarray(bytes.length - 25);
  assertEquals(new TextDecoder().decode(payload), '{"name":"größe-日本"}');
});

Deno.test("user and password of the URL are sent, unless there is a token", () => {
  const find = (lines: readonly string[]) => lines.filter((line) => /^authorization:/.test(line));
  const url = "http://us%40er:pa%3Ass%zz@ops/";
  assertEquals(find(linesOf(url)), [`authorization: Basic ${btoa("us@er:pa:ss%zz")}`]);
  assertEquals(find(linesOf(url, { authorization: "Bearer t" })), ["authorization: Bearer t"]);
});

Deno.test("a webhook's own accept header takes the place of ours", () => {
  const lines = linesOf("http://ops/", { "Accept": "text/plain" });
  assertEquals(lines.filter((line) => /^accept:/i.test(line)), ["Accept: text/plain"]);
});

Deno.test("requests of all sizes are encoded one after the other", () => {
  const encoder = new RequestEncoder();
  const target = targetOf("http://ops/");
  for (const length of [10, 5000, 10, 1_000_000, 200_000, 10, 3]) {
    for (const letter of ["x", "é", "😀"]) {
      const body = letter.repeat(length);
      const text = new TextDecoder().decode(encoder.encode(target, { headers: {}, body }));
      const [head = "", payload = ""] = text.split("\r\n\r\n");
      assertEquals(payload === body, true, `${length} ${letter}`);
      const byteLength = new TextEncoder().encode(body).length;
      assertEquals(/content-length: (\d+)$/.exec(head)?.[1], `${byteLength}`);
    }
  }
});
