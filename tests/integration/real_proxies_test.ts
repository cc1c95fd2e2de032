/**
 * Proxies that somebody else wrote.
 *
 * @module
 */
import { SocketClient } from "../../src/dispatcher/http/socket_client.ts";
import { type AttemptResult, describeResult } from "../../src/dispatcher/verdict.ts";
import { freePort } from "../soak/free_port.ts";
import { assertEquals, assertMatch } from "../support/assert.ts";
import { mustFind } from "../support/installed.ts";
import { RunningProgram } from "../support/program.ts";
import { Receiver } from "../support/receiver.ts";
import { testNeeding } from "../support/requirements.ts";
import { makeTempFolder } from "../support/temp_folder.ts";
import { until } from "../support/until.ts";

async function post(url: string, proxy: string): Promise<AttemptResult> {
  using client = new SocketClient();
  const { signal } = new AbortController();
  const request = { url, headers: {}, body: '{"n":1}' };
  return await client.post(request, { timeoutMs: 5000, signal, transport: { proxy } });
}

/** Starts a program and waits until it takes connections. */
async function start(name: string, port: number, args: string[]): Promise<RunningProgram> {
  await using cleanups = new AsyncDisposableStack();
  const program = cleanups.use(new RunningProgram(args, { binary: mustFind(name) }));
  await until(`${name} takes connections`, async () => {
    try {
      (await Deno.connect({ hostname: "127.0.0.1", port })).close();
      return true;
    } catch (error) {
      if (!(error instanceof Deno.errors.ConnectionRefused)) throw error;
      return false;
    }
  }, { seen: () => program.stdout + program.stderr });
  cleanups.move();
  return program;
}

testNeeding(["proxies"], "tinyproxy forwards, tunnels and refuses as proxies do", async () => {
  await using folder = await makeTempFolder();
  await using receiver = new Receiver();
  const port = freePort();
  const config = `${folder.path}/tinyproxy.conf`;
  const lines = [
    `Port ${port}`,
    "Listen 127.0.0.1",
    "Timeout 60",
    "BasicAuth user pa55",
    `ConnectPort ${receiver.port}`,
  ];
  await Deno.writeTextFile(config, `${lines.join("\n")}\n`);
  await using _proxy = await start("tinyproxy", port, ["-d", "-c", config]);
  const address = `127.0.0.1:${port}`;
  const right = `http://user:pa55@${address}`;
  assertEquals(describeResult(await post(receiver.url, right)), "200 OK");
  const [{ path, headers, body } = { path: "", headers: new Headers(), body: "" }] =
    receiver.requests;
  assertEquals([path, body, headers.get("proxy-authorization")], ["/hook", '{"n":1}', null]);
  const secure = (to: number) => `https://127.0.0.1:${to}/`;
  const wrong = `http://user:wrong@${address}`;
  const cases: readonly (readonly [string, string, RegExp])[] = [
    // The receiver has no TLS, so it was reached.
    [secure(receiver.port), right, /^tls: /],
    [secure(receiver.port), wrong, /does not take the credentials that it is given: 401/],
    [secure(receiver.port), `http://${address}`, /wants credentials: 407/],
    [secure(1), right, /does not connect to 127\.0\.0\.1:1: 403 Forbidden$/],
    [receiver.url, wrong, /does not take the credentials that it is given: 401/],
    [receiver.url, `http://${address}`, /wants credentials: 407/],
    ["http://127.0.0.1:1/", right, /does not connect to 127\.0\.0\.1:1: 500 /],
  ];
  for (const [url, proxy, expected] of cases) {
    assertMatch(describeResult(await post(url, proxy)), expected, `${url} through ${proxy}`);
  }
  assertEquals(receiver.requests.length, 1);
});

testNeeding(["proxies"], "microsocks connects, and refuses as SOCKS proxies do", async () => {
  await using receiver = new Receiver();
  const port = freePort();
  const args = ["-i", "127.0.0.1", "-p", String(port), "-u", "user", "-P", "p@55"];
  await using _proxy = await start("microsocks", port, args);
  const address = `127.0.0.1:${port}`;
  for (const scheme of ["socks5", "socks5h"]) {
    for (const host of ["127.0.0.1", "localhost"]) {
      const url = `http://${host}:${receiver.port}/hook`;
      const result = await post(url, `${scheme}://user:p%4055@${address}`);
      assertEquals(describeResult(result), "200 OK", `${scheme} ${url}`);
    }
  }
  const right = `socks5h://user:p%4055@${address}`;
  const cases: readonly (readonly [string, string, RegExp])[] = [
    [receiver.url, `socks5h://${address}`, /wants credentials: it offers no other way$/],
    [receiver.url, `socks5h://user:wrong@${address}`, /does not take .*: it refuses them$/],
    ["http://127.0.0.1:1/", right, /does not connect to 127\.0\.0\.1:1: the connection was ref/],
  ];
  for (const [url, proxy, expected] of cases) {
    assertMatch(describeResult(await post(url, proxy)), expected);
  }
  assertEquals(receiver.requests.length, 4);
});
