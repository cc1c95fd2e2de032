import { assertEquals } from "../support/assert.ts";
import { judge, type Judged, type Measured } from "./budgets.ts";

function verdictOn(what: string, measured: Measured): Omit<Judged, "what" | "allowed"> {
  const judged = judge(measured).find((budget) => budget.what === what);
  if (judged === undefined) throw new Error(`There is no budget ${what}`);
  const { measured: text, verdict } = judged;
  return { measured: text, verdict };
}

Deno.test("a budget of which nothing was measured is neither met nor not", () => {
  assertEquals(new Set(judge({}).map(({ verdict }) => verdict)), new Set(["not measured"]));
});

Deno.test("a budget that compares wants both figures", () => {
  const what = "in order, to syslog-ng";
  const unknown = { measured: "-", verdict: "not measured" } as const;
  assertEquals(verdictOn(what, { inOrder: 6000 }), unknown);
  assertEquals(verdictOn(what, { inOrder: 6000, syslogNg: 0 }), unknown);
  assertEquals(verdictOn(what, { inOrder: 4500, syslogNg: 3000 }), {
    measured: "1.5x",
    verdict: "met",
  });
  assertEquals(verdictOn(what, { inOrder: 4000, syslogNg: 3000 }), {
    measured: "1.33x",
    verdict: "not met",
  });
});

Deno.test("the burst is judged by what was lost anywhere, and only if it was large enough", () => {
  const what = "burst of 100,000 datagrams";
  const whole = { sent: 100_000, received: 100_000, drops: 0 };
  assertEquals(verdictOn(what, { burst: whole }).verdict, "met");
  assertEquals(verdictOn(what, { burst: { ...whole, received: 99_999, drops: 1 } }), {
    measured: "1 lost, 1 dropped by the kernel",
    verdict: "not met",
  });
  const small = { sent: 2000, received: 2000, drops: 0 };
  assertEquals(verdictOn(what, { burst: small }).verdict, "not measured");
});

Deno.test("memory with events waiting is judged only if a million waited", () => {
  const what = "resident memory, 1,000,000 events waiting";
  assertEquals(verdictOn(what, { backlog: { events: 100_000, mb: 90 } }).verdict, "not measured");
  assertEquals(verdictOn(what, { backlog: { events: 1_000_000, mb: 170.2 } }), {
    measured: "170 MB",
    verdict: "not met",
  });
});

Deno.test("a verdict follows from the figure as it is shown", () => {
  const what = "start to ready";
  assertEquals(verdictOn(what, { readyMs: 400.4 }), { measured: "400 ms", verdict: "met" });
  assertEquals(verdictOn(what, { readyMs: 400.6 }), { measured: "401 ms", verdict: "not met" });
});
