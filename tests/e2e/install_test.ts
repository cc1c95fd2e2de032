/**
 * The compiled program installs itself, runs as a service and goes away again.
 *
 * @module
 */
import type { StatusReport } from "../../src/api/status_report.ts";
import { assertEquals, assertMatch, assertStringIncludes } from "../support/assert.ts";
import { BINARY, testNeeding } from "../support/requirements.ts";
import { until } from "../support/until.ts";
import { makeTempFolder } from "../support/temp_folder.ts";
import { FAKE_SYSTEMCTL } from "./fake_systemctl.ts";
import { PrivateMachine } from "./private_machine.ts";

const INSTALLED = "/usr/sbin/gluster-eventing";
const LOG = "/var/log/glusterfs/gluster-eventing.log";

async function mustDo(machine: PrivateMachine, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await machine.eventing(...args);
  assertEquals(code, 0, `${args.join(" ")}: ${stderr}${stdout}`);
  return stdout;
}

async function statusOf(machine: PrivateMachine): Promise<StatusReport> {
  return JSON.parse(await mustDo(machine, "status", "--local", "--json")).output;
}

testNeeding(
  ["binary", "gluster", "overlays"],
  "install, install again and uninstall leave a real node as it was",
  async () => {
    await using machine = await PrivateMachine.make();
    const before = await machine.snapshot();
    assertStringIncludes(await mustDo(machine, "install", "--dry-run"), "Nothing was changed.");
    assertEquals(await machine.changesSince(before), []);
    await mustDo(machine, "install", "--replace-eventsapi");
    const peer = await machine.shell("ls -l /usr/l*/*/glusterfs/peer_gluster-eventing | tail -1");
    assertMatch(peer, /-> \/usr\/sbin\/gluster-eventing$/m);
    const again = await machine.run(INSTALLED, "install", "--replace-eventsapi");
    assertStringIncludes(again.stdout, "All of it is so already.", again.stderr);
    const gone = await machine.run(INSTALLED, "uninstall");
    assertEquals(gone.code, 0, gone.stderr);
    assertEquals(await machine.changesSince(before), []);
  },
);

testNeeding(
  ["binary", "gluster", "overlays"],
  "without systemd the service is a process that outlives the command and can be stopped",
  async () => {
    await using machine = await PrivateMachine.make();
    const early = await machine.eventing("start", "--local");
    assertEquals([early.code, /gluster-eventing install/.test(early.stderr)], [1, true]);
    await mustDo(machine, "install");
    // The daemon holds no stream of the command: this would not end otherwise.
    assertStringIncludes(await mustDo(machine, "start", "--local"), "was started");
    assertStringIncludes(await mustDo(machine, "start", "--local"), "was running already");
    const { pid } = await statusOf(machine);
    await machine.shell(`mv ${LOG} ${LOG}.1`);
    await mustDo(machine, "reload", "--local");
    assertStringIncludes(await mustDo(machine, "restart", "--local"), "was restarted");
    assertEquals((await statusOf(machine)).pid === pid, false);
    const log = await machine.shell(`stat -c %a ${LOG}; cat ${LOG}`);
    assertMatch(log, /^600\n(?:.*\n)*.*asked to stop\n(?:.*\n)*.*ready /);
    assertStringIncludes(await mustDo(machine, "stop", "--local"), "was stopped");
    assertStringIncludes(await mustDo(machine, "stop", "--local"), "was stopped already");
    assertEquals((await machine.eventing("status", "--local")).code, 69);
  },
);

testNeeding(
  ["binary", "gluster", "overlays"],
  "a daemon that cannot start is told of with what it logged",
  async () => {
    await using machine = await PrivateMachine.make();
    await mustDo(machine, "install");
    await mustDo(machine, "config-set", "port", "55777", "--local");
    const taker = machine.start(BINARY, "run", "--socket", "/run/other", "--state-dir", "/run/s");
    await taker.shows(/INFO +ready /);
    const { code, stderr } = await machine.eventing("start", "--local");
    assertEquals(code, 1);
    assertMatch(stderr, /ended with 1 while it started: .*55777: Address already in use/);
  },
);

