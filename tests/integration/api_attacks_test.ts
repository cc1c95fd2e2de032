/**
 * Whoever wants more of a daemon's API than is theirs, on the daemon itself: what its gate judges
 * and what its routes answer have to be the same.
 *
 * @module
 */
import { setConfig } from "../../src/registry/changes.ts";
import { assert, assertEquals, assertMatch } from "../support/assert.ts";
import { exchange, RawConnection, statusOf } from "../support/raw_http.ts";
import { makeTempFolder } from "../support/temp_folder.ts";
import { TestDaemon } from "../support/test_daemon.ts";

const TOKEN = "0123456789abcdef0123";
const WRONG = "this-is-not-the-token";
const BEARER = `Authorization: Bearer ${TOKEN}`;

/** A daemon that serves its API, and who asks it. */
class Attacked implements AsyncDisposable {
  readonly daemon: TestDaemon;
  readonly #cleanups: AsyncDisposableStack;

  private constructor(daemon: TestDaemon, cleanups: AsyncDisposableStack) {
    this.daemon = daemon;
    this.#cleanups = cleanups;
  }

  static async start({ token }: { readonly token?: string } = {}): Promise<Attacked> {
    await using cleanups = new AsyncDisposableStack();
    const folder = cleanups.use(await makeTempFolder());
    const daemon = cleanups.use(new TestDaemon(folder.path));
    const tokenFile = `${folder.path}/token`;
    if (token !== undefined) await Deno.writeTextFile(tokenFile, token, { mode: 0o600 });
    await daemon.file.change(() => [
      ...setConfig("api-listen", "127.0.0.1:0"),
      ...token === undefined ? [] : setConfig("api-token-file", tokenFile),
    ]);
    await daemon.start();
    return new Attacked(daemon, cleanups.move());
  }

  get url(): URL {
    return new URL(this.daemon.daemon.status().api.listening[0] ?? "");
  }

  /** Asks with these header fields; `Host` is the daemon's own unless it is among them. */
  async ask(line: string, fields: readonly string[] = [], rest = ""): Promise<string> {
    const { hostname, port, host } = this.url;
    const own = fields.some((field) => field.startsWith("Host:")) ? [] : [`Host: ${host}`];
    const text = [`${line} HTTP/1.1`, ...own, ...fields, "", rest].join("\r\n");
    return await exchange({ hostname, port: Number(port) }, text);
  }

  /** @returns The answer to an attempt to log in. */
  async login(token: string, fields: readonly string[] = [], behind = ""): Promise<string> {
    const body = JSON.stringify({ token });
    const all = [`Content-Length: ${body.length}`, ...fields];
    return await this.ask("POST /v1/login", all, body + behind);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#cleanups.disposeAsync();
  }
}

function cookieIn(answer: string): string {
  return `Cookie: ${/\r\nset-cookie: ([^;\r]+)/.exec(answer)?.[1] ?? "none"}`;
}

Deno.test("no way to write a path gets more than the page without the token", async () => {
  await using attacked = await Attacked.start({ token: TOKEN });
  const paths = [
    "/page/../v1/status",
    "/page/%2e%2e/v1/status",
    "/page/%2E./v1/status",
    "/page/..%2fv1%2fstatus",
    "/page/main.js/../../v1/status",
    "/page\\..\\v1\\status",
    "/./v1/status",
    "//v1/status",
    "///v1/status",
    "//localhost/v1/status",
    "//page/main.js",
    "/page//main.js",
    "/page/main.js/",
    "/page/main.js%00",
    "/page/%6dain.js",
    "/page/..%5cmain.ts",
    "/page/own_page.ts",
    "/PAGE/main.js",
    "/v1/status?/page/main.js",
    "/v1/status#/page/main.js",
    "/v1/status;/page/main.js",
    "/healthz/../v1/status",
    "/healthz/",
    "/HEALTHZ",
    "/@localhost/v1/status",
  ];
  for (const path of paths) {
    for (const method of ["GET", "POST", "HEAD", "PUT"]) {
      const status = statusOf(await attacked.ask(`${method} ${path}`));
      assertEquals(status, 401, `${method} ${path}`);
    }
  }
  const answers = await Promise.all(
    ["GET http://localhost/", "GET *", "GET v1/status", "GET /\tv1", "get /"].map((line) =>
      attacked.ask(line)
    ),
  );
  assertEquals(answers.map(statusOf), [400, 400, 400, 400, 400]);
  for (const path of ["/", "/?/v1/status", "/page/../", "/page/main.js?x", "/page/./main.js"]) {
    const answer = await attacked.ask(`GET ${path}`);
    assertEquals(statusOf(answer), 200, path);
    assertMatch(answer, /\r\ncontent-security-policy: default-src 'none'; [^\r]*frame-ancestors/);
    assertMatch(answer, /\r\nx-content-type-options: nosniff\r\n/);
    assertMatch(answer, /\r\ncache-control: no-store\r\n/);
    assert(!answer.includes(attacked.daemon.daemon.status().node_id), path);
  }
});

