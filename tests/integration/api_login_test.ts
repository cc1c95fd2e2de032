/**
 * Browsers at the gate: what they get without a token, with a login, and after it.
 *
 * @module
 */
import { Gate, type GateOptions } from "../../src/api/gate.ts";
import { LONGEST_SESSION_MS, UNUSED_SESSION_MS } from "../../src/api/sessions.ts";
import { assertEquals, assertMatch } from "../support/assert.ts";
import { exchange, RawConnection, statusOf } from "../support/raw_http.ts";
import { makeTempFolder } from "../support/temp_folder.ts";
import { until } from "../support/until.ts";

const CERT = await Deno.readTextFile(new URL("../fixtures/tls/cert.pem", import.meta.url));
const KEY = await Deno.readTextFile(new URL("../fixtures/tls/key.pem", import.meta.url));
const TOKEN = "0123456789abcdef";

/** A gate in front of a server that tells what reaches it. */
class Guarded implements AsyncDisposable {
  readonly gate: Gate;
  readonly seen: { readonly path: string; readonly headers: Headers }[] = [];
  token: string | null = TOKEN;
  nowMs = 0;
  /** How often the time was looked at. */
  looks = 0;
  readonly #cleanups: AsyncDisposableStack;

  private constructor(
    { cleanups, socket, options }: {
      readonly cleanups: AsyncDisposableStack;
      readonly socket: string;
      readonly options: Partial<GateOptions>;
    },
  ) {
    this.#cleanups = cleanups;
    const inner = Deno.serve({ path: socket, onListen: () => {} }, (request) => {
      const { headers } = request;
      this.seen.push({ path: new URL(request.url).pathname, headers: new Headers(headers) });
      if (headers.get("upgrade") !== null) return Deno.upgradeWebSocket(request).response;
      const isStream = request.url.endsWith("/v1/events");
      return new Response(isStream ? new ReadableStream({ pull: () => {} }) : "inside");
    });
    cleanups.defer(() => inner.shutdown());
    this.gate = Gate.open({
      address: { hostname: "127.0.0.1", port: 0 },
      socket,
      token: () => this.token,
      steadyNow: () => {
        this.looks++;
        return this.nowMs;
      },
      onFault: (error) => {
        throw error;
      },
      ...options,
    });
    cleanups.defer(() => this.gate.stop(0));
  }

  static async make(options: Partial<GateOptions> = {}): Promise<Guarded> {
    await using cleanups = new AsyncDisposableStack();
    const folder = cleanups.use(await makeTempFolder());
    const given = { socket: `${folder.path}/sock`, options };
    return new Guarded({ ...given, cleanups: cleanups.move() });
  }

  get host(): string {
    return new URL(this.gate.url).host;
  }

  /** Asks with these header fields. */
  async ask(line: string, fields: readonly string[] = [], body = ""): Promise<string> {
    const length = body === "" ? [] : [`Content-Length: ${body.length}`];
    const lines = [`${line} HTTP/1.1`, `Host: ${this.host}`, ...fields, ...length, "", body];
    const { hostname, port } = this.gate.address;
    const tls = this.gate.url.startsWith("https:") ? { caCerts: [CERT] } : {};
    return await exchange({ hostname, port, ...tls }, lines.join("\r\n"));
  }

  /** @returns The answer to an attempt to log in. */
  async login(token: string, fields: readonly string[] = []): Promise<string> {
    return await this.ask("POST /v1/login", fields, JSON.stringify({ token }));
  }

  /** Logs in. @returns The cookie, as a browser sends it. */
  async cookie(): Promise<string> {
    return cookieIn(await this.login(TOKEN));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#cleanups.disposeAsync();
  }
}

function cookieIn(answer: string): string {
  return `Cookie: ${/\r\nset-cookie: ([^;\r]+)/.exec(answer)?.[1] ?? "none"}`;
}

