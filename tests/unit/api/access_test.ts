import { type AccessRules, refusalOf } from "../../../src/api/access.ts";
import { parseRequestHead } from "../../../src/api/request_head.ts";
import { assertEquals } from "../../support/assert.ts";

const TOKEN = "0123456789abcdef";
const OPEN: AccessRules = { scheme: "http", hostname: "127.0.0.1" };
const CLOSED: AccessRules = { scheme: "https", hostname: "0.0.0.0", token: () => TOKEN };

function statusOf(rules: AccessRules, line: string, ...fields: string[]): number {
  const all = fields.some((field) => field.startsWith("Host:"))
    ? fields
    : ["Host: localhost:24080", ...fields];
  return refusalOf(parseRequestHead([`${line} HTTP/1.1`, ...all].join("\r\n")), rules)?.status ??
    200;
}

Deno.test("without a token everybody on the machine reads, and nobody changes anything", () => {
  assertEquals(statusOf(OPEN, "GET /v1/status"), 200);
  for (const method of ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"]) {
    assertEquals(statusOf(OPEN, `${method} /v1/reload`), 403, method);
  }
});

Deno.test("without a token only names of loopback and the configured one are answered", () => {
  const hosts = [
    "localhost",
    "LOCALHOST:1",
    "127.0.0.1:24080",
    "127.9.9.9",
    "[::1]:24080",
    "[::1]",
  ];
  for (const host of hosts) assertEquals(statusOf(OPEN, "GET /", `Host: ${host}`), 200, host);
  const others = [
    "evil.example.com",
    "127.0.0.1.example.com:24080",
    "localhost.",
    "10.0.0.1",
  ];
  for (const host of others) assertEquals(statusOf(OPEN, "GET /", `Host: ${host}`), 403, host);
  const named = { ...OPEN, hostname: "me.internal" };
  assertEquals(statusOf(named, "GET /", "Host: Me.internal:24080"), 200);
});

Deno.test("a page of another origin is answered neither without a token nor with one", () => {
  for (const [rules, own] of [[OPEN, "http"], [CLOSED, "https"]] as const) {
    const ask = (...fields: string[]) =>
      statusOf(rules, "GET /v1/status", `Authorization: Bearer ${TOKEN}`, ...fields);
    assertEquals(ask(`Origin: ${own}://localhost:24080`), 200);
    assertEquals(ask("Sec-Fetch-Site: same-origin"), 200);
    assertEquals(ask("Sec-Fetch-Site: none"), 200);
    for (
      const origin of [
        "null",
        "https://evil.example.com",
        `${own}://localhost:8000`,
        "ftp://localhost:24080",
        "",
      ]
    ) {
      assertEquals(ask(`Origin: ${origin}`), 403, origin);
    }
    assertEquals(ask("Sec-Fetch-Site: cross-site"), 403);
    assertEquals(ask("Sec-Fetch-Site: same-site"), 403);
  }
});

Deno.test("with a token nothing but the token counts, and what is wrong is not told", () => {
  const ask = (value?: string) =>
    statusOf(CLOSED, "POST /v1/reload", ...value === undefined ? [] : [`Authorization: ${value}`]);
  assertEquals(ask(`Bearer ${TOKEN}`), 200);
  assertEquals(ask(`bearer ${TOKEN}`), 200);
  const wrong = [
    "",
    "Bearer",
    `Bearer ${TOKEN}x`,
    `Bearer ${TOKEN.slice(1)}`,
    `Basic ${TOKEN}`,
    TOKEN,
  ];
  const errors = new Set([undefined, ...wrong].map((value) => {
    assertEquals(ask(value), 401, value);
    const fields = value === undefined ? "" : `\r\nAuthorization: ${value}`;
    const head = parseRequestHead(`GET /v1/x HTTP/1.1\r\nHost: a${fields}`);
    return JSON.stringify(refusalOf(head, CLOSED));
  }));
  assertEquals(errors.size, 1);
});

Deno.test("a token that cannot be read is nobody's", () => {
  const broken: AccessRules = { ...CLOSED, token: () => null };
  for (const value of ["Bearer ", "Bearer null", "", `Bearer ${TOKEN}`]) {
    assertEquals(statusOf(broken, "GET /v1/status", `Authorization: ${value}`), 401, value);
  }
});

Deno.test("whether it lives is told to everybody, and nothing else", () => {
  for (const rules of [OPEN, CLOSED]) {
    assertEquals(statusOf(rules, "GET /healthz", "Host: gl1.example.com"), 200);
    assertEquals(
      statusOf(rules, "GET /healthz/../v1/status", "Host: gl1.example.com") >= 401,
      true,
    );
    assertEquals(statusOf(rules, "POST /healthz", "Host: gl1.example.com") >= 401, true);
  }
});

Deno.test("the daemon is stopped on its control socket only", () => {
  for (const path of ["/v1/stop", "/v1/./stop", "/v1/stop?x"]) {
    assertEquals(statusOf(CLOSED, `POST ${path}`, `Authorization: Bearer ${TOKEN}`), 403, path);
  }
});

Deno.test("the page and its files are for everybody who reaches them, also by a link from elsewhere", () => {
  const link = ["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate"];
  for (const path of ["/", "/?from=mail", "/page/main.js", "/page/page.css"]) {
    assertEquals(statusOf(CLOSED, `GET ${path}`, ...link), 200, path);
    assertEquals(statusOf(OPEN, `GET ${path}`, ...link), 200, path);
    assertEquals(statusOf(OPEN, `GET ${path}`, "Host: evil.example.com"), 403, path);
    assertEquals(statusOf(CLOSED, `POST ${path}`), 401, path);
  }
  for (const path of ["/page/../v1/status", "/v1/page", "/page", "/page/x/main.js", "/page/.env"]) {
    assertEquals(statusOf(CLOSED, `GET ${path}`), 401, path);
  }
});

