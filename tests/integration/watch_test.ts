/**
 * The command that follows events, against control sockets that send what a test wants.
 *
 * @module
 */
import type { StreamItem, StreamQuery } from "../../src/api/event_stream.ts";
import { assertEquals, assertMatch, assertStringIncludes } from "../support/assert.ts";
import { type FakeDaemon, historyEvent, runHere, serveFake } from "../support/fake_daemon.ts";

const NODE = { node: "e9bfb6da-5a8b-4b8e-9d2b-3f6a3f5f2c11", host: "gl1" };
const LIVE: StreamItem = { kind: "notice", notice: { notice: "live", ...NODE } };

function eventItem(number: number): StreamItem {
  const event = historyEvent(number, { host: "gl1", severity: "warning" });
  return { kind: "event", event, position: `${NODE.node}=${event.id}` };
}

/** A daemon that sends one of the lists to each who asks, in turn, and ends. */
async function serveLists(
  asked: StreamQuery[],
  ...lists: (readonly StreamItem[])[]
): Promise<FakeDaemon> {
  return await serveFake({
    stream: async function* (query) {
      await Promise.resolve();
      asked.push(query);
      yield lists[asked.length - 1] ?? [];
    },
  });
}

Deno.test("events are shown in columns, notices beside them", async () => {
  const asked: StreamQuery[] = [];
  const gap: StreamItem = {
    kind: "notice",
    notice: { notice: "gap", ...NODE, reason: "it begins\u001b[31m later" },
  };
  await using daemon = await serveLists(asked, [gap, eventItem(1), LIVE, eventItem(2)]);
  const options = ["--events", "VOLUME_*,!VOLUME_SET", "--group", "VOLUME", "--severity", "info"];
  const since = "01kapc6q0r5t5cz3x6m1j3m4w7";
  const { code, stdout, stderr } = await daemon.run(
    ...["watch", "--local", "--since", since, "--max-events", "2", ...options],
  );
  assertEquals([code, asked], [0, [{
    events: ["VOLUME_*", "!VOLUME_SET", "group:VOLUME"],
    severity: "info",
    since,
  }]]);
  assertEquals(stdout.split("\n"), [
    "TIME                 EVENT                     SEVERITY  NODE          MESSAGE",
    "2026-11-23 03:04:05  VOLUME_START              warning   gl1           name=gv1 force=false",
    "2026-11-23 03:04:05  VOLUME_START              warning   gl1           name=gv2 force=false",
    "",
  ]);
  const [first, second] = stderr.split("\n");
  assertMatch(first ?? "", /^note: gl1: events may be missing here: it begins.*31m later$/);
  assertEquals(first?.includes("\u001b"), false);
  assertEquals(second, "note: gl1: from here on events are shown as they come in");
});

Deno.test("with --json there is one object per line and nothing else", async () => {
  await using daemon = await serveLists([], [LIVE, eventItem(1), eventItem(2)]);
  const { code, stdout, stderr } = await daemon.run("watch", "--json", "--max-events", "2");
  assertEquals([code, stderr], [0, ""]);
  const lines = stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  assertEquals(lines.map(({ message }) => message.name), ["gv1", "gv2"]);
  assertEquals(Object.keys(lines[0]).includes("received_at"), true);
});

Deno.test("when a daemon ends the stream it is asked again from where it was", async () => {
  const asked: StreamQuery[] = [];
  const at = `${NODE.node}=01KAPC6Q0R5T5CZ3X6M1000000`;
  await using daemon = await serveLists(
    asked,
    [{ ...LIVE, position: at }],
    [eventItem(1)],
    [LIVE, eventItem(2)],
  );
  const { code, stdout, stderr } = await daemon.run("watch", "--local", "--max-events", "2");
  assertEquals(code, 0);
  assertEquals(asked.map(({ since }) => since), [
    undefined,
    at,
    `${NODE.node}=${historyEvent(1).id}`,
  ]);
  assertEquals(stdout.split("\n").length, 4);
  assertEquals(stderr.match(/does not answer any more/g)?.length, 2);
  assertEquals(stderr.match(/answers again/g)?.length, 2);
});

Deno.test("a daemon that had nothing in its log is asked by the time", async () => {
  const asked: StreamQuery[] = [];
  await using daemon = await serveLists(asked, [LIVE], [eventItem(1)]);
  assertEquals((await daemon.run("watch", "--max-events", "1")).code, 0);
  assertMatch(asked[1]?.since ?? "", /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
});

Deno.test("options that make no sense, and a daemon that is not there, are told", async () => {
  await using daemon = await serveFake({});
  for (
    const [args, said] of [
      [["--since", "yesterday"], /--since cannot be "yesterday"[\s\S]*or the id of an event/],
      [["--max-events", "0"], /--max-events cannot be "0"/],
      [["--events", "NOPE"], /No event matches "NOPE"/],
      [["--severity", "bad"], /There is no severity "bad"/],
    ] as const
  ) {
    const { code, stderr } = await daemon.run("watch", "--local", ...args);
    assertEquals(code, 64, args.join(" "));
    assertMatch(stderr, said);
  }
  const { code, stdout, stderr } = await runHere(["watch", "--local", "--socket", "/nowhere/s"]);
  assertEquals([code, stdout], [69, ""]);
  assertStringIncludes(stderr, "No daemon answers");
});