Deno.test("the token is changed for a cookie that scripts, other sites and the server inside never see", async () => {
  await using guarded = await Guarded.make();
  const answer = await guarded.login(TOKEN);
  assertEquals(statusOf(answer), 204);
  const { port } = guarded.gate.address;
  const name = `gluster-eventing-${port}`;
  assertMatch(
    answer,
    new RegExp(`\r\nset-cookie: ${name}=[\\w-]{43}; Path=/; HttpOnly; SameSite=Strict\r\n`),
  );
  assertEquals(answer.includes(TOKEN), false);
  assertEquals(guarded.seen.length, 0);
  const cookie = cookieIn(answer);
  const other = `${cookie}; theme=dark`;
  assertEquals(statusOf(await guarded.ask("GET /v1/status", [other])), 200);
  const origin = `Origin: ${guarded.gate.url}`;
  assertEquals(statusOf(await guarded.ask("POST /v1/reload", [cookie, origin])), 200);
  assertEquals(guarded.seen.map(({ path }) => path), ["/v1/status", "/v1/reload"]);
  assertEquals(guarded.seen.map(({ headers }) => headers.get("cookie")), [null, null]);
});

Deno.test("with TLS the cookie is sent over TLS only, and is our own host's", async () => {
  await using guarded = await Guarded.make({ tls: { cert: CERT, key: KEY } });
  const answer = await guarded.login(TOKEN, [`Origin: ${guarded.gate.url}`]);
  assertMatch(
    answer,
    /\r\nset-cookie: __Host-gluster-eventing-\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Secure\r\n/,
  );
  assertEquals(statusOf(await guarded.ask("GET /v1/status", [cookieIn(answer)])), 200);
  const withoutPrefix = cookieIn(answer).replace("__Host-", "");
  assertEquals(statusOf(await guarded.ask("GET /v1/status", [withoutPrefix])), 401);
});

Deno.test("the page is answered to everybody, and nothing else without the token", async () => {
  await using guarded = await Guarded.make();
  for (const path of ["/", "/page/main.js"]) {
    assertEquals(statusOf(await guarded.ask(`GET ${path}`)), 200, path);
  }
  const asked = guarded.seen.length;
  for (const path of ["/v1/page", "/v1/events", "/v1/cluster", "/metrics"]) {
    assertEquals(statusOf(await guarded.ask(`GET ${path}`)), 401, path);
  }
  assertEquals(guarded.seen.length, asked);
});

Deno.test("what is no login is refused and opens nothing", async () => {
  await using guarded = await Guarded.make();
  const bodies: Record<string, number> = {
    "": 400,
    "token": 400,
    "[]": 400,
    "null": 400,
    '{"token":7}': 400,
    '{"token":null}': 400,
    [JSON.stringify({ token: "" })]: 401,
    [JSON.stringify({ token: TOKEN.slice(1) })]: 401,
    [JSON.stringify({ token: `${TOKEN}\n` })]: 401,
  };
  for (const [body, status] of Object.entries(bodies)) {
    const answer = await guarded.ask("POST /v1/login", [], body);
    assertEquals(statusOf(answer), status, body);
    assertEquals(/set-cookie/i.test(answer), false, body);
  }
  const large = JSON.stringify({ token: "x".repeat(9000) });
  assertEquals(statusOf(await guarded.ask("POST /v1/login", [], large)), 413);
  guarded.token = null;
  assertEquals(statusOf(await guarded.login("null")), 401);
  assertEquals(statusOf(await guarded.login("")), 401);
  assertEquals(guarded.seen.length, 0);
});

