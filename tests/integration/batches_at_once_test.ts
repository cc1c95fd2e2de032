import { DeliveryCounts } from "../../src/daemon/delivery_counts.ts";
import { toLaneSpool } from "../../src/daemon/lane_spool.ts";
import { systemClock } from "../../src/dispatcher/clock.ts";
import { Dispatcher } from "../../src/dispatcher/dispatcher.ts";
import type { WebhookClient } from "../../src/dispatcher/http/webhook_client.ts";
import { readRegistry } from "../../src/registry/read_registry.ts";
import { GroupCommit } from "../../src/spool/group_commit.ts";
import { Spool } from "../../src/spool/spool.ts";
import { newUlid } from "../../src/std/ulid.ts";
import { assertEquals } from "../support/assert.ts";
import { makeTempFolder } from "../support/temp_folder.ts";
import { until } from "../support/until.ts";

const WEBHOOKS = 5;
const EVENTS = 5000;
const REGISTRY = Array.from({ length: WEBHOOKS }, (_, index) =>
  `[[webhook]]
  name = "w${index}"
  url = "http://127.0.0.1:${index + 1}/"
  order = "none"
  batch = 50
  concurrency = 4
  `).join("\n");

/** Counts how often each event is posted to each URL, and takes everything after a moment. */
class Counter {
  readonly posts = new Map<string, number>();

  readonly createClient = (): WebhookClient => ({
    post: async ({ url, body }) => {
      for (const { id } of JSON.parse(body)) {
        this.posts.set(url + id, (this.posts.get(url + id) ?? 0) + 1);
      }
      await new Promise((resolve) => setTimeout(resolve, 3));
      return { kind: "response", status: 200, answer: "", durationMs: 3 };
    },
    [Symbol.dispose]: () => {},
  });
}

Deno.test("several webhooks that take batches at once get each event once", async () => {
  await using folder = await makeTempFolder();
  using spool = Spool.open(`${folder.path}/spool.db`, {
    now: Date.now,
    newId: newUlid,
    onSetAside: ({ reason }) => {
      throw new Error(reason);
    },
  });
  const { webhooks } = readRegistry(REGISTRY, "webhooks.toml");
  spool.setWebhooks(webhooks);
  const counter = new Counter();
  const commit = new GroupCommit({
    spool,
    schedule: (callback, delayMs) => {
      const timer = setTimeout(callback, delayMs);
      return () => clearTimeout(timer);
    },
    steadyNow: systemClock.steadyNow,
    onCommit: (events) => {
      if (events > 0) dispatcher.wake();
    },
    onHealth: (health) => {
      if (!health.ok) throw health.error;
    },
  });
  const dispatcher = new Dispatcher({
    spool: toLaneSpool({
      spool,
      commit,
      node: { id: "node", host: "gl1" },
      counts: new DeliveryCounts(),
    }),
    createClient: counter.createClient,
    clock: systemClock,
    random: Math.random,
    userAgent: "test",
    notify: () => {},
  });
  dispatcher.assign(webhooks, () => undefined);
  for (let number = 0; number < EVENTS; number++) {
    const nowMs = Date.now();
    const id = newUlid(nowMs);
    const payload = JSON.stringify({ id, message: {} });
    commit.addEvent({ id, receivedMs: nowMs, event: "VOLUME_START", payload });
    if (number % 20 === 0) await new Promise((resolve) => setTimeout(resolve));
  }
  await until("all is delivered", () => spool.cursors().every(({ pending }) => pending === 0), {
    seen: () => spool.cursors(),
  });
  await dispatcher.stop(1000);
  commit.close();
  const counts = [...counter.posts.values()];
  assertEquals([counts.length, counts.filter((count) => count > 1).length], [
    WEBHOOKS * EVENTS,
    0,
  ]);
});
