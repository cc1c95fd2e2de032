/**
 * `webhook-test` of the compiled program against receivers, proxies and networks in trouble.
 *
 * @module
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "../support/assert.ts";
import { mustDo, startDaemon, statusOf } from "../support/local_node.ts";
import { type ProgramResult, runProgram } from "../support/program.ts";
import { type Act, linger, RawReceiver, say, sayAndClose } from "../support/raw_receiver.ts";
import { Receiver } from "../support/receiver.ts";
import { BINARY, testNeeding } from "../support/requirements.ts";
import { makeTempFolder } from "../support/temp_folder.ts";

const CERT = new URL("../fixtures/tls/cert.pem", import.meta.url).pathname;
const KEY = new URL("../fixtures/tls/key.pem", import.meta.url).pathname;

interface Row {
  readonly webhook_status: string;
  readonly stage: string | null;
  readonly status: number | null;
  readonly reason: string;
  readonly hint: string;
}

/** Words of a command line, in front of which others may stand. */
async function run(
  url: string,
  { before = [], env = {}, timeout = "5s" }: {
    readonly before?: readonly string[];
    readonly env?: Record<string, string>;
    readonly timeout?: string;
  } = {},
): Promise<{ readonly end: ProgramResult; readonly row: Row }> {
  await using folder = await makeTempFolder();
  const { path } = folder;
  const places = ["--workdir", path, "--state-dir", `${path}/state`, "--socket", `${path}/sock`];
  const words = ["webhook-test", url, "--timeout", timeout, "--json", "--local", ...places];
  const [binary = BINARY, ...args] = [...before, BINARY, ...words];
  const end = await runProgram(args, { binary, env });
  const { output } = JSON.parse(end.stdout);
  assertEquals(output.length, 1, Deno.inspect(end));
  return { end, row: output[0] };
}

async function mustFail(...given: Parameters<typeof run>): Promise<Row> {
  const { end, row } = await run(...given);
  assertEquals([end.code, end.stderr, row.webhook_status], [3, "", "NOT OK"], Deno.inspect(end));
  assert(row.hint !== "", Deno.inspect(row));
  return row;
}

/** A receiver with TLS and a certificate that openssl makes; it answers 200. */
async function serveTls(cert: string, key: string): Promise<Deno.HttpServer<Deno.NetAddr>> {
  return Deno.serve(
    {
      // Its names are those of the certificate, and 127.0.0.2 is none of them.
      hostname: "0.0.0.0",
      port: 0,
      onListen: () => {},
      cert: await Deno.readTextFile(cert),
      key: await Deno.readTextFile(key),
    },
    () => new Response("thank you"),
  );
}

/** Makes a certificate of its own for localhost. @returns Its path; the key lies beside it. */
async function makeCert(
  folder: string,
  { days, isCa }: { days: number; isCa: boolean },
): Promise<string> {
  const [key, csr, ext, cert] = ["key", "csr", "ext", "pem"].map((end) => `${folder}/own.${end}`);
  const constraint = `basicConstraints=critical,CA:${isCa ? "TRUE" : "FALSE"}`;
  await Deno.writeTextFile(ext ?? "", `${constraint}\nsubjectAltName=DNS:localhost\n`);
  const steps = [
    `req -new -newkey rsa:2048 -nodes -subj /CN=localhost -keyout ${key} -out ${csr}`,
    `x509 -req -in ${csr} -signkey ${key} -days ${days} -extfile ${ext} -out ${cert}`,
  ];
  for (const step of steps) {
    const { code, stderr } = await runProgram(step.split(" "), { binary: "openssl" });
    assertEquals(code, 0, stderr);
  }
  return cert ?? "";
}

testNeeding(
  ["binary", "openssl"],
  "webhook-test tells certificates apart that are not taken",
  async () => {
    const cases = [
      { days: 2, isCa: false, isTrusted: false, reason: /UnknownIssuer/, hint: /webhook-trust/ },
      { days: 2, isCa: true, isTrusted: true, reason: /CaUsedAsEndEntity/, hint: /CA:FALSE/ },
      {
        days: -1,
        isCa: false,
        isTrusted: true,
        reason: /Expired/,
        hint: /has expired/,
      },
    ];
    for (const { isTrusted, reason, hint, ...kind } of cases) {
      await using folder = await makeTempFolder();
      const cert = await makeCert(folder.path, kind);
      await using server = await serveTls(cert, cert.replace(/pem$/, "key"));
      const env: Record<string, string> = isTrusted ? { DENO_CERT: cert } : {};
      const row = await mustFail(`https://localhost:${server.addr.port}/`, { env });
      assertEquals(row.stage, "tls");
      assertMatch(row.reason, reason);
      assertMatch(row.hint, hint);
    }
  },
);

testNeeding(
  ["binary"],
  "webhook-test takes a trusted certificate for its own names only",
  async () => {
    await using server = await serveTls(CERT, KEY);
    const env = { DENO_CERT: CERT };
    const { end } = await run(`https://localhost:${server.addr.port}/`, { env });
    assertEquals(end.code, 0, Deno.inspect(end));
    const row = await mustFail(`https://127.0.0.2:${server.addr.port}/`, { env });
    assertMatch(row.hint, /not made for 127\.0\.0\.2/);
  },
);

