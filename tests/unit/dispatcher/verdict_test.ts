import { judge, parseRetryAfterMs, type Verdict } from "../../../src/dispatcher/verdict.ts";
import { assertEquals } from "../../support/assert.ts";

Deno.test("every status from 100 to 599 has the verdict that the promise of delivery says", () => {
  const expected = (status: number): Verdict => {
    if (status >= 200 && status < 300) return "delivered";
    if ([408, 425, 429].includes(status)) return "retry";
    return status >= 500 ? "retry" : "rejected";
  };
  for (let status = 100; status <= 599; status++) {
    const verdict = judge({ kind: "response", status, durationMs: 1 });
    assertEquals(verdict, expected(status), `status ${status}`);
  }
});

Deno.test("every class of error without an answer is retried", () => {
  for (const errorClass of ["dns", "refused", "reset", "timeout", "tls", "network"] as const) {
    assertEquals(judge({ kind: "error", errorClass, detail: "x", durationMs: 1 }), "retry");
  }
});

Deno.test("Retry-After is read as seconds or as an HTTP date, and ignored if it is neither", () => {
  const nowMs = Date.parse("2026-11-22T16:00:00Z");
  const cases: [string | null, number | undefined][] = [
    ["120", 120_000],
    [" 0 ", 0],
    ["Sun, 22 Nov 2026 16:00:30 GMT", 30_000],
    ["Sunday, 22-Nov-26 16:00:30 GMT", 30_000],
    ["Sun Nov 22 16:00:30 2026 GMT", 30_000],
    ["Sun, 22 Nov 2026 15:00:00 GMT", 0],
    [null, undefined],
    ["", undefined],
    ["soon", undefined],
    ["-5", undefined],
    ["1.5", undefined],
    ["12345678901234567890", undefined],
    ["2026-11-22T16:00:30Z", undefined],
  ];
  for (const [value, expected] of cases) {
    assertEquals(parseRetryAfterMs(value, nowMs), expected, `Retry-After: ${value}`);
  }
});
