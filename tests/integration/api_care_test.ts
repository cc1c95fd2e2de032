/**
 * A daemon that serves its API over TCP where the registry says.
 *
 * @module
 */
import { ApiCare } from "../../src/daemon/api_care.ts";
import { Logger } from "../../src/daemon/logger.ts";
import { setConfig } from "../../src/registry/changes.ts";
import type { ConfigKey } from "../../src/registry/schema.ts";
import { assert, assertEquals, assertMatch } from "../support/assert.ts";
import { exchange, RawConnection, statusOf } from "../support/raw_http.ts";
import { testNeeding } from "../support/requirements.ts";
import { makeTempFolder } from "../support/temp_folder.ts";
import { startOf, TestDaemon } from "../support/test_daemon.ts";
import { until } from "../support/until.ts";

const CERT = new URL("../fixtures/tls/cert.pem", import.meta.url).pathname;
const KEY = new URL("../fixtures/tls/key.pem", import.meta.url).pathname;
const TOKEN = "0123456789abcdef";
const ANY = "127.0.0.1:0";

async function serveAnywhere(daemon: TestDaemon): Promise<void> {
  await daemon.file.change(() => setConfig("api-listen", ANY));
}

async function set(daemon: TestDaemon, values: { readonly [K in ConfigKey]?: string }) {
  await daemon.file.change(() =>
    Object.entries(values).flatMap(([key, value]) => setConfig(key as ConfigKey, value))
  );
  await daemon.daemon.reload();
}

function urlOf(daemon: TestDaemon): string {
  const { api } = daemon.daemon.status();
  assertEquals([api.listening.length, api.problem], [1, null]);
  return api.listening[0] ?? "";
}

interface Asking {
  readonly method?: string;
  readonly token?: string;
  readonly body?: string;
}

async function ask(url: string, { method = "GET", token, body }: Asking = {}) {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  using client = Deno.createHttpClient({ caCerts: [await Deno.readTextFile(CERT)] });
  const response = await fetch(url, {
    method,
    headers,
    client,
    ...(body === undefined ? {} : { body }),
  });
  return { status: response.status, headers: response.headers, json: await response.json() };
}

