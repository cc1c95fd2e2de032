import { Lane, type LaneNotice } from "../../../src/dispatcher/lane.ts";
import type { AttemptResult } from "../../../src/dispatcher/verdict.ts";
import type { DeliveryRequest } from "../../../src/dispatcher/webhook_client.ts";
import type { Webhook } from "../../../src/registry/schema.ts";
import type { Outcome, SpooledEvent } from "../../../src/spool/spool.ts";
import { assertEquals } from "../../support/assert.ts";
import { ManualClock } from "../../support/manual_clock.ts";
import { until } from "../../support/until.ts";

const WEBHOOK: Webhook = {
  name: "ops",
  url: "http://ops.example/",
  headers: {},
  timeoutMs: 1000,
  retryMinMs: 1000,
  retryMaxMs: 60_000,
  retryForMs: 3_600_000,
};

function answerWith(status: number, retryAfterMs?: number): AttemptResult {
  const extra = retryAfterMs === undefined ? {} : { retryAfterMs };
  return { kind: "response", status, durationMs: 1, ...extra };
}

/** A lane over a list of events, with a client that answers as the test says. */
class Bench implements AsyncDisposable {
  readonly clock = new ManualClock();
  readonly events: SpooledEvent[] = [];
  readonly posted: DeliveryRequest[] = [];
  readonly outcomes: Outcome[] = [];
  readonly notices: LaneNotice[] = [];
  readonly lane: Lane;
  answers: (request: DeliveryRequest) => AttemptResult = () => answerWith(200);
  readError: Error | undefined;

  constructor() {
    this.lane = new Lane(WEBHOOK, 0, {
      readAfter: (seq, limit) => {
        if (this.readError !== undefined) throw this.readError;
        return this.events.filter((event) => event.seq > seq).slice(0, limit);
      },
      addOutcome: (outcome) => this.outcomes.push(outcome),
      client: {
        post: (request) => {
          this.posted.push(request);
          return Promise.resolve(this.answers(request));
        },
        [Symbol.dispose]: () => {},
      },
      clock: this.clock,
      random: () => 0.5,
      userAgent: "test",
      notify: (notice) => {
        if (notice.kind !== "attempt") this.notices.push(notice);
      },
    });
    this.lane.start();
  }

  add(...ids: string[]): void {
    for (const id of ids) {
      this.events.push({
        seq: this.events.length + 1,
        id,
        receivedMs: this.clock.now(),
        event: "VOLUME_START",
        payload: `{"id":"${id}"}`,
      });
    }
    this.lane.wake();
  }

  async doneWith(count: number): Promise<void> {
    await until(`${count} events are done`, () => this.outcomes.length >= count, {
      seen: () => ({ outcomes: this.outcomes, notices: this.notices }),
    });
  }

  get ids(): (string | undefined)[] {
    return this.posted.map(({ headers }) => headers["webhook-id"]);
  }

  get kinds(): string[] {
    return this.notices.map(({ kind }) => kind);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.lane.stop(0);
  }
}

Deno.test("a lane delivers in order, one after the other, and says so for each", async () => {
  await using bench = new Bench();
  bench.add("a", "b", "c");
  await bench.doneWith(3);
  assertEquals(bench.ids, ["a", "b", "c"]);
  assertEquals(bench.outcomes.map(({ seq }) => seq), [1, 2, 3]);
  assertEquals(bench.notices, []);
});

Deno.test("a failing event is retried with growing back-off under the same id, and blocks what follows", async () => {
  await using bench = new Bench();
  bench.answers = () => answerWith(bench.posted.length < 4 ? 503 : 200);
  bench.add("a", "b");
  for (let attempt = 0; attempt < 3; attempt++) await bench.clock.advanceToNextSleeper();
  await bench.doneWith(2);
  assertEquals(bench.ids, ["a", "a", "a", "a", "b"]);
  assertEquals(bench.clock.sleeps, [500, 1000, 2000]);
});

Deno.test("a failing webhook is told of once, and once more when it works again", async () => {
  await using bench = new Bench();
  bench.answers = () => answerWith(bench.posted.length < 6 ? 500 : 200);
  bench.add("a", "b");
  for (let attempt = 0; attempt < 5; attempt++) await bench.clock.advanceToNextSleeper();
  await bench.doneWith(2);
  assertEquals(bench.kinds, ["webhook_failing", "webhook_recovered"]);
  assertEquals(bench.lane.state.failure, undefined);
});