Deno.test("pages of others can neither log in nor out, nor use the cookie", async () => {
  await using guarded = await Guarded.make();
  const evil = "Origin: https://evil.example.com";
  assertEquals(statusOf(await guarded.login(TOKEN, [evil])), 403);
  const cookie = await guarded.cookie();
  const upgrade = ["Connection: Upgrade", "Upgrade: websocket"];
  for (const fields of [[evil], ["Sec-Fetch-Site: cross-site"], ["Sec-Fetch-Site: same-site"]]) {
    for (const line of ["GET /v1/status", "POST /v1/reload", "POST /v1/logout"]) {
      assertEquals(statusOf(await guarded.ask(line, [cookie, ...fields])), 403, line);
    }
    const events = await guarded.ask("GET /v1/events", [cookie, ...upgrade, ...fields]);
    assertEquals(statusOf(events), 403);
  }
  // Not to say where it comes from is not enough to change something.
  assertEquals(statusOf(await guarded.ask("POST /v1/reload", [cookie])), 403);
  assertEquals(statusOf(await guarded.ask("GET /v1/events", [cookie, ...upgrade])), 403);
  assertEquals(guarded.seen.length, 0);
  assertEquals(statusOf(await guarded.ask("GET /v1/status", [cookie])), 200);
});

Deno.test("a session ends with a logout, with its time and with the token, and does not come back", async () => {
  await using guarded = await Guarded.make();
  const isIn = async (cookie: string) =>
    statusOf(await guarded.ask("GET /v1/status", [cookie])) === 200;
  const [one, other] = [await guarded.cookie(), await guarded.cookie()];
  const out = await guarded.ask("POST /v1/logout", [one, `Origin: ${guarded.gate.url}`]);
  assertEquals(statusOf(out), 204);
  assertMatch(out, /\r\nset-cookie: gluster-eventing-\d+=; .*Max-Age=0\r\n/);
  assertEquals([await isIn(one), await isIn(other)], [false, true]);
  guarded.nowMs += UNUSED_SESSION_MS;
  assertEquals(await isIn(other), false);
  const third = await guarded.cookie();
  guarded.token = "another-token-0123";
  assertEquals(await isIn(third), false);
  guarded.token = TOKEN;
  assertEquals(await isIn(third), false);
  const fourth = await guarded.cookie();
  guarded.token = null;
  assertEquals(await isIn(fourth), false);
});

Deno.test("cookies that others made up, doubled or mangled are no session", async () => {
  await using guarded = await Guarded.make();
  const cookie = await guarded.cookie();
  const [name = "", id = ""] = cookie.slice("Cookie: ".length).split("=");
  const refused = [
    `Cookie: ${name}=`,
    `Cookie: ${name}`,
    `Cookie: ${name}=${id}x`,
    `Cookie: ${name}="${id}"`,
    `Cookie: x${name}=${id}`,
    `Cookie: ${name}x=${id}`,
    `Cookie: x="; ${name}"=${id}`,
    `Cookie: ${name.toUpperCase()}=${id}`,
    `Cookie: ${name}=${id}, ${name}=${id}`,
    `X-Cookie: ${name}=${id}`,
    `Cookie: ${"a".repeat(10_000)}`,
  ];
  for (const field of refused) {
    assertEquals(statusOf(await guarded.ask("GET /v1/status", [field])), 401, field);
  }
  assertEquals(statusOf(await guarded.ask("GET /v1/status", [cookie, cookie])), 400);
  assertEquals(
    statusOf(await guarded.ask("GET /v1/status", [`Cookie: ${"a".repeat(17_000)}`])),
    431,
  );
  assertEquals(guarded.seen.length, 0);
  // One that somebody set beside ours (a page on another port of this host) locks nobody out.
  const beside = `Cookie: ${name}=made-up; ${name}=${id}`;
  assertEquals(statusOf(await guarded.ask("GET /v1/status", [beside])), 200);
});

Deno.test("who tries too many tokens has to wait, also with the right one, and a token of its own still counts", async () => {
  await using guarded = await Guarded.make();
  for (let each = 0; each < 10; each++) {
    assertEquals(statusOf(await guarded.login(`wrong-token-${each}`)), 401);
  }
  guarded.nowMs += 20_000;
  const answer = await guarded.login(TOKEN);
  assertEquals(statusOf(answer), 429);
  assertMatch(answer, /\r\nretry-after: 40\r\n/);
  const bearer = [`Authorization: Bearer ${TOKEN}`];
  assertEquals(statusOf(await guarded.ask("GET /v1/status", bearer)), 200);
  guarded.nowMs += 40_000;
  assertEquals(statusOf(await guarded.login(TOKEN)), 204);
});