Deno.test("the API is served on loopback as on the control socket, and changes nothing there", async () => {
  await using folder = await makeTempFolder();
  await using daemon = new TestDaemon(folder.path);
  await daemon.register("http://user:s3cret@127.0.0.1:1/x?key=s3cret", { name: "ops" });
  await serveAnywhere(daemon);
  await daemon.start();
  await daemon.send(startOf("gv1"));
  await daemon.reports("it is in", ({ events }) => events.received === 1);
  const url = urlOf(daemon);
  assertEquals((await ask(`${url}/healthz`)).json, { ok: true });
  const status = await ask(`${url}/v1/status`);
  assertEquals(status.json.api.listening, [url]);
  assertEquals(JSON.stringify(status.json).includes("s3cret"), false);
  assertEquals(status.headers.get("cache-control"), "no-store");
  assertEquals(status.headers.get("x-content-type-options"), "nosniff");
  assertEquals(status.headers.get("access-control-allow-origin"), null);
  assertEquals((await ask(`${url}/v1/history`)).json[0].message.name, "gv1");
  assertEquals((await ask(`${url}/v1/nothing`)).status, 404);
  for (const path of ["/v1/reload", "/v1/replay", "/v1/resume", "/v1/stop"]) {
    assertEquals((await ask(`${url}${path}`, { method: "POST", body: "{}" })).status, 403, path);
  }
  assertMatch(daemon.log.join("\n"), /INFO +the API is served url=http:\S+ asks_for="nothing, /);
});

Deno.test("with a token all is answered, and the token of the file is the one that counts", async () => {
  await using folder = await makeTempFolder();
  await using daemon = new TestDaemon(folder.path);
  const tokenFile = `${folder.path}/token`;
  await Deno.writeTextFile(tokenFile, `${TOKEN}\n`, { mode: 0o600 });
  await daemon.start();
  await set(daemon, { "api-token-file": tokenFile, "api-listen": ANY });
  const url = urlOf(daemon);
  assertEquals((await ask(`${url}/healthz`)).json, { ok: true });
  for (const token of [undefined, "", "0123456789abcdee", `${TOKEN}f`]) {
    const { status, json, headers } = await ask(
      `${url}/v1/status`,
      token === undefined ? {} : { token },
    );
    assertEquals([status, json.error], [401, "The API asks for a token"]);
    assertEquals(headers.get("www-authenticate"), 'Bearer realm="gluster-eventing"');
  }
  assertEquals((await ask(`${url}/v1/status`, { token: TOKEN })).status, 200);
  assertEquals((await ask(`${url}/v1/reload`, { token: TOKEN, method: "POST" })).status, 200);
  assertEquals((await ask(`${url}/v1/stop`, { token: TOKEN, method: "POST" })).status, 403);
  const lines = daemon.log.filter((line) => line.includes("requests to the API refused"));
  assertEquals(lines.length, 1, daemon.log.join("\n"));
  assert(daemon.daemon.status().api.refused >= 4);
  assertEquals(daemon.log.join("\n").includes(TOKEN), false);

  const next = "fedcba9876543210";
  await Deno.writeTextFile(tokenFile, `${next}\n`);
  assertEquals((await ask(`${url}/v1/status`, { token: TOKEN })).status, 401);
  assertEquals((await ask(`${url}/v1/status`, { token: next })).status, 200);
  await Deno.remove(tokenFile);
  assertEquals((await ask(`${url}/v1/status`, { token: next })).status, 401);
  assertMatch(daemon.daemon.status().api.problem ?? "", /^Cannot read api-token-file /);
  await Deno.writeTextFile(tokenFile, `${next}\n`);
  await daemon.daemon.reload();
  assertEquals((await ask(`${url}/v1/status`, { token: next })).status, 200);
  assertEquals(daemon.daemon.status().api.problem, null);
});

Deno.test("a token that others can read is warned of once", async () => {
  await using folder = await makeTempFolder();
  await using daemon = new TestDaemon(folder.path);
  const tokenFile = `${folder.path}/token`;
  await Deno.writeTextFile(tokenFile, TOKEN);
  await Deno.chmod(tokenFile, 0o644);
  await daemon.start();
  await set(daemon, { "api-token-file": tokenFile, "api-listen": ANY });
  await daemon.daemon.reload();
  const told = daemon.log.filter((line) => line.includes("others can read the token"));
  assertEquals(told.length, 1);
  assertMatch(told[0] ?? "", /mode=0644 hint="chmod 600 /);
});

Deno.test("a change of the registry moves it, and turns it off and on", async () => {
  await using folder = await makeTempFolder();
  await using daemon = new TestDaemon(folder.path);
  await daemon.start();
  assertEquals(daemon.daemon.status().api, { listening: [], problem: null, refused: 0 });
  await set(daemon, { "api-listen": ANY });
  const first = urlOf(daemon);
  await daemon.daemon.reload();
  assertEquals(urlOf(daemon), first);
  await set(daemon, { "api-listen": "127.0.0.2:0" });
  const second = urlOf(daemon);
  assertMatch(second, /^http:\/\/127\.0\.0\.2:\d+$/);
  assertEquals((await ask(`${second}/healthz`)).status, 200);
  await set(daemon, { "api-listen": "off" });
  assertEquals(daemon.daemon.status().api.listening, []);
  for (const url of [first, second]) {
    const { hostname, port } = new URL(url);
    await exchange({ hostname, port: Number(port) }).then(
      () => assert(false, `somebody still listens on ${url}`),
      (error) => assert(error instanceof Deno.errors.ConnectionRefused, String(error)),
    );
  }
  assertMatch(daemon.log.join("\n"), /INFO +the API is served on the control socket only/);
});

Deno.test("an edit by hand moves it too", async () => {
  await using folder = await makeTempFolder();
  await using daemon = new TestDaemon(folder.path);
  await Deno.mkdir(`${folder.path}/events`);
  await daemon.start();
  await Deno.writeTextFile(daemon.file.path, `[config]\napi-listen = "${ANY}"\n`);
  await daemon.reports("it is served", ({ api }) => api.listening.length === 1);
});

Deno.test("a port in use is a problem of the API only, and is tried again", async () => {
  await using folder = await makeTempFolder();
  await using daemon = new TestDaemon(folder.path);
  const taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = taken.addr;
  await daemon.file.change(() => setConfig("api-listen", `127.0.0.1:${port}`));
  await daemon.start();
  await daemon.send(startOf("gv1"));
  await daemon.reports("it is in", ({ events }) => events.received === 1);
  await daemon.daemon.reload();
  const { listening, problem } = daemon.daemon.status().api;
  assertEquals(listening, []);
  assertMatch(problem ?? "", new RegExp(`^Cannot serve the API on 127.0.0.1:${port}: .*in use`));
  const told = daemon.log.filter((line) => line.includes("the API is not served"));
  assertEquals(told.length, 1, daemon.log.join("\n"));
  taken.close();
  await daemon.daemon.reload();
  assertEquals((await ask(`${urlOf(daemon)}/healthz`)).status, 200);
});

Deno.test("what does not work is tried again after a minute, and told once", async () => {
  const taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const log: string[] = [];
  let due = { callback: () => {}, delayMs: 0 };
  await using care = new ApiCare({
    settings: () => ({ listen: `127.0.0.1:${taken.addr.port}` }),
    socket: "/nowhere/sock",
    logger: new Logger({ write: (line) => log.push(line), now: Date.now }),
    steadyNow: () => 0,
    schedule: (callback, delayMs) => {
      due = { callback, delayMs };
      return () => {};
    },
  });
  await care.look();
  assertMatch(care.status.problem ?? "", /in use/);
  assertEquals(due.delayMs, 60_000);
  const first = due;
  first.callback();
  await until("it was tried again", () => due !== first);
  taken.close();
  due.callback();
  await until("it is served", () => care.status.listening.length === 1);
  assertEquals(care.status.problem, null);
  assertEquals(log.map((line) => line.slice(25, 32).trim()), ["ERROR", "INFO"], log.join("\n"));
});

Deno.test("settings that no registry can hold are not served", async () => {
  const log: string[] = [];
  await using care = new ApiCare({
    settings: () => ({ listen: "0.0.0.0:0" }),
    socket: "/nowhere/sock",
    logger: new Logger({ write: (line) => log.push(line), now: Date.now }),
    steadyNow: () => 0,
    schedule: () => () => {},
  });
  await care.look();
  assertEquals(care.status.listening, []);
  assertMatch(care.status.problem ?? "", /needs a token and TLS/);
});

Deno.test("beyond loopback it is served with token and TLS, and asks for the token", async () => {
  await using folder = await makeTempFolder();
  await using daemon = new TestDaemon(folder.path);
  const tokenFile = `${folder.path}/token`;
  await Deno.writeTextFile(tokenFile, TOKEN, { mode: 0o600 });
  await daemon.start();
  await set(daemon, {
    "api-token-file": tokenFile,
    "api-cert-file": CERT,
    "api-key-file": KEY,
    "api-listen": "0.0.0.0:0",
  });
  const url = urlOf(daemon).replace("0.0.0.0", "localhost");
  assertMatch(url, /^https:/);
  assertEquals((await ask(`${url}/v1/status`)).status, 401);
  assertEquals((await ask(`${url}/v1/status`, { token: TOKEN })).status, 200);
  const port = Number(new URL(url).port);
  const plain = await exchange(
    { hostname: "127.0.0.1", port },
    "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
  );
  assertEquals(statusOf(plain), 0);
});

testNeeding(
  ["openssl"],
  "a certificate that changes is served anew, on the same port",
  async () => {
    await using folder = await makeTempFolder();
    await using daemon = new TestDaemon(folder.path);
    const [cert, key] = [`${folder.path}/cert.pem`, `${folder.path}/key.pem`];
    await Deno.copyFile(CERT, cert);
    await Deno.copyFile(KEY, key);
    await daemon.start();
    await set(daemon, { "api-cert-file": cert, "api-key-file": key, "api-listen": ANY });
    const url = urlOf(daemon);
    assertEquals((await ask(`${url}/healthz`)).status, 200);

    // Half of a change: what works stays.
    await makeCertificate(folder.path);
    await Deno.copyFile(`${folder.path}/new_cert.pem`, cert);
    await daemon.daemon.reload();
    assertMatch(daemon.daemon.status().api.problem ?? "", /KeyMismatch/);
    assertEquals((await ask(`${url}/healthz`)).status, 200);
    await Deno.copyFile(`${folder.path}/new_key.pem`, key);
    await daemon.daemon.reload();
    assertEquals(urlOf(daemon), url);
    const caCerts = [await Deno.readTextFile(cert)];
    using client = Deno.createHttpClient({ caCerts });
    assertEquals((await (await fetch(`${url}/healthz`, { client })).json()).ok, true);
    await ask(`${url}/healthz`).then(
      () => assert(false, "the old certificate is still shown"),
      (error) => assertMatch(String(error.message) + String(error.cause), /certificate/i),
    );
    assertEquals(daemon.log.filter((line) => line.includes("the API is served url=")).length, 2);
  },
);

async function makeCertificate(folder: string): Promise<void> {
  const words =
    "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=new " +
    "-addext basicConstraints=critical,CA:FALSE -addext subjectAltName=IP:127.0.0.1 " +
    `-keyout ${folder}/new_key.pem -out ${folder}/new_cert.pem`;
  const { success, stderr } = await new Deno.Command("openssl", { args: words.split(" ") })
    .output();
  assert(success, new TextDecoder().decode(stderr));
}

Deno.test("the API ends with the daemon, also while somebody asks", async () => {
  await using folder = await makeTempFolder();
  await using daemon = new TestDaemon(folder.path);
  await serveAnywhere(daemon);
  await daemon.start();
  const { hostname, port } = new URL(urlOf(daemon));
  using connection = await RawConnection.open({ hostname, port: Number(port) });
  await connection.send("GET / HTTP/1.1\r\n");
  await daemon.stop();
  assertEquals(statusOf(await connection.ended), 0);
});
