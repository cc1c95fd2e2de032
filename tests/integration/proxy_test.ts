import { createClient } from "../../src/dispatcher/http/create_client.ts";
import { systemNetwork } from "../../src/dispatcher/http/open_connection.ts";
import { SocketClient } from "../../src/dispatcher/http/socket_client.ts";
import { type AttemptResult, describeResult } from "../../src/dispatcher/verdict.ts";
import { assert, assertEquals, assertMatch } from "../support/assert.ts";
import { HttpProxy, type ProxyOptions, refuseSocks, SocksProxy } from "../support/proxies.ts";
import { type Act, linger, RawReceiver, say, sayAndClose } from "../support/raw_receiver.ts";
import { Receiver } from "../support/receiver.ts";

type Variables = Readonly<Record<string, string>>;

async function post(
  url: string,
  { proxy, variables = {}, timeoutMs = 5000 }: {
    readonly proxy?: string;
    readonly variables?: Variables;
    readonly timeoutMs?: number;
  },
): Promise<AttemptResult> {
  using client = createClient((name) => variables[name]);
  const { signal } = new AbortController();
  const transport = proxy === undefined ? {} : { proxy };
  const request = { url, headers: { "webhook-id": "1" }, body: "{}" };
  return await client.post(request, { timeoutMs, signal, transport });
}

function failureOf(result: AttemptResult): AttemptResult & { kind: "error" } {
  if (result.kind === "error") return result;
  throw new Error(`There is an answer: ${Deno.inspect(result)}`);
}

Deno.test("a webhook's own proxy goes before the environment's, and none before both", async () => {
  await using own = new HttpProxy();
  await using other = new HttpProxy();
  await using receiver = new Receiver();
  const { url } = receiver;
  const variables = { ALL_PROXY: other.url };
  const asked = () => [own.asked.length, other.asked.length];
  await post(url, { proxy: own.url, variables });
  assertEquals(asked(), [1, 0]);
  await post(url, { variables });
  assertEquals(asked(), [1, 1]);
  await post(url, { proxy: "none", variables });
  assertEquals(asked(), [1, 1]);
  await post(url, { variables: { ...variables, NO_PROXY: "127.0.0.1" } });
  assertEquals(asked(), [1, 1]);
  // NO_PROXY is about the environment's.
  await post(url, { proxy: own.url, variables: { ...variables, NO_PROXY: "127.0.0.1" } });
  assertEquals([asked(), receiver.requests.length], [[2, 1], 5]);
});

Deno.test("a change of the proxy counts from the next request on, and connections are kept", async () => {
  await using proxy = new SocksProxy();
  await using receiver = new Receiver();
  using client = new SocketClient(systemNetwork, () => undefined);
  const { signal } = new AbortController();
  const seen: number[] = [];
  for (const setting of [undefined, "none", proxy.url, proxy.url, "none", proxy.url]) {
    const transport = setting === undefined ? {} : { proxy: setting };
    const request = { url: receiver.url, headers: {}, body: "{}" };
    await client.post(request, { timeoutMs: 5000, signal, transport });
    seen.push(proxy.connections);
  }
  assertEquals([seen, receiver.requests.length], [[0, 0, 1, 1, 1, 2], 6]);
});

Deno.test("a name is looked up by the proxy, but by this node with socks5", async () => {
  await using http = new HttpProxy();
  await using socks = new SocksProxy();
  await using receiver = new Receiver();
  const url = `http://ops.example:${receiver.port}/hook`;
  const looked: string[] = [];
  const network = {
    ...systemNetwork,
    resolve: (hostname: string) => {
      looked.push(hostname);
      return Promise.resolve(["127.0.0.1"]);
    },
  };
  using client = new SocketClient(network);
  const { signal } = new AbortController();
  for (const proxy of [http.url, socks.url, socks.url.replace("socks5h:", "socks5:")]) {
    const request = { url, headers: {}, body: "{}" };
    const result = await client.post(request, { timeoutMs: 5000, signal, transport: { proxy } });
    assertEquals("status" in result && result.status, 200, Deno.inspect(result));
  }
  assertEquals(looked, ["ops.example"]);
  assertEquals([...http.asked, ...socks.asked], [
    `POST ${url}`,
    `CONNECT ops.example:${receiver.port}`,
    `CONNECT 127.0.0.1:${receiver.port}`,
  ]);
});

