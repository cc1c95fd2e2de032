import { Buffer } from "node:buffer";
import { type Network, systemNetwork } from "../../src/dispatcher/http/open_connection.ts";
import { SocketClient } from "../../src/dispatcher/http/socket_client.ts";
import { assertEquals, assertStringIncludes } from "../support/assert.ts";
import { HttpProxy, SocksProxy } from "../support/proxies.ts";
import { RawReceiver } from "../support/raw_receiver.ts";
import { testNeeding } from "../support/requirements.ts";

const ANSWER = new TextEncoder().encode("HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n");

/** Takes one request after the other, and keeps their bytes. */
class Listener extends RawReceiver {
  readonly heads: string[] = [];

  constructor() {
    const heads: string[] = [];
    super(async (connection) => {
      let head = "";
      const buffer = new Uint8Array(65_536);
      while (!head.endsWith("\r\n\r\n{}")) {
        const count = await connection.read(buffer);
        if (count === null) return;
        head += Buffer.from(buffer.subarray(0, count)).toString("latin1");
      }
      heads.push(head);
      await connection.write(ANSWER);
    });
    this.heads = heads;
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }
}

/** A network in which every name and port leads to one port of this machine. */
function networkTo(port: number, names: string[] = []): Network {
  return {
    ...systemNetwork,
    resolve: (hostname) => {
      names.push(hostname);
      return Promise.resolve(["127.0.0.1"]);
    },
    connect: ({ signal }) => systemNetwork.connect({ hostname: "127.0.0.1", port, signal }),
  };
}

async function post(
  client: SocketClient,
  url: string,
  { headers = {}, proxy = "none" }: {
    readonly headers?: Readonly<Record<string, string>>;
    readonly proxy?: string;
  } = {},
): Promise<void> {
  const { signal } = new AbortController();
  const options = { timeoutMs: 5000, signal, transport: { proxy } };
  const result = await client.post({ url, headers, body: "{}" }, options);
  assertEquals("status" in result && result.status, 204, Deno.inspect(result));
}

/** The line of the request, and the lines that differ between URLs. */
function tell(head: string | undefined): Readonly<Record<string, string | undefined>> {
  const [line = "", ...fields] = (head ?? "").split("\r\n");
  const values = (name: string) =>
    fields.filter((field) => field.toLowerCase().startsWith(`${name}: `))
      .map((field) => field.slice(name.length + 2)).join(" and ") || undefined;
  return { line, host: values("host"), authorization: values("authorization") };
}

const LONG = `/${"segment/".repeat(1000)}?q=${"v".repeat(192)}`;

/** URLs, with the path, the host and the user and password that a receiver sees. */
const URLS: readonly (readonly [string, path: string, host: string, login?: string])[] = [
  ["http://ops.example/", "/", "ops.example"],
  ["http://ops.example", "/", "ops.example"],
  ["http://ops.example:80/x", "/x", "ops.example"],
  ["http://ops.example:443/x", "/x", "ops.example:443"],
  ["http://ops.example:65535/x", "/x", "ops.example:65535"],
  ["http://OPS.Example/Listen", "/Listen", "ops.example"],
  ["HTTP://ops.example/x", "/x", "ops.example"],
  ["http://ops.example./x", "/x", "ops.example."],
  ["http://ops_1.example/x", "/x", "ops_1.example"],
  ["http://bücher.example/x", "/x", "xn--bcher-kva.example"],
  ["http://xn--bcher-kva.example/x", "/x", "xn--bcher-kva.example"],
  ["http://例え.テスト:8080/", "/", "xn--r8jz45g.xn--zckzah:8080"],
  ["http://ops.example/a b/ü/日本", "/a%20b/%C3%BC/%E6%97%A5%E6%9C%AC", "ops.example"],
  ["http://ops.example/a%2Fb%zz%", "/a%2Fb%zz%", "ops.example"],
  ["http://ops.example/a/../b/./%2e%2e/c", "/c", "ops.example"],
  ["http://ops.example//a//b", "//a//b", "ops.example"],
  ["http://ops.example/a;b=c,d@e:f", "/a;b=c,d@e:f", "ops.example"],
  ["http://ops.example?a=b", "/?a=b", "ops.example"],
  ["http://ops.example/x?", "/x?", "ops.example"],
  [
    "http://ops.example/x?a[]=b c&d=ü|^`{}<>\"'&e=%26%zz?/+",
    "/x?a[]=b%20c&d=%C3%BC|^`{}%3C%3E%22%27&e=%26%zz?/+",
    "ops.example",
  ],
  [`http://ops.example${LONG}`, LONG, "ops.example"],
  ["http://us:pa55@ops.example/", "/", "ops.example", "us:pa55"],
  ["http://us%40er:p%3Aa%2Fss@ops.example/", "/", "ops.example", "us@er:p:a/ss"],
  ["http://jürgen:пароль@ops.example/", "/", "ops.example", "jürgen:пароль"],
  ["http://us:@ops.example/", "/", "ops.example", "us:"],
  ["http://us@ops.example/", "/", "ops.example", "us:"],
  ["http://:pa55@ops.example/", "/", "ops.example", ":pa55"],
  ["http://us:50%@ops.example/", "/", "ops.example", "us:50%"],
  ["http://us:p%40ss%@ops.example/", "/", "ops.example", "us:p@ss%"],
  ["http://:@ops.example/", "/", "ops.example"],
];