testNeeding(["binary"], "webhook-test says of a receiver that hangs where it hangs", async () => {
  await using deaf = new RawReceiver(linger);
  const inTls = await mustFail(deaf.url.replace("http:", "https:"), { timeout: "300ms" });
  const after = await mustFail(deaf.url, { timeout: "300ms" });
  assertEquals([inTls.stage, after.stage], ["tls", "response"]);
});

const PROXIES: readonly (readonly [string, Act, string])[] = [
  ["does not connect", say("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n"), "proxy"],
  ["hangs up", sayAndClose(""), "proxy"],
  ["hangs", linger, "proxy"],
  ["connects to what hangs up", sayAndClose("HTTP/1.1 200 OK\r\n\r\n"), "tls"],
];

for (const [does, act, stage] of PROXIES) {
  testNeeding(["binary"], `webhook-test says so where a proxy ${does}`, async () => {
    await using proxy = new RawReceiver(act);
    const env = { HTTPS_PROXY: proxy.url.replace("://", "://user:pa55word@") };
    const row = await mustFail("https://ops.example/", { env, timeout: "300ms" });
    assertEquals(row.stage, stage, Deno.inspect(row));
    assertStringIncludes(row.hint, `${new URL(proxy.url).host} of HTTPS_PROXY`);
    assertEquals(JSON.stringify(row).includes("pa55word"), false);
  });
}

testNeeding(
  ["binary"],
  "webhook-test goes through a proxy, says if it is not there, and leaves out NO_PROXY",
  async () => {
    await using receiver = new Receiver();
    const { row, end } = await run("http://ops.example/x", { env: { http_proxy: receiver.url } });
    assertEquals([end.code, row.status, receiver.requests.length], [0, 200, 1], Deno.inspect(end));
    const missing = "http://127.0.0.1:1";
    const refused = await mustFail("http://ops.example/", { env: { HTTP_PROXY: missing } });
    assertEquals([refused.stage, refused.reason], [
      "proxy",
      "proxy 127.0.0.1:1 refused the connection",
    ]);
    assertMatch(refused.hint, /^it is the proxy .*127\.0\.0\.1:1 of HTTP_PROXY/);
    const excepted = { HTTP_PROXY: missing, NO_PROXY: "127.0.0.1" };
    assertEquals((await run(receiver.url, { env: excepted })).end.code, 0);
  },
);

testNeeding(
  ["binary"],
  "webhook-test is the daemon's node, and neither spool nor counts know of it",
  async () => {
    await using receiver = new Receiver();
    await using folder = await makeTempFolder();
    const { path } = folder;
    const nodeId = "4634cc14-be84-4e20-8b4f-6854c32ddc12";
    await using _daemon = await startDaemon(path, "--node-id", nodeId);
    await mustDo(path, "webhook-add", receiver.url, "--name", "ops");
    await mustDo(path, "webhook-test", "ops");
    const [test] = receiver.events;
    assertEquals([test?.event, test?.nodeid, test?.host], ["TEST", nodeId, Deno.hostname()]);
    const { events, webhooks } = await statusOf(path);
    assertEquals([events.received, webhooks[0]?.matched, webhooks[0]?.delivered], [0, 0, 0]);
    for (const command of ["history", "attempts"]) {
      assertEquals(JSON.parse(await mustDo(path, command, "--json")).output, []);
    }
  },
);

/** A link whose other end swallows everything. */
const BLACK_HOLE = `ip link set lo up
ip link add hole0 type veth peer name hole1
ip link set hole1 up
ip link set hole0 up
ip address add 192.0.2.1/24 dev hole0
ip neighbour add 192.0.2.9 lladdr 02:00:00:00:00:09 dev hole0 nud permanent
ip route add unreachable 198.51.100.0/24
exec "$@"`;

testNeeding(
  ["binary", "namespaces"],
  "webhook-test says of an address that swallows everything that it does not connect",
  async () => {
    const before = ["unshare", "--net", "sh", "-ec", BLACK_HOLE, "sh"];
    const hole = await mustFail("http://192.0.2.9/", { before, timeout: "400ms" });
    assertEquals([hole.stage, hole.reason], ["connect", "no connection within 400 ms"]);
    assertMatch(hole.hint, /firewall .* TCP port 80 /);
    const secure = await mustFail("https://192.0.2.9:8443/", { before, timeout: "400ms" });
    assertEquals(secure.stage, "connect");
    const far = await mustFail("http://198.51.100.1/", { before });
    assertMatch(far.hint, /ip route get 198\.51\.100\.1/);
    const name = await mustFail("http://ops.example/", { before });
    assertEquals(name.stage, "name");
    const env = { HTTPS_PROXY: "http://192.0.2.9:3128" };
    const proxied = await mustFail("https://ops.example/", { before, env, timeout: "400ms" });
    assertEquals([proxied.stage, proxied.reason], [
      "proxy",
      "no connection to proxy 192.0.2.9:3128 within 400 ms",
    ]);
    assertMatch(proxied.hint, /^it is the proxy that cannot be reached: /);
  },
);