const LOGINS: readonly (readonly [user: string, password: string, inUrl: string])[] = [
  ["ops", "pa55word", "ops:pa55word"],
  ["ops@example.com", "p:a/s?s#w%r d", "ops%40example.com:p%3Aa%2Fs%3Fs%23w%25r%20d"],
  ["jürgen", "пароль", "j%C3%BCrgen:%D0%BF%D0%B0%D1%80%D0%BE%D0%BB%D1%8C"],
  ["ops", "", "ops"],
];

for (const [user, password, inUrl] of LOGINS) {
  Deno.test(`a proxy is told the user and the password of its URL: ${inUrl}`, async () => {
    await using receiver = new Receiver();
    for (const open of [HttpProxy, SocksProxy]) {
      await using proxy = new open({ user, password });
      const result = await post(receiver.url, { proxy: proxy.url.replace("//", `//${inUrl}@`) });
      assertEquals("status" in result && result.status, 200, Deno.inspect(result));
    }
    const names = ["proxy-authorization", "authorization"];
    for (const { headers } of receiver.requests) {
      assertEquals(names.map((name) => headers.get(name)), [null, null]);
    }
  });
}

Deno.test("the receiver gets its own user and password, and the proxy's stay with the proxy", async () => {
  await using proxy = new HttpProxy({ user: "us", password: "pr0xy" });
  await using receiver = new Receiver();
  const url = receiver.url.replace("//", "//me:rec3iver@");
  await post(url, { proxy: proxy.url.replace("//", "//us:pr0xy@") });
  assertEquals(receiver.requests[0]?.headers.get("authorization"), `Basic ${btoa("me:rec3iver")}`);
  assertEquals(proxy.asked, [`POST ${receiver.url}`]);
});

/** What a proxy does with HTTPS requests, and what is told of it. */
const TROUBLES: readonly (readonly [string, ProxyOptions, RegExp])[] = [
  [
    "wants a login",
    { user: "ops" },
    /^network: proxy H wants credentials: 407 Proxy Auth/,
  ],
  [
    "wants a login in its own way",
    { act: sayAtOnce("HTTP/1.0 401 Unauthorized\r\n\r\n") },
    /^network: proxy H does not take the credentials that it is given: 401 Unauthorized$/,
  ],
  [
    "forbids it",
    { act: sayAtOnce("HTTP/1.1 403 Forbidden\r\n\r\n") },
    /^network: proxy H does not connect to ops\.example:443: 403 Forbidden$/,
  ],
  [
    "does not reach it",
    { act: sayAtOnce("HTTP/1.0 502 No\r\ncontent-length: 4\r\n\r\nnope") },
    /^network: proxy H does not connect to ops\.example:443: 502 Bad Gateway$/,
  ],
  [
    "redirects",
    { act: sayAtOnce("HTTP/1.1 302 Found\r\nlocation: http://login/\r\n\r\n") },
    /^network: proxy H does not connect to ops\.example:443: 302 Found$/,
  ],
  ["hangs", { act: linger }, /^timeout: no answer of proxy H within 200 ms$/],
  [
    "stops in its head",
    { act: sayAtOnce("HTTP/1.1 200 OK\r\n") },
    /^timeout: no answer of proxy H within 200 ms$/,
  ],
  [
    "hangs up",
    { act: () => Promise.resolve() },
    /^reset: proxy H hung up without connecting to ops\.example:443$/,
  ],
  [
    "is none",
    { act: sayAtOnce("220 mail.example.com ESMTP\r\n") },
    /^network: proxy H is no HTTP proxy: .* begins with "220 mail/,
  ],
  [
    "says too much",
    { act: sayAtOnce("HTTP/1.1 200 OK\r\n\r\nhello") },
    /^network: proxy H is no HTTP proxy: the answer has a body$/,
  ],
  [
    "never ends its head",
    { act: sayAtOnce(`HTTP/1.1 200 OK\r\nx: ${"y".repeat(20_000)}`) },
    /^network: proxy H is no HTTP proxy: the answer's head does not end$/,
  ],
];

/** Says it without having been asked once more, and leaves the rest to the client. */
function sayAtOnce(text: string): Act {
  return async (connection) => {
    await connection.write(new TextEncoder().encode(text));
    await linger(connection);
  };
}

