import { Dispatcher } from "../../../src/dispatcher/dispatcher.ts";
import type { AttemptResult } from "../../../src/dispatcher/verdict.ts";
import type { Webhook } from "../../../src/registry/schema.ts";
import { assertEquals } from "../../support/assert.ts";
import { ManualClock, settle } from "../../support/manual_clock.ts";
import { answerWith, WEBHOOK } from "./lanes/lane_answers.ts";
import { MemorySpool } from "./lanes/memory_spool.ts";

/** A webhook whose URL has its name. */
function webhook(name: string, settings: Partial<Webhook> = {}): Webhook {
  return { ...WEBHOOK, name, url: `http://${name}/`, ...settings };
}

/** A dispatcher over one log that each webhook reads. */
class Bench implements AsyncDisposable {
  readonly clock = new ManualClock();
  readonly spool = new MemorySpool(this.clock);
  /** The host and the event of each request. */
  readonly posted: string[] = [];
  readonly dispatcher: Dispatcher;
  clients = 0;
  answer: (host: string) => Promise<AttemptResult> = () => Promise.resolve(answerWith(200));

  constructor() {
    this.dispatcher = new Dispatcher({
      spool: this.spool,
      createClient: () => {
        this.clients++;
        return {
          post: ({ url, headers }, { signal }) => {
            const { host } = new URL(url);
            this.posted.push(`${host} ${headers["webhook-id"]}`);
            const cut = new Promise<never>((_resolve, reject) => {
              signal.addEventListener("abort", () => reject(signal.reason));
            });
            return Promise.race([this.answer(host), cut]);
          },
          [Symbol.dispose]: () => this.clients--,
        };
      },
      clock: this.clock,
      random: () => 0.5,
      userAgent: "test",
      notify: () => {},
    });
  }

  async assign(...webhooks: Webhook[]): Promise<void> {
    this.dispatcher.assign(webhooks, () => undefined);
    await settle();
  }

  async add(...ids: string[]): Promise<void> {
    this.spool.add(...ids);
    this.dispatcher.wake();
    await settle();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispatcher.stop(0);
  }
}

Deno.test("a webhook that never answers does not delay another", async () => {
  await using bench = new Bench();
  bench.answer = async (host) => host === "dead" ? await new Promise(() => {}) : answerWith(200);
  await bench.assign(webhook("dead"), webhook("good"));
  await bench.add("a", "b");
  assertEquals(bench.posted, ["dead a", "good a", "good b"]);
  assertEquals(["dead", "good", "none"].map((name) => bench.dispatcher.stateOf(name)?.activity), [
    "delivering",
    "waiting",
    undefined,
  ]);
});

Deno.test("a webhook that is taken away gets nothing more, and its client is closed", async () => {
  await using bench = new Bench();
  await bench.assign(webhook("one"), webhook("two"));
  assertEquals(bench.clients, 2);
  await bench.dispatcher.retain([webhook("two")], 0);
  await bench.add("a");
  assertEquals([bench.clients, bench.posted], [1, ["two a"]]);
});

Deno.test("a webhook that stays goes on where it was, with its new settings", async () => {
  await using bench = new Bench();
  await bench.assign(webhook("one"));
  await bench.add("a");
  await bench.assign(webhook("one", { url: "http://other/" }));
  await bench.add("b");
  assertEquals([bench.clients, bench.posted], [1, ["one a", "other b"]]);
});

Deno.test("a webhook that was paused before waits until it is resumed", async () => {
  await using bench = new Bench();
  const pauses = new Map([["one", { pause: { sinceMs: 0, reason: "410 Gone" } }]]);
  bench.dispatcher.assign([webhook("one"), webhook("two")], (name) => pauses.get(name));
  await bench.add("a");
  assertEquals(bench.posted, ["two a"]);
  assertEquals(["one", "two", "none"].map((name) => bench.dispatcher.resume(name)), [
    true,
    false,
    false,
  ]);
  await settle();
  assertEquals(bench.posted, ["two a", "one a"]);
});

Deno.test("what was dropped is forgotten by every lane", async () => {
  await using bench = new Bench();
  bench.answer = () => Promise.resolve(answerWith(503));
  await bench.assign(webhook("one"), webhook("two"));
  await bench.add("a", "b");
  bench.spool.drop("a");
  bench.dispatcher.forgetDropped();
  await bench.clock.pass(500);
  assertEquals(bench.posted.slice(2), ["one b", "two b"]);
});

Deno.test("the end stops all lanes", async () => {
  const bench = new Bench();
  bench.answer = () => new Promise(() => {});
  await bench.assign(webhook("one"), webhook("two"));
  await bench.add("a");
  await bench.dispatcher.stop(0);
  assertEquals([bench.clients, bench.posted], [0, ["one a", "two a"]]);
  assertEquals(bench.dispatcher.stateOf("one"), undefined);
});
