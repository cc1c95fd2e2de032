/**
 * The compiled program behind a proxy.
 *
 * @module
 */
import { assertEquals, assertMatch } from "../support/assert.ts";
import { mustDo, placesIn, startDaemon, statusOf } from "../support/local_node.ts";
import { RunningProgram, runProgram } from "../support/program.ts";
import { HttpProxy, SocksProxy } from "../support/proxies.ts";
import { Receiver } from "../support/receiver.ts";
import { testNeeding } from "../support/requirements.ts";
import { makeTempFolder } from "../support/temp_folder.ts";
import { until } from "../support/until.ts";

const LOGIN = { user: "us@er", password: "pa55word" };
const IN_URL = "us%40er:pa55word";

testNeeding(["binary"], "a webhook is tried, and delivered to, through its own proxy", async () => {
  await using folder = await makeTempFolder();
  const { path } = folder;
  await using receiver = new Receiver();
  await using http = new HttpProxy(LOGIN);
  await using socks = new SocksProxy(LOGIN);
  const shown: string[] = [];
  for (const proxy of [http, socks]) {
    const setting = proxy.url.replace("//", `//${IN_URL}@`);
    // The names are the proxy's to know.
    const url = `http://ops-${shown.length}.example:${receiver.port}/hook`;
    shown.push(await mustDo(path, "webhook-test", url, "--proxy", setting));
    shown.push(await mustDo(path, "webhook-add", url, "--proxy", setting));
    shown.push(await mustDo(path, "webhook-show", url));
    shown.push(await mustDo(path, "webhook-list"));
    assertEquals(proxy.asked.length, 1);
  }
  await using daemon = await startDaemon(path);
  await mustDo(path, "emit", "VOLUME_START", "name=gv0");
  await until("both have it", async () => {
    const { webhooks } = await statusOf(path);
    return webhooks.every(({ delivered }) => delivered === 1);
  });
  assertEquals([http.asked.length, socks.asked.length, receiver.requests.length], [2, 2, 4]);
  assertMatch(shown.join(""), /http:\/\/\*\*\*@127\.0\.0\.1:/);
  assertEquals(/pa55word|us%40er/.test(shown.join("") + daemon.stdout + daemon.stderr), false);
});

testNeeding(["binary"], "attempts, status and log say that it was the proxy", async () => {
  await using folder = await makeTempFolder();
  const { path } = folder;
  await mustDo(
    path,
    "webhook-add",
    "http://ops.example/",
    "--proxy",
    `http://${IN_URL}@127.0.0.1:1`,
  );
  await using daemon = await startDaemon(path);
  await mustDo(path, "emit", "VOLUME_START", "name=gv0");
  const expected = /proxy 127\.0\.0\.1:1 refused the connection/;
  const attempts = await until("it was tried", async () => {
    const text = await mustDo(path, "attempts", "--json");
    return expected.test(text) ? text : undefined;
  });
  const status = await mustDo(path, "status", "--local");
  assertMatch(status, expected);
  await until("the log tells", () => expected.test(daemon.stderr));
  assertEquals(/pa55word|us%40er/.test(attempts + status + daemon.stderr), false);
});

testNeeding(["binary"], "no error about a proxy shows its password", async () => {
  await using folder = await makeTempFolder();
  const { path } = folder;
  for (
    const proxy of [
      "us:pa55word@proxy:3128",
      "ftp://us:pa55word@proxy",
      "http://us:x/pa55word@proxy",
      "http://us:1#pa55word@proxy",
      "http://us:pa55word@proxy:99999",
    ]
  ) {
    for (const word of ["webhook-add", "webhook-test"]) {
      const words = [word, "http://ops.example/", "--proxy", proxy, ...placesIn(path)];
      const { code, stdout, stderr } = await runProgram(words);
      assertEquals([code, (stdout + stderr).includes("pa55word")], [7, false], stdout + stderr);
      assertMatch(stderr, /must be the URL of a proxy/);
    }
  }
});

testNeeding(
  ["binary"],
  "the environment's proxy serves the daemon, none and NO_PROXY go past it",
  async () => {
    await using folder = await makeTempFolder();
    const { path } = folder;
    await using proxy = new HttpProxy(LOGIN);
    await using receiver = new Receiver();
    const { port } = receiver;
    const add = (name: string, host: string, ...options: string[]) =>
      mustDo(path, "webhook-add", `http://${host}:${port}/${name}`, "--name", name, ...options);
    await add("proxied", "ops.example");
    await add("excepted", "127.0.0.1");
    await add("direct", "localhost", "--proxy", "none");
    const env = { HTTP_PROXY: `${IN_URL}@${proxy.address}`, no_proxy: "127.0.0.0/8" };
    const words = ["run", ...placesIn(path), "--listen", "127.0.0.1:0"];
    await using daemon = new RunningProgram(words, { env });
    await daemon.shows(/INFO +ready /);
    await mustDo(path, "emit", "VOLUME_START", "name=gv0");
    await until("all have it", () => receiver.requests.length === 3);
    assertEquals(proxy.asked, [`POST http://ops.example:${port}/proxied`]);
  },
);
