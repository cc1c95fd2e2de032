/**
 * What strangers send is data: it never reaches a terminal or a log as it is.
 *
 * @module
 */
import { startTestHook } from "../../src/testhook/test_hook.ts";
import { readEvents, type ReceivedRequest, toJsonLine } from "../../src/testhook/received_event.ts";
import { EventColumns } from "../../src/cli/event_columns.ts";
import { setConfig } from "../../src/registry/changes.ts";
import { assert, assertEquals, assertStringIncludes } from "../support/assert.ts";
import { runHere } from "../support/fake_daemon.ts";
import { RawReceiver, sayAndClose } from "../support/raw_receiver.ts";
import { makeTempFolder } from "../support/temp_folder.ts";
import { QUICK_RETRY, TestDaemon } from "../support/test_daemon.ts";
import { until } from "../support/until.ts";

/** Colour, cursor, title of the window, bell, C1 controls, lines of its own, turned text. */
const HOSTILE =
  "gv1\u009d0;\x1b[2J\x1b]0;owned\x07\u009b31m\r\n2026-11-26T00:00:00Z ERROR   forged\u2028\u2029" +
  "\u0085\x7f\x00\u202e\u2066../../etc/passwd $(reboot) `reboot` <script>";

// Line feeds are what lines end with.
const UNSAFE = /(?!\n)[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

function assertPlain(what: string, text: string): void {
  const found = UNSAFE.exec(text);
  const around = text.slice(Math.max(0, (found?.index ?? 0) - 60), (found?.index ?? 0) + 20);
  assertEquals(found, null, `${what}: ${JSON.stringify(around)}`);
}

const HOSTILE_DATAGRAMS = [
  `1795333034 3 name=${HOSTILE};force=${HOSTILE}`,
  `1795333034 3 ${HOSTILE}=${HOSTILE}`,
  `1795333034 99999 __proto__=${HOSTILE};constructor=x;name=${HOSTILE}`,
  `1795333034 -3 ${HOSTILE}`,
  `1795333034 13 name=gv1;options=,user.${HOSTILE},${HOSTILE}`,
];

Deno.test("events and answers of strangers are shown and logged, and not obeyed", async () => {
  await using folder = await makeTempFolder();
  await using daemon = new TestDaemon(folder.path);
  await using receiver = new RawReceiver(
    sayAndClose(`HTTP/1.1 400 No\r\nX-A: b\r\nConnection: close\r\n\r\n${HOSTILE}`),
  );
  await using babbler = new RawReceiver(sayAndClose(`${HOSTILE}\r\n\r\n`));
  await daemon.file.change(() => setConfig("log-level", "DEBUG"));
  await daemon.start();
  await daemon.register(receiver.url, { ...QUICK_RETRY, name: "refuser" });
  await daemon.register(babbler.url, { ...QUICK_RETRY, name: "babbler" });
  await daemon.send(...HOSTILE_DATAGRAMS, HOSTILE, new Uint8Array([0xff, 0x1b, 0x5b]));
  await daemon.reports(
    "they are in and refused",
    ({ events, webhooks }) =>
      events.received === HOSTILE_DATAGRAMS.length && events.refused === 2 &&
      webhooks.some(({ dead }) => dead > 0) && webhooks.every(({ failure }) => failure !== null),
  );
  for (
    const words of [
      ["history"],
      ["attempts"],
      ["dead-letters"],
      ["status", "--local"],
      ["webhook-list", "--local"],
      ["webhook-show", "babbler", "--local"],
      ["webhook-show", "refuser", "--local"],
      ["replay", "refuser", "--dead-letters", "--dry-run"],
    ]
  ) {
    for (const json of [[], ["--json"]]) {
      const all = [...words, ...json, "--socket", daemon.socket, "--workdir", folder.path];
      const { code, stdout, stderr } = await runHere(all);
      assertEquals(code, 0, stderr);
      assertPlain(`${words.join(" ")} ${json.join("")}`, stdout + stderr);
    }
  }
  const { stdout } = await runHere([
    "history",
    "--socket",
    daemon.socket,
    "--workdir",
    folder.path,
  ]);
  assertStringIncludes(stdout, "etc/passwd $(reboot)");
  assertStringIncludes(daemon.log.join("\n"), "event received");
  for (const line of daemon.log) {
    assertPlain("log", line);
    assert(!line.includes("\n"), line);
  }
});

Deno.test("a daemon writes no file that is named by what it is sent", async () => {
  await using folder = await makeTempFolder();
  await using daemon = new TestDaemon(folder.path);
  await daemon.start();
  await daemon.send(...HOSTILE_DATAGRAMS, "1795333034 3 name=/tmp/x;brick=../../../x\x00y");
  await daemon.reports("they are in", ({ events }) => events.received === 6);
  await daemon.stop();
  const names: string[] = [];
  const walk = async (path: string) => {
    for await (const { name, isDirectory } of Deno.readDir(path)) {
      names.push(name);
      if (isDirectory) await walk(`${path}/${name}`);
    }
  };
  await walk(folder.path);
  const known = /^(?:state|events|spool\.db(?:-wal|-shm)?|sock(?:\.lock)?|node-id|[\w.-]*lock)$/;
  assertEquals(names.filter((name) => !known.test(name)), []);
});

Deno.test("the largest datagrams are events like others, and none stops the intake", async () => {
  await using folder = await makeTempFolder();
  await using daemon = new TestDaemon(folder.path);
  await daemon.start();
  const head = "1795333034 3 name=";
  const largest = 65_507;
  await daemon.send(
    head + "x".repeat(largest - head.length),
    head + "a;".repeat((largest - head.length) / 2),
    head + "a=;".repeat(Math.floor((largest - head.length) / 3)),
    new Uint8Array(largest),
    new Uint8Array(largest).fill(0xff),
    new Uint8Array(0),
    `${"9".repeat(400)} 3 name=x`,
    "1795333034 3 name=last",
  );
  await daemon.reports(
    "all are in or refused",
    ({ events }) => events.received === 4 && events.refused === 4,
  );
  const { stdout } = await runHere(
    ["history", "--json", "--socket", daemon.socket, "--workdir", folder.path],
  );
  const events = JSON.parse(stdout).output;
  assertEquals(events.at(0).message.name.length, largest - head.length);
  assertEquals(events.at(-1).message.name, "last");
});

Deno.test("what reaches the test hook is shown and not obeyed", async () => {
  const requests: ReceivedRequest[] = [];
  await using hook = startTestHook({
    hostname: "127.0.0.1",
    port: 0,
    now: Date.now,
    onRequest: (request) => void requests.push(request),
  });
  const url = `http://127.0.0.1:${hook.port}/${encodeURIComponent(HOSTILE)}`;
  const event = { event: HOSTILE, nodeid: HOSTILE, host: HOSTILE, message: { [HOSTILE]: HOSTILE } };
  for (
    const body of [JSON.stringify(event), JSON.stringify([event, HOSTILE]), HOSTILE, `"\x1b[2J`]
  ) {
    const response = await fetch(url, { method: "POST", body, headers: { "x-a": "\u009b31m" } });
    await response.body?.cancel();
  }
  await until("all are there", () => requests.length === 4);
  const columns = new EventColumns();
  for (const request of requests) {
    for (const received of readEvents(request)) assertPlain("row", columns.row(received));
    for (const received of readEvents(request)) assert(!columns.row(received).includes("\n"));
    assertPlain("json", toJsonLine(request));
  }
});