Deno.test("the state says since when, how often and why a webhook fails", async () => {
  await using bench = new Bench();
  bench.answers = () => answerWith(502);
  bench.add("a");
  await bench.clock.advanceToNextSleeper();
  const state = await until("the second attempt has failed", () => {
    const { failure } = bench.lane.state;
    return failure?.attempts === 2 ? failure : undefined;
  });
  assertEquals(state.reason, "502 Bad Gateway");
  assertEquals(state.nextAttemptMs - state.sinceMs, 1500);
});

Deno.test("a receiver's Retry-After is waited for", async () => {
  await using bench = new Bench();
  bench.answers = () => bench.posted.length === 1 ? answerWith(429, 90_000) : answerWith(200);
  bench.add("a");
  assertEquals(await bench.clock.advanceToNextSleeper(), 90_000);
  await bench.doneWith(1);
});

Deno.test("an event that is rejected six times becomes a dead letter and the lane goes on", async () => {
  await using bench = new Bench();
  bench.answers = ({ headers }) => answerWith(headers["webhook-id"] === "bad" ? 400 : 200);
  bench.add("bad", "good");
  for (let attempt = 0; attempt < 5; attempt++) await bench.clock.advanceToNextSleeper();
  await bench.doneWith(2);
  assertEquals(bench.ids, ["bad", "bad", "bad", "bad", "bad", "bad", "good"]);
  const [dead, delivered] = bench.outcomes;
  assertEquals(dead?.deadLetter?.reason, "400 Bad Request, rejected 6 times");
  assertEquals(delivered, { webhook: "ops", seq: 2 });
  assertEquals(bench.kinds, ["webhook_failing", "event_given_up", "webhook_recovered"]);
});

Deno.test("an event that waited longer than retry-for gets one attempt", async () => {
  await using bench = new Bench();
  bench.answers = () => answerWith(503);
  bench.events.push({
    seq: 1,
    id: "old",
    receivedMs: bench.clock.now() - WEBHOOK.retryForMs,
    event: "VOLUME_START",
    payload: "{}",
  });
  bench.lane.wake();
  await bench.doneWith(1);
  assertEquals(
    bench.outcomes[0]?.deadLetter?.reason.startsWith("503 Service Unavailable, older"),
    true,
  );
});

Deno.test("changed settings are used at once, also for an event that waits for its retry", async () => {
  await using bench = new Bench();
  bench.answers = ({ url }) => answerWith(url === "http://new.example/" ? 200 : 503);
  bench.add("a");
  await until("the first attempt has failed", () => bench.lane.state.activity === "retrying");
  bench.lane.update({ ...WEBHOOK, url: "http://new.example/" });
  await bench.doneWith(1);
  assertEquals(bench.posted.map(({ url }) => url), ["http://ops.example/", "http://new.example/"]);
});

Deno.test("settings that change while a request is in flight are used right after it", async () => {
  await using bench = new Bench();
  bench.answers = ({ url }) => {
    if (url === "http://new.example/") return answerWith(200);
    bench.lane.update({ ...WEBHOOK, url: "http://new.example/" });
    return answerWith(400);
  };
  bench.add("a");
  await bench.doneWith(1);
  assertEquals(bench.posted.length, 2);
  assertEquals([bench.clock.sleeps, bench.notices], [[], []]);
});

Deno.test("the same settings again do not cut a wait short", async () => {
  await using bench = new Bench();
  bench.answers = () => answerWith(bench.posted.length < 2 ? 503 : 200);
  bench.add("a");
  await until("the first attempt has failed", () => bench.lane.state.activity === "retrying");
  bench.lane.update({ ...WEBHOOK });
  assertEquals(bench.posted.length, 1);
  await bench.clock.advanceToNextSleeper();
  await bench.doneWith(1);
});

Deno.test("a stopped lane leaves the event that waits for its retry undone", async () => {
  const bench = new Bench();
  bench.answers = () => answerWith(503);
  bench.add("a");
  await until("the first attempt has failed", () => bench.lane.state.activity === "retrying");
  await bench.lane.stop(1000);
  assertEquals(bench.outcomes, []);
});

Deno.test("an unreadable spool is told of once and read again later", async () => {
  await using bench = new Bench();
  bench.readError = new Error("disk I/O error");
  bench.add("a");
  await bench.clock.advanceToNextSleeper();
  await until("it was read twice in vain", () => bench.clock.sleeps.length === 2);
  bench.readError = undefined;
  await bench.clock.advanceToNextSleeper();
  await bench.doneWith(1);
  assertEquals(bench.kinds, ["spool_unreadable"]);
});
