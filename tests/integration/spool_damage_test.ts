/**
 * A daemon whose spool is damaged: what still can be delivered is, and the receiver is told of the
 * rest.
 *
 * @module
 */
import { DatabaseSync } from "node:sqlite";
import { ControlClient } from "../../src/api/control_client.ts";
import { assert, assertEquals, assertMatch } from "../support/assert.ts";
import { Receiver } from "../support/receiver.ts";
import { spoilPage } from "../support/spool_bench.ts";
import { makeTempFolder } from "../support/temp_folder.ts";
import { startOf, TestDaemon } from "../support/test_daemon.ts";

const LATER = { name: "ops", "retry-min": "1h", "retry-max": "1h" };

Deno.test("a page that is damaged costs what is on it, and nothing else", async () => {
  await using folder = await makeTempFolder();
  let isUp = false;
  await using receiver = new Receiver({
    answer: () => new Response(null, { status: isUp ? 200 : 503 }),
  });
  await using daemon = new TestDaemon(folder.path);
  await daemon.register(receiver.url, LATER);
  await daemon.start();
  for (let number = 1; number <= 300; number++) await daemon.send(startOf(`gv${number}`));
  await daemon.reports("all are in", ({ events }) => events.received === 300);
  await daemon.stop();
  spoilPage(daemon.spoolPath, { name: "events", path: "/003/" });

  isUp = true;
  receiver.requests.length = 0;
  await daemon.start();
  const { delivered, dropped } = (await daemon.delivers(300))[0] ?? {};
  assert(dropped !== undefined && dropped > 0 && dropped < 50, `${dropped} were dropped`);
  assertEquals(delivered, 300 - dropped);
  await daemon.reports("it is told", () => receiver.names.includes("EVENTING_GAP"));
  const gaps = receiver.events.filter(({ event }) => event === "EVENTING_GAP");
  assertEquals(gaps.map(({ message }) => message), [
    { webhook: "ops", missing: String(dropped), reason: "the spool was damaged" },
  ]);
  const numbers = receiver.events.filter(({ event }) => event !== "EVENTING_GAP")
    .map(({ message }) => Number(String(message["name"]).slice(2)));
  assertEquals(numbers, numbers.toSorted((a, b) => a - b));
  assertEquals(new Set(numbers).size, delivered);
  const log = daemon.log.join("\n");
  assertMatch(log, new RegExp(`spool set aside.* waiting_events_kept=${300 - dropped}\\b`));

  // The new file is as good as any.
  await daemon.send(startOf("after"));
  await daemon.delivers(301);
  assertEquals(receiver.events.at(-1)?.message["name"], "after");
});

Deno.test("damage that only looking back meets harms nothing else", async () => {
  await using folder = await makeTempFolder();
  await using receiver = new Receiver();
  await using daemon = new TestDaemon(folder.path);
  await daemon.register(receiver.url, LATER);
  await daemon.start();
  for (let number = 1; number <= 300; number++) await daemon.send(startOf(`gv${number}`));
  await daemon.delivers(300);
  await daemon.stop();
  spoilPage(daemon.spoolPath, { name: "events", path: "/003/" });
  await daemon.start();
  const client = new ControlClient(daemon.socket);
  const error = await client.history({ limit: 1000 }).catch((error) => error);
  assertMatch(String(error?.message), /malformed/);
  assertEquals((await client.history({ limit: 10 })).length, 10);
  await daemon.send(startOf("after"));
  await daemon.delivers(301);
  assertEquals(daemon.log.filter((line) => /set aside/.test(line)), []);
});

Deno.test("a spool that knows nothing any more has every webhook told so", async () => {
  for (const isEmpty of [true, false]) {
    await using folder = await makeTempFolder();
    await using receiver = new Receiver();
    await using daemon = new TestDaemon(folder.path);
    await daemon.register(receiver.url, { name: "ops" });
    await daemon.start();
    await daemon.send(startOf("a"));
    await daemon.delivers(1);
    await daemon.stop();
    if (isEmpty) await Deno.truncate(daemon.spoolPath);
    else spoilPage(daemon.spoolPath, { name: "cursors", path: "/" });
    await daemon.start();
    await daemon.send(startOf("b"));
    await daemon.delivers(2);
    assertEquals(receiver.names, ["VOLUME_START", "EVENTING_GAP", "VOLUME_START"]);
    const { missing, reason } = receiver.events[1]?.message ?? {};
    const why = isEmpty ? /the spool was empty/ : /the spool was set aside/;
    assertEquals(missing, "unknown");
    assertMatch(String(reason), why);
  }
});

Deno.test("a spool that somebody spoiled is set aside whole", async () => {
  await using folder = await makeTempFolder();
  await using receiver = new Receiver();
  await using daemon = new TestDaemon(folder.path);
  await daemon.register(receiver.url, { name: "ops" });
  await daemon.start();
  await daemon.send(startOf("a"));
  await daemon.delivers(1);
  await daemon.stop();
  spoilPage(daemon.spoolPath, { name: "totals", path: "/" });
  await daemon.start();
  const { webhooks: [ops], events } = daemon.daemon.status();
  assertEquals([events.received, ops?.delivered, ops?.pending], [1, 1, 0]);
  const [, movedTo = ""] = /set aside.* moved_to=(\S+)/.exec(daemon.log.join("\n")) ?? [];
  using database = new DatabaseSync(movedTo);
  assertEquals(database.prepare("SELECT count(*) AS n FROM events").get()?.["n"], 1);
});