Deno.test("a stream that a browser listens to ends with its session", async () => {
  await using guarded = await Guarded.make({ limits: { sessionMs: 5 } });
  const { hostname, port } = guarded.gate.address;
  const listen = async (cookie: string) => {
    const connection = await RawConnection.open({ hostname, port });
    const before = guarded.seen.length;
    await connection.send(`GET /v1/events HTTP/1.1\r\nHost: ${guarded.host}\r\n${cookie}\r\n\r\n`);
    await until("it is asked", () => guarded.seen.length > before);
    return connection;
  };
  const cookie = await guarded.cookie();
  using loggedOut = await listen(cookie);
  await guarded.ask("POST /v1/logout", [cookie, `Origin: ${guarded.gate.url}`]);
  await loggedOut.ended;
  using unused = await listen(await guarded.cookie());
  guarded.nowMs += UNUSED_SESSION_MS;
  await unused.ended;
  using renamed = await listen(await guarded.cookie());
  guarded.token = "another-token-0123";
  await renamed.ended;
});

Deno.test("a page that is left open uses its session, as long as one lasts", async () => {
  await using guarded = await Guarded.make({ limits: { sessionMs: 5 } });
  const { hostname, port } = guarded.gate.address;
  const cookie = await guarded.cookie();
  using stream = await RawConnection.open({ hostname, port });
  await stream.send(`GET /v1/events HTTP/1.1\r\nHost: ${guarded.host}\r\n${cookie}\r\n\r\n`);
  await until("it is asked", () => guarded.seen.length > 0);
  for (let hours = 0; hours < 11; hours += 0.5) {
    guarded.nowMs += UNUSED_SESSION_MS / 2;
    const before = guarded.looks;
    await until("the stream was looked at since", () => guarded.looks > before + 4);
  }
  assertEquals(statusOf(await guarded.ask("GET /v1/status", [cookie])), 200);
  guarded.nowMs = LONGEST_SESSION_MS;
  await stream.ended;
  assertEquals(statusOf(await guarded.ask("GET /v1/status", [cookie])), 401);
});

Deno.test("a stream that was opened with the token ends when the token is another one, or none", async () => {
  await using guarded = await Guarded.make({ limits: { sessionMs: 5 } });
  const { hostname, port } = guarded.gate.address;
  const upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" +
    `Sec-WebSocket-Key: ${btoa("0123456789abcdef")}\r\n`;
  const cases = [["", "another-token-0123"], ["", null], [upgrade, "another-token-0123"]] as const;
  for (const [fields, token] of cases) {
    guarded.token = TOKEN;
    using connection = await RawConnection.open({ hostname, port });
    await connection.send(
      `GET /v1/events HTTP/1.1\r\nHost: ${guarded.host}\r\nAuthorization: Bearer ${TOKEN}\r\n` +
        `${fields}\r\n`,
    );
    const isOpen = fields === "" ? () => guarded.seen.length > 0 : () => connection.received !== "";
    await until("it is open", isOpen);
    guarded.token = token;
    await connection.ended;
    guarded.seen.length = 0;
  }
});

Deno.test("without a token there is no login, and a cookie means nothing", async () => {
  await using guarded = await Guarded.make();
  const cookie = await guarded.cookie();
  const open = Gate.open({
    address: { hostname: "127.0.0.1", port: 0 },
    socket: "/nowhere/sock",
  });
  const { hostname, port } = open.address;
  const post = `HTTP/1.1\r\nHost: localhost\r\n${cookie}\r\nContent-Length: 0\r\n\r\n`;
  for (const path of ["/v1/login", "/v1/logout", "/v1/reload"]) {
    assertEquals(statusOf(await exchange({ hostname, port }, `POST ${path} ${post}`)), 403, path);
  }
  await open.stop(0);
});