Deno.test("what comes behind a login is no request, and no body is longer than it says", async () => {
  await using attacked = await Attacked.start({ token: TOKEN });
  const second = "GET /v1/status HTTP/1.1\r\nHost: localhost\r\n\r\n";
  for (const token of [TOKEN, WRONG]) {
    const answer = await attacked.login(token, [], second + `POST /v1/stop HTTP/1.1\r\n\r\n`);
    assertEquals(answer.match(/HTTP\/1\.1 \d/g)?.length, 1, answer);
    assertEquals(statusOf(answer), token === TOKEN ? 204 : 401);
  }
  const { url } = attacked;
  // In pieces, so that what is behind comes when the body was read.
  using connection = await RawConnection.open({ hostname: url.hostname, port: Number(url.port) });
  const body = JSON.stringify({ token: TOKEN });
  const head =
    `POST /v1/login HTTP/1.1\r\nHost: ${url.host}\r\nContent-Length: ${body.length}\r\n\r\n`;
  for (const piece of [head, body.slice(0, 5), body.slice(5), second]) await connection.send(piece);
  const whole = await connection.ended;
  assertEquals([statusOf(whole), whole.match(/HTTP\/1\.1 \d/g)?.length], [204, 1]);
  const lengths = [
    ["Transfer-Encoding: chunked"],
    [`Content-Length: ${body.length}`, "Transfer-Encoding: chunked"],
    [`Content-Length: ${body.length}`, "Content-Length: 0"],
    ["Content-Length: +5"],
    ["Content-Length: 0x5"],
    ["Content-Length: 5, 5"],
    ["Content-Length : 5"],
    [" Content-Length: 5"],
  ];
  for (const fields of lengths) {
    const status = statusOf(await attacked.ask("POST /v1/login", fields, body));
    assert([400, 411].includes(status), `${fields}: ${status}`);
  }
  assertEquals(statusOf(await attacked.ask("POST /v1/login", ["Content-Length: 2"], body)), 400);
  assertEquals(statusOf(await attacked.ask("POST /v1/login", ["Content-Length: 65537"])), 413);
});

Deno.test("a login begins a session of its own, and a token that is wrong outweighs a cookie", async () => {
  await using attacked = await Attacked.start({ token: TOKEN });
  const planted = `Cookie: gluster-eventing-${attacked.url.port}=${"A".repeat(43)}`;
  const cookie = cookieIn(await attacked.login(TOKEN, [planted]));
  const isIn = async (...fields: string[]) =>
    statusOf(await attacked.ask("GET /v1/status", fields)) === 200;
  assertEquals([cookie === planted, await isIn(planted), await isIn(cookie)], [false, false, true]);
  // Who logs in again does not leave a session behind that nobody sees.
  const next = cookieIn(await attacked.login(TOKEN, [cookie]));
  assertEquals([await isIn(cookie), await isIn(next)], [false, true]);
  for (const field of ["Authorization: Bearer", `Authorization: Bearer ${WRONG}`]) {
    assertEquals(await isIn(next, field), false, field);
  }
  assertEquals(await isIn(next, "Authorization: Basic cm9vdDpyb290"), false);
  // With a token of its own a page of somebody else gets nothing either.
  const evil = "Origin: http://evil.example.com";
  assertEquals(statusOf(await attacked.ask("GET /v1/status", [BEARER, evil])), 403);
  assertEquals(statusOf(await attacked.ask("GET /v1/status", [BEARER, "Origin: null"])), 403);
  assertEquals(statusOf(await attacked.ask("OPTIONS /v1/status", [evil])), 401);
  const answer = await attacked.ask("GET /v1/status", [next]);
  assertEquals(/access-control-allow/i.test(answer), false);
});