for (const [does, options, expected] of TROUBLES) {
  Deno.test(`where a proxy ${does}, that is told of the proxy`, async () => {
    await using proxy = new HttpProxy(options);
    const setting = proxy.url.replace("//", options.user === undefined ? "//u:pa55word@" : "//");
    const result = failureOf(
      await post("https://ops.example/", { proxy: setting, timeoutMs: 200 }),
    );
    assertMatch(describeResult(result).replaceAll(proxy.address, "H"), expected);
    assertEquals(result.stage, "proxy");
    assertEquals(JSON.stringify(result).includes("pa55word"), false);
  });
}

Deno.test("a SOCKS proxy that wants a login gets none, and no more than it can take", async () => {
  await using proxy = new SocksProxy({ user: "ops" });
  const without = await post("http://ops.example/", { proxy: proxy.url });
  assertMatch(describeResult(without), /^network: proxy .* wants credentials: /);
  const long = proxy.url.replace("//", `//ops:${"x".repeat(256)}@`);
  const tooLong = await post("http://ops.example/", { proxy: long });
  assertMatch(describeResult(tooLong), /they have at most 255 bytes$/);
});

Deno.test("interim answers of a proxy are passed over", async () => {
  await using proxy = new HttpProxy({
    act: sayAtOnce("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 503 No\r\n\r\n"),
  });
  const result = await post("https://ops.example/", { proxy: proxy.url });
  assertMatch(describeResult(result), /: 503 Service Unavailable$/);
});

const SOCKS_TROUBLES: readonly (readonly [string, ProxyOptions, RegExp])[] = [
  ["wants another one", { user: "u", password: "x" }, /^network: proxy H does not .*: it refuses/],
  [
    "forbids it",
    { act: refuseSocks(2) },
    /does not connect to ops\.example:80: its rules forbid it$/,
  ],
  ["is refused", { act: refuseSocks(5) }, /^refused: proxy H .*: the connection was refused$/],
  ["is odd", { act: refuseSocks(99) }, /: it says 99$/],
  ["hangs", { act: linger }, /^timeout: no answer of proxy H within 200 ms$/],
  ["hangs up", { act: () => Promise.resolve() }, /^reset: proxy H hung up without connecting to/],
];

for (const [does, options, expected] of SOCKS_TROUBLES) {
  Deno.test(`where a SOCKS proxy ${does}, that is told of the proxy`, async () => {
    await using proxy = new SocksProxy(options);
    const setting = proxy.url.replace("//", "//u:pa55word@");
    const result = failureOf(await post("http://ops.example/", { proxy: setting, timeoutMs: 200 }));
    assertMatch(describeResult(result).replaceAll(proxy.address, "H"), expected);
    assertEquals([result.stage, JSON.stringify(result).includes("pa55word")], ["proxy", false]);
  });
}

Deno.test("a proxy that cannot be reached is told of as such", async () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ["http://u:pa55word@127.0.0.1:1", /^refused: proxy 127\.0\.0\.1:1 refused the connection$/],
    ["socks5h://u:pa55word@[::1]:1", /^(refused|network): proxy \[::1\]:1 /],
    ["http://no-such-host.invalid:3128", /^dns: proxy no-such.*:3128 cannot be reached: failed to/],
    ["socks5://no-such-host.invalid", /^dns: proxy no-such-host\.invalid:1080 cannot be reached: /],
  ];
  for (const [proxy, expected] of cases) {
    for (const url of ["http://127.0.0.1/", "https://127.0.0.1/"]) {
      const result = failureOf(await post(url, { proxy }));
      assertMatch(describeResult(result), expected);
      assertEquals([result.stage, JSON.stringify(result).includes("pa55word")], ["proxy", false]);
    }
  }
  // One that speaks no TLS.
  await using plain = new RawReceiver(say("HTTP/1.1 200 OK\r\n\r\n"));
  const proxy = plain.url.replace("http:", "https:");
  const result = failureOf(await post("http://ops.example/", { proxy }));
  assertMatch(result.detail, /^proxy 127\.0\.0\.1:\d+ does not agree on TLS: .*corrupt message/);
  assertEquals([result.stage, result.proxyStep], ["proxy", "tls"]);
});

