import { decideRetry, type RetryQuestion } from "../../../src/dispatcher/retry_policy.ts";
import { assertEquals } from "../../support/assert.ts";

const SETTINGS = {
  timeoutMs: 1000,
  retryMinMs: 1000,
  retryMaxMs: 300_000,
  retryForMs: 259_200_000,
};

function ask(question: Partial<RetryQuestion>): unknown {
  return decideRetry({
    verdict: "retry",
    attempts: 1,
    ageMs: 0,
    settings: SETTINGS,
    random: 0.5,
    ...question,
  });
}

Deno.test("the back-off doubles from retry-min and stays below retry-max", () => {
  const delays = [1, 2, 3, 9, 10, 50, 5000].map((attempts) => ask({ attempts, random: 0.999999 }));
  const whole = [1000, 2000, 4000, 256_000, 300_000, 300_000, 300_000];
  assertEquals(delays, whole.map((retryInMs) => ({ retryInMs })));
});

Deno.test("the jitter is full: any time from none to the whole back-off", () => {
  const delays = [0, 0.25, 0.5, 0.75].map((random) => ask({ attempts: 3, random }));
  assertEquals(delays, [0, 1000, 2000, 3000].map((retryInMs) => ({ retryInMs })));
});

Deno.test("a receiver that asks for time gets at least that", () => {
  assertEquals(ask({ retryAfterMs: 60_000 }), { retryInMs: 60_000 });
  assertEquals(ask({ retryAfterMs: 60_000, attempts: 9, random: 0.9 }), { retryInMs: 230_400 });
});

Deno.test("a receiver that asks for more time than there is gets what is left", () => {
  const ageMs = SETTINGS.retryForMs - 5000;
  assertEquals(ask({ retryAfterMs: 1e12, ageMs }), { retryInMs: 5000 });
});

Deno.test("an event that the receiver rejects is tried six times in all", () => {
  assertEquals(ask({ verdict: "rejected", attempts: 5 }), { retryInMs: 8000 });
  assertEquals(ask({ verdict: "rejected", attempts: 6 }), { giveUp: "rejected 6 times" });
});

Deno.test("an event older than retry-for is given up on", () => {
  assertEquals(ask({ ageMs: SETTINGS.retryForMs - 1 }), { retryInMs: 500 });
  assertEquals(ask({ ageMs: SETTINGS.retryForMs, attempts: 7 }), {
    giveUp: "older than retry-for after 7 attempts",
  });
});
