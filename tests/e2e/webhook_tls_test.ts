/**
 * TLS as the compiled program does it, which may do less than the tests may.
 *
 * @module
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "../support/assert.ts";
import { command, mustDo, startDaemon, statusOf } from "../support/local_node.ts";
import { OpensslServer } from "../support/openssl_server.ts";
import { BINARY, testNeeding } from "../support/requirements.ts";
import { makeTempFolder } from "../support/temp_folder.ts";
import { Terminal } from "../support/terminal.ts";
import { LOCAL_NAMES, TestCa } from "../support/test_ca.ts";
import { serveTls } from "../support/tls_receiver.ts";
import { until } from "../support/until.ts";

testNeeding(
  ["binary", "openssl"],
  "events are delivered with ca-file, a client certificate and a pin",
  async () => {
    await using ca = await TestCa.make();
    await using folder = await makeTempFolder();
    const { path } = folder;
    const [own, me] = [await ca.issue("server", { names: LOCAL_NAMES }), await ca.issue("me")];
    const pinned = await ca.selfSigned("pinned", { untilDays: 12 });
    const bodies: string[] = [];
    await using byCa = await serveTls(own, (body) => bodies.push(`ca ${body}`));
    await using byPin = await serveTls(pinned, (body) => bodies.push(`pin ${body}`));
    const wants = ["-Verify", "1", "-verify_return_error", "-CAfile", ca.file];
    await using mutual = await OpensslServer.start(own, wants);
    const add = async (name: string, port: number, ...settings: string[]) => {
      const url = `https://localhost:${port}/`;
      await mustDo(path, "webhook-add", url, "--name", name, "--retry-max", "1s", ...settings);
    };
    const caFile = ["--ca-file", ca.file];
    await add("by-ca", byCa.addr.port, ...caFile);
    await add("mutual", mutual.port, ...caFile, "--cert-file", me.cert, "--key-file", me.key);
    await add("by-pin", byPin.addr.port);
    assertMatch(await mustDo(path, "webhook-trust", "by-pin", "--yes"), /CN=pinned/);
    await using daemon = await startDaemon(path);
    const port = Number((await daemon.shows(/listening=127\.0\.0\.1:(\d+)/))[1]);
    await mustDo(path, "emit", "VOLUME_CREATE", "name=gv0", "--to", `127.0.0.1:${port}`);
    await until("each has it", async () => {
      const { webhooks } = await statusOf(path);
      return webhooks.every(({ delivered }) => delivered === 1);
    }, { seen: () => [daemon.stderr, mutual.output] });
    assertEquals(bodies.map((body) => body.split(" ")[0]).sort(), ["ca", "pin"]);
    assertStringIncludes(mutual.output, "VOLUME_CREATE");
    const { stdout } = await until("the certificates were looked at", async () => {
      const shown = await command(path, "status");
      return shown.stdout.includes("expires in") ? shown : undefined;
    }, { seen: () => daemon.stderr });
    assertMatch(stdout, /by-pin: the receiver's certificate expires in 1[12] days/);
    assertEquals(/panick|DeprecationWarning|NotCapable/.exec(daemon.stderr), null);
  },
);

testNeeding(
  ["binary", "openssl"],
  "a bad client certificate ends an attempt and not the daemon",
  async () => {
    await using ca = await TestCa.make();
    await using folder = await makeTempFolder();
    const { path } = folder;
    const [own, other] = [
      await ca.issue("server", { names: LOCAL_NAMES }),
      await ca.issue("other"),
    ];
    await using server = await serveTls(own);
    const url = `https://localhost:${server.addr.port}/`;
    const files = ["--ca-file", ca.file, "--cert-file", own.cert, "--key-file", other.key];
    await mustDo(path, "webhook-add", url, "--name", "ops", "--retry-max", "1s", ...files);
    const tried = await command(path, "webhook-test", "ops");
    assertEquals(tried.code, 3, tried.stderr);
    assertMatch(tried.stdout, /the key is not that of the first certificate[\s\S]*-pubkey/);
    await using daemon = await startDaemon(path);
    const port = Number((await daemon.shows(/listening=127\.0\.0\.1:(\d+)/))[1]);
    await mustDo(path, "emit", "VOLUME_CREATE", "name=gv0", "--to", `127.0.0.1:${port}`);
    await daemon.shows(/webhook fails webhook=ops reason="settings: Cannot use cert-file/);
    // As soon as it is the right one, the event is on its way.
    await Deno.copyFile(own.key, other.key);
    await until("it is delivered", async () => {
      const { webhooks: [ops] } = await statusOf(path);
      return ops?.delivered === 1;
    }, { seen: () => daemon.stderr });
  },
);

testNeeding(
  ["binary", "openssl"],
  "webhook-trust asks on a terminal, and no means no",
  async () => {
    await using ca = await TestCa.make();
    await using folder = await makeTempFolder();
    const { path } = folder;
    await using server = await serveTls(await ca.selfSigned("mine"));
    await mustDo(path, "webhook-add", `https://localhost:${server.addr.port}/`, "--name", "ops");
    const file = `${path}/events/webhooks.toml`;
    const words =
      `webhook-trust ops --local --workdir ${path} --state-dir ${path}/s --socket ${path}/k`;
    for (const [answer, isTaken] of [["n", false], ["", false], ["y", true]] as const) {
      await using terminal = new Terminal(`${BINARY} ${words}`, { env: {}, cwd: path });
      await until(
        "it asks",
        () => terminal.shown.includes('Trust this certificate for "ops"? [y/N]'),
        {
          seen: () => terminal.shown,
        },
      );
      await terminal.type(`${answer}\r`);
      await until(
        "it says what it did",
        () => /Nothing was changed|takes this certificate from now on/.test(terminal.shown),
        { seen: () => terminal.shown },
      );
      assertEquals((await Deno.readTextFile(file)).includes("server-pin"), isTaken, terminal.shown);
    }
    assert((await command(path, "webhook-test", "ops")).code === 0);
  },
);