testNeeding(
  ["binary", "gluster", "overlays"],
  "an upgrade while events wait loses none, and a purge leaves nothing",
  async () => {
    await using machine = await PrivateMachine.make();
    const before = await machine.snapshot();
    await mustDo(machine, "install");
    await mustDo(machine, "start", "--local");
    const retry = ["--retry-min", "10ms", "--retry-max", "100ms"];
    await mustDo(machine, "webhook-add", "http://127.0.0.1:9000/", "--local", ...retry);
    for (const name of ["a", "b", "c"]) {
      await mustDo(machine, "emit", "VOLUME_START", `name=${name}`);
    }
    const waiting = await until("three events wait", async () => {
      const status = await statusOf(machine);
      return status.webhooks[0]?.pending === 3 ? status : undefined;
    });
    await using folder = await makeTempFolder();
    const newer = `${folder.path}/newer`;
    await makeNewer(newer);
    const upgrade = await machine.run(newer, "install", "--json");
    assertStringIncludes(upgrade.stdout, "restarted with the new program", upgrade.stderr);
    const status = await statusOf(machine);
    assertEquals(status.pid === waiting.pid, false);
    assertMatch(await machine.shell(`${INSTALLED} version`), /built 3/);
    const hook = machine.start(INSTALLED, "serve-test-hook", "--port", "9000", "--max-events", "3");
    assertEquals((await hook.ended()).code, 0);
    assertEquals(hook.stdout.match(/name=\w/g), ["name=a", "name=b", "name=c"]);
    const { code } = await machine.run(INSTALLED, "uninstall", "--purge");
    assertEquals(code, 1, "nobody was asked");
    const purge = await machine.run(INSTALLED, "uninstall", "--purge", "--yes");
    assertEquals(purge.code, 0, purge.stderr);
    // The folder may be upstream's too.
    const left = (await machine.changesSince(before)).filter((line) => !/events d 7/.test(line));
    assertEquals(left, []);
    assertEquals(await machine.shell(`ls ${LOG}* /run/gluster-eventing 2>/dev/null || true`), "");
  },
);

testNeeding(
  ["binary", "gluster", "overlays"],
  "with systemd the service is the unit, and upstream's daemon goes only when agreed",
  async () => {
    await using machine = await PrivateMachine.make();
    await machine.shell(
      `mkdir -p /run/systemd/system /run/fake; touch /run/fake/glustereventsd.service.enabled
       cat >/usr/bin/systemctl <<'END'\n${FAKE_SYSTEMCTL}\nEND\nchmod 755 /usr/bin/systemctl`,
    );
    const missing = await machine.eventing("start", "--local");
    assertMatch(missing.stderr, /has no gluster-eventing\.service\nhint: .*install/);
    const before = await machine.snapshot();
    const refused = await machine.eventing("install");
    assertEquals([refused.code, /--yes/.test(refused.stderr)], [1, true], refused.stderr);
    assertEquals(await machine.changesSince(before), []);
    await mustDo(machine, "install", "--yes");
    assertStringIncludes(await mustDo(machine, "start", "--local"), "was started");
    assertStringIncludes(await mustDo(machine, "start", "--local"), "was running already");
    assertStringIncludes(await mustDo(machine, "restart", "--local"), "was restarted");
    await machine.run(INSTALLED, "uninstall");
    assertEquals(await machine.shell("ls /run/fake"), "calls\n");
    const calls = (await machine.shell("cat /run/fake/calls")).trim().split("\n");
    assertEquals(calls, [
      "disable --now glustereventsd.service",
      "daemon-reload",
      "enable --now gluster-eventing.service",
      "restart gluster-eventing.service",
      "disable --now gluster-eventing.service",
      "daemon-reload",
    ]);
  },
);

testNeeding(
  ["binary", "gluster", "overlays", "logrotate"],
  "logrotate takes our log once, and goes on with Gluster's",
  async () => {
    await using machine = await PrivateMachine.make();
    await mustDo(machine, "install");
    await mustDo(machine, "start", "--local");
    await machine.shell(`echo x >>/var/log/glusterfs/glusterd.log; rm -f ${LOG}.*`);
    const config = "/etc/logrotate.d";
    const { code, stderr } = await machine.run(
      ...["logrotate", "--force", "--state", "/run/rotated", config],
    );
    assertEquals([code, stderr.includes("duplicate")], [0, false], stderr);
    await machine.shell(`test -s ${LOG}.1 && test -s /var/log/glusterfs/glusterd.log.1`);
    await machine.shell(`rm -f ${config}/gluster*`);
    const own = JSON.parse(await mustDo(machine, "install", "--json")).output.steps;
    assertStringIncludes(JSON.stringify(own), `${config}/glusterfs-eventing`);
    const second = await machine.run("logrotate", "--force", "--state", "/run/rotated", config);
    assertEquals(second.code, 0, second.stderr);
    await mustDo(machine, "stop", "--local");
    assertMatch(await machine.shell(`cat ${LOG}`), /stopped/);
  },
);

/** The same program, built on another day of the next millennium. */
async function makeNewer(path: string): Promise<void> {
  const bytes = await Deno.readFile(BINARY);
  const mark = new TextEncoder().encode(", built 2");
  for (
    let at = bytes.lastIndexOf(mark[0] ?? 0);
    at > 0;
    at = bytes.lastIndexOf(mark[0] ?? 0, at - 1)
  ) {
    if (!mark.every((byte, index) => bytes[at + index] === byte)) continue;
    bytes[at + mark.length - 1] = "3".charCodeAt(0);
    await Deno.writeFile(path, bytes, { mode: 0o755 });
    return;
  }
  throw new Error(`${BINARY} does not say when it was built`);
}