Deno.test("an answer to what a proxy forwards is told of as one through it", async () => {
  const answers: readonly (readonly [string, RegExp])[] = [
    ["HTTP/1.1 204 No Content\r\n\r\n", /^204 No Content$/],
    ["HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n", /^403 Forbidden, through proxy H$/],
    ["HTTP/1.1 502 No\r\ncontent-length: 0\r\n\r\n", /^502 Bad Gateway, through proxy H$/],
    // These are told by what the common proxies put into their own answers.
    [
      "HTTP/1.1 403 Forbidden\r\nX-Squid-Error: ERR_ACCESS_DENIED 0\r\ncontent-length: 0\r\n\r\n",
      /^network: proxy H does not connect to ops\.example:80: 403 Forbidden$/,
    ],
    [
      "HTTP/1.0 500 Unable to connect\r\nServer: tinyproxy/1.11.1\r\n\r\n",
      /^network: proxy H does not connect to ops\.example:80: 500 Internal Server Error$/,
    ],
    [
      "HTTP/1.0 401 Unauthorized\r\nServer: tinyproxy/1.11.1\r\n\r\n",
      /^network: proxy H wants credentials: 401 Unauthorized$/,
    ],
    // Only a proxy says this, and to be refused by it is no answer of the receiver.
    ["HTTP/1.1 407 No\r\ncontent-length: 0\r\n\r\n", /^network: proxy H wants .*: 407 Proxy Auth/],
    ["", /^reset: the connection was closed .* came, through proxy H$/],
    ["garbage\r\n\r\n", /^network: the answer is not HTTP.*, through proxy H$/],
  ];
  for (const [answer, expected] of answers) {
    await using proxy = new RawReceiver(sayAndClose(answer));
    const result = await post("http://ops.example/", { proxy: proxy.url });
    const { host } = new URL(proxy.url);
    assertMatch(describeResult(result).replaceAll(host, "H"), expected);
  }
  await using hanging = new RawReceiver(linger);
  const silent = await post("http://ops.example/", { proxy: hanging.url, timeoutMs: 200 });
  assertMatch(describeResult(silent), /^timeout: no answer within 200 ms, through proxy 127/);
});

Deno.test("what a proxy repeats of its user and password is masked", async () => {
  const secret = btoa("us:pa55word");
  const text = `${secret} pa55word`;
  const answer = `HTTP/1.1 403 No\r\ncontent-length: ${text.length}\r\n\r\n${text}`;
  await using proxy = new RawReceiver(sayAndClose(answer));
  const setting = proxy.url.replace("//", "//us:pa55word@");
  for (const options of [{ proxy: setting }, { variables: { http_proxy: setting } }]) {
    const result = await post("http://ops.example/", options);
    assertEquals("answer" in result && result.answer, "*** ***");
  }
});

Deno.test("what a proxy repeats instead of HTTP is masked, also where it is cut off", async () => {
  const cases = [
    [`login us:pa55word ${btoa("us:pa55word")}`, 'begins with "login us:*** ***"'],
    [
      `a line that is cut in the middle, pa55word`,
      'begins with "a line that is cut in the middle, ***"',
    ],
  ] as const;
  for (const [line, expected] of cases) {
    await using proxy = new RawReceiver(sayAndClose(`${line}\r\n\r\n`));
    const setting = proxy.url.replace("//", "//us:pa55word@");
    const variables = { http_proxy: setting, https_proxy: setting };
    for (const scheme of ["http", "https"]) {
      const { detail } = failureOf(await post(`${scheme}://ops.example/`, { variables }));
      assert(detail.includes(expected), detail);
    }
  }
});

Deno.test("one request is sent once, also where a proxy hangs up on it", async () => {
  let count = 0;
  await using proxy = new RawReceiver(async (connection) => {
    count++;
    await sayAndClose("")(connection);
  });
  const result = await post("http://ops.example/", { proxy: proxy.url });
  assertEquals([result.kind, count], ["error", 1]);
});

Deno.test("requests share a connection through a tunnel", async () => {
  await using proxy = new SocksProxy();
  await using receiver = new Receiver();
  using client = createClient((name) => name === "ALL_PROXY" ? proxy.url : undefined);
  const { signal } = new AbortController();
  for (let count = 0; count < 5; count++) {
    const request = { url: receiver.url, headers: {}, body: "{}" };
    await client.post(request, { timeoutMs: 5000, signal });
  }
  assertEquals([proxy.connections, receiver.requests.length], [1, 5]);
});