Deno.test("over TCP a browser that has logged in changes nothing that root alone may", async () => {
  await using attacked = await Attacked.start({ token: TOKEN });
  const cookie = cookieIn(await attacked.login(TOKEN));
  const own = [cookie, `Origin: ${attacked.url.origin}`, "Content-Length: 0"];
  for (const path of ["/v1/stop", "/v1/link", "/v1/../v1/stop", "/v1/%2e/stop"]) {
    assertEquals(statusOf(await attacked.ask(`POST ${path}`, own)), 403, path);
    const bearer = [BEARER, "Content-Length: 0"];
    assertEquals(statusOf(await attacked.ask(`POST ${path}`, bearer)), 403, path);
  }
  assertEquals(statusOf(await attacked.ask("POST /v1/reload", own)), 200);
  for (const path of ["/v1/reload", "/v1/replay", "/v1/resume", "/v1/login", "/v1/logout"]) {
    const same = "Sec-Fetch-Site: same-site";
    const fields = [cookie, same, "Content-Length: 0"];
    assertEquals(statusOf(await attacked.ask(`POST ${path}`, fields)), 403, path);
  }
});

Deno.test("without a token no name but loopback's shows the page, its data or its stream", async () => {
  await using attacked = await Attacked.start();
  const { port } = attacked.url;
  const upgrade = ["Connection: Upgrade", "Upgrade: websocket"];
  for (const host of [`rebound.example.com:${port}`, "rebound.example.com", "127.0.0.1.evil.org"]) {
    for (const path of ["/", "/page/main.js", "/v1/page", "/v1/status", "/v1/events", "/metrics"]) {
      const fields = [`Host: ${host}`];
      assertEquals(statusOf(await attacked.ask(`GET ${path}`, fields)), 403, path);
      assertEquals(statusOf(await attacked.ask(`GET ${path}`, [...fields, ...upgrade])), 403, path);
    }
  }
  const evil = [...upgrade, "Origin: http://evil.example.com"];
  assertEquals(statusOf(await attacked.ask("GET /v1/events", evil)), 403);
  for (const path of ["/v1/reload", "/v1/replay", "/v1/resume", "/v1/login", "/v1/stop"]) {
    assertEquals(statusOf(await attacked.ask(`POST ${path}`, ["Content-Length: 0"])), 403, path);
  }
});

Deno.test("who guesses tokens fills no log, and no log shows a token or a cookie", async () => {
  await using attacked = await Attacked.start({ token: TOKEN });
  const cookie = cookieIn(await attacked.login(TOKEN)).split("=").at(-1) ?? "";
  const before = attacked.daemon.log.length;
  const guess = async () => {
    await attacked.login(WRONG);
    await attacked.ask("GET /v1/status", [`Authorization: Bearer ${WRONG}`]);
    await attacked.ask("GET /v1/status", [`Cookie: gluster-eventing-1=${WRONG}`]);
  };
  for (let each = 0; each < 30; each++) await guess();
  assertEquals(attacked.daemon.log.length - before, 1, attacked.daemon.log.join("\n"));
  assertEquals(attacked.daemon.daemon.status().api.refused, 90);
  const metrics = await attacked.ask("GET /metrics", [BEARER]);
  const { log, daemon } = attacked.daemon;
  for (const text of [log.join("\n"), JSON.stringify(daemon.status()), metrics]) {
    for (const secret of [TOKEN, WRONG, cookie]) assertEquals(text.includes(secret), false);
  }
});