Deno.test("with a login everything is asked from our own page, and nothing from another", () => {
  const rules: AccessRules = { ...CLOSED, isLoggedIn: true };
  const own = "Origin: https://localhost:24080";
  const other = "Origin: https://localhost:8080";
  const upgrade = ["Connection: Upgrade", "Upgrade: websocket"];
  const cases: readonly (readonly [number, string, ...string[]])[] = [
    [200, "GET /v1/status"],
    [200, "GET /v1/events", "Sec-Fetch-Site: same-origin"],
    [403, "GET /v1/status", "Sec-Fetch-Site: same-site"],
    [403, "GET /v1/status", "Sec-Fetch-Site: cross-site"],
    [403, "GET /v1/status", other],
    [200, "POST /v1/replay", own],
    [200, "POST /v1/replay", "Sec-Fetch-Site: same-origin"],
    [200, "POST /v1/replay", own, "Sec-Fetch-Site: same-origin"],
    [403, "POST /v1/replay"],
    [403, "POST /v1/replay", "Sec-Fetch-Site: none"],
    [403, "POST /v1/replay", "Sec-Fetch-Site: same-site"],
    [403, "POST /v1/replay", other],
    [403, "POST /v1/replay", "Origin: null"],
    [403, "POST /v1/replay", "Origin: http://localhost:24080"],
    [403, "POST /v1/replay", other, "Sec-Fetch-Site: same-origin"],
    [403, "DELETE /v1/replay"],
    [403, "HEAD /v1/status"],
    [200, "GET /v1/events", own, ...upgrade],
    [403, "GET /v1/events", ...upgrade],
    [403, "GET /v1/events", "Sec-Fetch-Site: same-origin", ...upgrade],
    [403, "GET /v1/events", other, ...upgrade],
    [403, "POST /v1/stop", own],
    [405, "GET /v1/login"],
    [200, "POST /v1/logout", own],
    [403, "POST /v1/logout", other],
  ];
  for (const [status, line, ...fields] of cases) {
    assertEquals(statusOf(rules, line, ...fields), status, [line, ...fields].join(" | "));
  }
  // Whoever sends a token is judged by the token.
  assertEquals(statusOf(rules, "GET /v1/status", "Authorization: Bearer no"), 401);
  assertEquals(statusOf(rules, "POST /v1/reload", `Authorization: Bearer ${TOKEN}`), 200);
});

Deno.test("everybody may try to log in, but no page of others, and only where there is a token", () => {
  assertEquals(statusOf(CLOSED, "POST /v1/login"), 200);
  assertEquals(statusOf(CLOSED, "POST /v1/login", "Origin: https://localhost:24080"), 200);
  assertEquals(statusOf(CLOSED, "POST /v1/login", "Origin: https://evil.example.com"), 403);
  assertEquals(statusOf(CLOSED, "POST /v1/login", "Sec-Fetch-Site: cross-site"), 403);
  assertEquals(statusOf(CLOSED, "POST /v1/logout", "Sec-Fetch-Site: same-site"), 403);
  assertEquals(statusOf(OPEN, "POST /v1/login"), 403);
  assertEquals(statusOf({ ...OPEN, isLoggedIn: true }, "POST /v1/reload"), 403);
});

Deno.test("through a link another node gets this node's events with the token, and nothing else", () => {
  const rules: AccessRules = { ...CLOSED, isLink: true };
  const bearer = `Authorization: Bearer ${TOKEN}`;
  const wanted = "GET /v1/events?scope=node&events=VOLUME_*";
  assertEquals(statusOf(rules, wanted, bearer), 200);
  for (const line of [wanted, "GET /healthz", "GET /v1/status", "POST /v1/link"]) {
    assertEquals(statusOf(rules, line), 401, line);
    assertEquals(statusOf(rules, line, `Authorization: Bearer ${TOKEN}x`), 401, line);
    assertEquals(statusOf(rules, line, "Authorization: Bearer"), 401, line);
    assertEquals(statusOf({ ...rules, token: () => null }, line, bearer), 401, line);
  }
  const refused = [
    "GET /healthz",
    "GET /",
    "GET /metrics",
    "GET /v1/status",
    "GET /v1/history?scope=node",
    "GET /v1/events",
    "GET /v1/events?scope=cluster",
    "GET /v1/events?scope=node&scope=cluster",
    "GET /v1/events?scope=cluster&scope=node",
    "GET /v1/events?scope=Node",
    "GET /v1/events/?scope=node",
    "GET /v1/../v1/status?scope=node",
    "GET //v1/events?scope=node",
    "POST /v1/events?scope=node",
    "HEAD /v1/events?scope=node",
    "POST /v1/replay",
    "POST /v1/reload",
    "POST /v1/login",
    "POST /v1/stop",
    "POST /v1/link",
  ];
  for (const line of refused) assertEquals(statusOf(rules, line, bearer), 403, line);
  assertEquals(statusOf(rules, wanted, bearer, "Connection: upgrade", "Upgrade: websocket"), 403);
});

Deno.test("a link is offered on the control socket only", () => {
  for (const rules of [OPEN, CLOSED]) {
    assertEquals(statusOf(rules, "POST /v1/link", `Authorization: Bearer ${TOKEN}`), 403);
  }
});
