/**
 * The API over TCP, as an administrator turns it on.
 *
 * @module
 */
import { assertEquals, assertMatch, assertStringIncludes } from "../support/assert.ts";
import { command, mustDo, startDaemon, statusOf } from "../support/local_node.ts";
import { testNeeding } from "../support/requirements.ts";
import { makeTempFolder } from "../support/temp_folder.ts";

const CERT = new URL("../fixtures/tls/cert.pem", import.meta.url).pathname;
const KEY = new URL("../fixtures/tls/key.pem", import.meta.url).pathname;
const TOKEN = "0123456789abcdef";

async function urlOf(folder: string): Promise<string> {
  const { api } = await statusOf(folder);
  assertEquals([api.listening.length, api.problem], [1, null]);
  return api.listening[0] ?? "";
}

async function ask(url: string, token?: string): Promise<number> {
  using client = Deno.createHttpClient({ caCerts: [await Deno.readTextFile(CERT)] });
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const response = await fetch(url, { client, headers });
  await response.body?.cancel();
  return response.status;
}

testNeeding(
  ["binary"],
  "config-set puts the API on a port, asks for a token, moves it and takes it away",
  async () => {
    await using folder = await makeTempFolder();
    const { path } = folder;
    await using daemon = await startDaemon(path);
    assertEquals(
      await mustDo(path, "config-get", "--name", "api-listen"),
      "NAME        VALUE\napi-listen  off\n",
    );
    const said = await mustDo(path, "config-set", "api-listen", "127.0.0.1:0");
    assertStringIncludes(said, "Set api-listen to 127.0.0.1:0.");
    const first = await urlOf(path);
    assertEquals(await ask(`${first}/v1/status`), 200);
    assertMatch(await mustDo(path, "status"), new RegExp(`^API +${first}$`, "m"));

    await Deno.writeTextFile(`${path}/token`, `${TOKEN}\n`, { mode: 0o600 });
    await mustDo(path, "config-set", "api-token-file", `${path}/token`);
    const second = await urlOf(path);
    assertEquals(await ask(`${second}/v1/status`), 401);
    assertEquals(await ask(`${second}/v1/status`, TOKEN), 200);
    assertEquals(await ask(`${second}/healthz`), 200);

    await mustDo(path, "config-set", "api-listen", "127.0.0.2:0");
    const third = await urlOf(path);
    assertMatch(third, /^http:\/\/127\.0\.0\.2:/);
    assertEquals(await ask(`${third}/v1/status`, TOKEN), 200);
    await mustDo(path, "config-set", "api-listen", "");
    assertEquals((await statusOf(path)).api.listening, []);
    assertEquals(
      (await Deno.readTextFile(`${path}/events/webhooks.toml`)).includes("api-listen"),
      false,
    );
    daemon.kill("SIGTERM");
    assertEquals((await daemon.ended()).code, 0);
  },
);

testNeeding(["binary"], "beyond loopback the API is refused without token and TLS", async () => {
  await using folder = await makeTempFolder();
  const { path } = folder;
  const { code, stderr } = await command(path, "config-set", "api-listen", "0.0.0.0:24080");
  assertEquals(code, 7);
  assertMatch(stderr, /api-listen is "0\.0\.0\.0:24080", which other machines can reach/);
  assertMatch(
    stderr,
    /\nhint: set what is missing first: gluster-eventing config-set api-token-file/,
  );

  await Deno.writeTextFile(`${path}/token`, TOKEN, { mode: 0o600 });
  await mustDo(path, "config-set", "api-token-file", `${path}/token`);
  await mustDo(path, "config-set", "api-cert-file", CERT);
  assertEquals((await command(path, "config-set", "api-listen", "0.0.0.0:0")).code, 7);
  await mustDo(path, "config-set", "api-key-file", KEY);
  await mustDo(path, "config-set", "api-listen", "0.0.0.0:0");
  await using _daemon = await startDaemon(path);
  const url = (await urlOf(path)).replace("0.0.0.0", "localhost");
  assertMatch(url, /^https:/);
  assertEquals([await ask(`${url}/v1/status`), await ask(`${url}/v1/status`, TOKEN)], [401, 200]);
  // While it is served, nothing that it needs can be taken away.
  for (const key of ["api-token-file", "api-cert-file", "api-key-file"]) {
    assertEquals((await command(path, "config-reset", key)).code, 7, key);
  }
  await mustDo(path, "config-reset", "all");
});