for (const [url, path, host, login] of URLS) {
  const name = url.length > 80 ? `of ${url.length} characters` : url;
  const basic = login === undefined ? undefined : Buffer.from(login).toString("base64");
  const authorization = basic === undefined ? undefined : `Basic ${basic}`;

  Deno.test(`a receiver gets what the URL says: ${name}`, async () => {
    await using receiver = new Listener();
    using client = new SocketClient(networkTo(receiver.port));
    await post(client, url);
    await post(client, url, { headers: { authorization: "Bearer t0ken" } });
    const line = `POST ${path} HTTP/1.1`;
    assertEquals(receiver.heads.map(tell), [
      { line, host, authorization },
      { line, host, authorization: "Bearer t0ken" },
    ]);
  });

  Deno.test(`what a proxy forwards says so too: ${name}`, async () => {
    await using proxy = new Listener();
    using client = new SocketClient();
    await post(client, url, { proxy: proxy.url });
    const line = `POST http://${host}${path} HTTP/1.1`;
    assertEquals(proxy.heads.map(tell), [{ line, host, authorization }]);
  });

  Deno.test(`fetch sends the same: ${name}`, async () => {
    await using receiver = new Listener();
    // A proxy, since fetch cannot be told where a name leads.
    using client = Deno.createHttpClient({ proxy: { url: receiver.url } });
    const response = await fetch(url, { method: "POST", body: "{}", client });
    await response.body?.cancel();
    const [head] = receiver.heads;
    const expected = tell(head);
    using own = new SocketClient();
    await post(own, url, { proxy: receiver.url });
    assertEquals(tell(receiver.heads[1]), expected);
  });
}

Deno.test("a name is looked up as the URL says it, and TLS is told it without its last dot", async () => {
  const cases: readonly (readonly [string, name: string, told: string])[] = [
    ["https://ops.example/", "ops.example", "ops.example"],
    ["https://OPS.example.:8443/", "ops.example.", "ops.example"],
    ["https://bücher.example/", "xn--bcher-kva.example", "xn--bcher-kva.example"],
  ];
  for (const [url, name, told] of cases) {
    let hello = "";
    await using receiver = new RawReceiver(async (connection) => {
      const buffer = new Uint8Array(4096);
      const count = await connection.read(buffer);
      hello = Buffer.from(buffer.subarray(0, count ?? 0)).toString("latin1");
    });
    const names: string[] = [];
    using client = new SocketClient(networkTo(Number(new URL(receiver.url).port), names));
    const { signal } = new AbortController();
    await client.post({ url, headers: {}, body: "" }, { timeoutMs: 5000, signal });
    assertEquals(names, [name]);
    // The name stands behind its length.
    assertStringIncludes(hello, `\0${String.fromCharCode(told.length)}${told}`);
    assertEquals(hello.includes(`${told}.`), false);
  }
});

testNeeding(
  ["ipv6"],
  "an IPv6 address in a URL is connected to, also through proxies",
  async () => {
    const heads: (string | null)[] = [];
    await using server = Deno.serve(
      { hostname: "::1", port: 0, onListen: () => {} },
      (request) => {
        heads.push(request.headers.get("host"));
        return new Response(null, { status: 204 });
      },
    );
    const { port } = server.addr;
    await using http = new HttpProxy();
    await using socks = new SocksProxy();
    const local = { socks5: socks.url.replace("socks5h:", "socks5:") };
    using client = new SocketClient();
    for (const proxy of ["none", http.url, socks.url, local.socks5]) {
      await post(client, `http://[0:0:0:0:0:0:0:1]:${port}/x`, { proxy });
    }
    assertEquals(heads, Array<string>(4).fill(`[::1]:${port}`));
    assertEquals([...http.asked, ...socks.asked], [
      `POST http://[::1]:${port}/x`,
      `CONNECT ::1:${port}`,
      `CONNECT ::1:${port}`,
    ]);
  },
);

testNeeding(["ipv6"], "a proxy can have an IPv6 address", async () => {
  await using receiver = new Listener();
  const relay = Deno.listen({ hostname: "::1", port: 0 });
  const serving = (async () => {
    for await (const connection of relay) {
      const next = await Deno.connect({ hostname: "127.0.0.1", port: receiver.port });
      await Promise.all([
        connection.readable.pipeTo(next.writable).catch(() => {}),
        next.readable.pipeTo(connection.writable).catch(() => {}),
      ]);
    }
  })();
  using client = new SocketClient();
  await post(client, "http://ops.example/", { proxy: `http://[::1]:${relay.addr.port}` });
  relay.close();
  client[Symbol.dispose]();
  await serving;
  assertEquals(receiver.heads.map(tell).map(({ line }) => line), [
    "POST http://ops.example/ HTTP/1.1",
  ]);
});
