/**
 * A daemon that takes datagrams from some sources only.
 *
 * @module
 */
import { setConfig } from "../../src/registry/changes.ts";
import { assertEquals, assertMatch, assertStringIncludes } from "../support/assert.ts";
import { runHere } from "../support/fake_daemon.ts";
import { needOuterAddress } from "../support/outer_address.ts";
import { testNeeding } from "../support/requirements.ts";
import { makeTempFolder } from "../support/temp_folder.ts";
import { startOf, TestDaemon } from "../support/test_daemon.ts";

/** Nobody sends from there. */
const ELSEWHERE = "240.0.0.0/4";

async function allow(daemon: TestDaemon, list: string): Promise<void> {
  await daemon.file.change(() => setConfig("allow-from", list));
  await daemon.daemon.reload();
}

testNeeding(
  ["outer address"],
  "what allow-from does not list is denied at once, without a restart, and status says so",
  async () => {
    await using folder = await makeTempFolder();
    await using daemon = new TestDaemon(folder.path);
    daemon.hostname = needOuterAddress();
    await daemon.start();
    await daemon.send(startOf("gv1"));
    await daemon.reports("it is in", ({ events }) => events.received === 1);
    const status = async (...words: string[]) =>
      (await runHere(["status", "--local", "--socket", daemon.socket, ...words])).stdout;
    assertMatch(
      await status(),
      /^Events +1 received, 0 datagrams refused, 0 dropped by the kernel$/m,
    );

    await allow(daemon, ELSEWHERE);
    await daemon.send(startOf("gv2"), "hello", startOf("gv3"));
    await daemon.reports("they are denied", ({ events }) => events.denied === 3);
    assertEquals(JSON.parse(await status("--json")).output.events, {
      received: 1,
      refused: 0,
      denied: 3,
      held: 0,
      lost: 0,
      kernel_drops: 0,
    });
    assertMatch(
      await status(),
      /^Events .*, 0 dropped by the kernel, 3 from sources that allow-from does not list$/m,
    );
    const told = daemon.log.filter((line) => line.includes("allow-from"));
    assertEquals(told.length, 1, told.join("\n"));
    assertMatch(
      told[0] ?? "",
      /WARNING datagrams from sources that allow-from does not list count=1/,
    );
    assertStringIncludes(told[0] ?? "", `last_from=${daemon.hostname}:`);
    assertStringIncludes(told[0] ?? "", "gluster-eventing config-get --name allow-from");

    await allow(daemon, `${ELSEWHERE},${daemon.hostname}`);
    await daemon.send(startOf("gv4"));
    await daemon.reports("it is in", ({ events }) => events.received === 2 && events.denied === 3);
  },
);

testNeeding(
  ["outer address"],
  "an edit of allow-from by hand counts, and a bad one leaves the sources as they are",
  async () => {
    await using folder = await makeTempFolder();
    await using daemon = new TestDaemon(folder.path);
    daemon.hostname = needOuterAddress();
    await Deno.mkdir(`${folder.path}/events`);
    const write = (list: string) =>
      Deno.writeTextFile(daemon.file.path, `[config]\nallow-from = [\n  "${list}", # ours\n]\n`);
    await write(ELSEWHERE);
    await daemon.start();
    await daemon.send(startOf("gv1"));
    await daemon.reports("it is denied", ({ events }) => events.denied === 1);
    await write("gl1.example.com");
    const [problem] = await daemon.reports(
      "the bad one is reported",
      ({ registry: { problems } }) => problems.length > 0 ? problems : undefined,
    );
    assertMatch(
      problem ?? "",
      /^line 2, config.allow-from: .* \(no host name\), not "gl1.example.com"$/,
    );
    await daemon.send(startOf("gv2"));
    await daemon.reports("it is denied", ({ events }) => events.denied === 2);
    await write(daemon.hostname);
    await daemon.reports("it is mended", ({ registry: { problems } }) => problems.length === 0);
    await daemon.send(startOf("gv3"));
    await daemon.reports("it is in", ({ events }) => events.received === 1 && events.denied === 2);
  },
);

Deno.test("what comes from loopback is taken whatever allow-from lists", async () => {
  await using folder = await makeTempFolder();
  await using daemon = new TestDaemon(folder.path);
  await daemon.start();
  await allow(daemon, ELSEWHERE);
  await daemon.send(startOf("gv1"));
  await daemon.reports("it is in", ({ events }) => events.received === 1 && events.denied === 0);
});

testNeeding(
  ["outer address", "ipv6"],
  "IPv4 on a socket for IPv6 is IPv4, and what is denied leaves nothing but a count",
  async () => {
    await using folder = await makeTempFolder();
    await using daemon = new TestDaemon(folder.path);
    daemon.hostname = "::";
    await daemon.start();
    const [{ port } = { port: 0 }] = daemon.daemon.addresses;
    const hostname = needOuterAddress();
    const sender = Deno.listenDatagram({ transport: "udp", hostname, port: 0 });
    using _closing = { [Symbol.dispose]: () => sender.close() };
    const send = async (text: string, times = 1) => {
      const bytes = new TextEncoder().encode(text);
      for (let sent = 0; sent < times; sent++) {
        await sender.send(bytes, { transport: "udp", hostname, port });
      }
    };
    await allow(daemon, `::/0,${ELSEWHERE}`);
    const size = () => Deno.statSync(`${daemon.spoolPath}-wal`).size;
    const [before, lines] = [size(), daemon.log.length];
    await send(startOf("gv1"), 200);
    await daemon.reports("they are denied", ({ events }) => events.denied === 200);
    assertEquals([size(), daemon.log.length], [before, lines + 1]);
    await allow(daemon, hostname);
    await send(startOf("gv2"));
    await daemon.reports("it is in", ({ events }) => events.received === 1);
    await allow(daemon, `::ffff:${hostname}`);
    await send(startOf("gv3"));
    await daemon.reports("it is in too", ({ events }) => events.received === 2);
  },
);
