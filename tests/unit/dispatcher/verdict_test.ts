import {
  describeResult,
  type ErrorClass,
  judge,
  parseRetryAfterMs,
  type Verdict,
} from "../../../src/dispatcher/verdict.ts";
import { assertEquals } from "../../support/assert.ts";
import { answerWith, noAnswer } from "./lanes/lane_answers.ts";

const VERDICTS: readonly [from: number, to: number, verdict: Verdict][] = [
  [100, 199, "rejected"],
  [200, 299, "delivered"],
  [300, 399, "rejected"],
  [400, 407, "rejected"],
  [408, 408, "retry"],
  [409, 409, "rejected"],
  [410, 410, "gone"],
  [411, 424, "rejected"],
  [425, 425, "retry"],
  [426, 428, "rejected"],
  [429, 429, "retry"],
  [430, 499, "rejected"],
  [500, 599, "retry"],
];

const ERROR_CLASSES: Readonly<Record<ErrorClass, Verdict>> = {
  dns: "retry",
  refused: "retry",
  reset: "retry",
  timeout: "retry",
  tls: "retry",
  network: "retry",
  settings: "retry",
};

Deno.test("every status from 100 to 599 has the verdict that the promise of delivery says", () => {
  const judged = VERDICTS.flatMap(([from, to, verdict]) =>
    Array.from({ length: to - from + 1 }, (_, index) => {
      assertEquals(judge(answerWith(from + index)), verdict, `status ${from + index}`);
      return from + index;
    })
  );
  assertEquals(judged, Array.from({ length: 500 }, (_, index) => 100 + index));
});

Deno.test("every class of error without an answer is retried", () => {
  for (const [errorClass, verdict] of Object.entries(ERROR_CLASSES)) {
    assertEquals(judge(noAnswer(errorClass as ErrorClass)), verdict, errorClass);
  }
});

Deno.test("a result is told by the status and its name, or by the class of the error", () => {
  assertEquals(describeResult(answerWith(503)), "503 Service Unavailable");
  assertEquals(describeResult(answerWith(599)), "599");
  assertEquals(describeResult(noAnswer("dns", "no such host")), "dns: no such host");
});

Deno.test("Retry-After is read as seconds or as any of the three HTTP dates, and obeyed for 30 days", () => {
  const nowMs = Date.parse("2026-11-06T16:00:00Z");
  const cases: [string, number][] = [
    ["120", 120_000],
    [" 0 ", 0],
    ["2592000", 30 * 24 * 3_600_000],
    ["2592001", 30 * 24 * 3_600_000],
    ["999999999999999", 30 * 24 * 3_600_000],
    ["Sat, 31 Dec 275759 00:00:00 GMT", 30 * 24 * 3_600_000],
    ["Fri, 06 Nov 2026 16:00:30 GMT", 30_000],
    ["Friday, 06-Nov-26 16:00:30 GMT", 30_000],
    ["Fri Nov  6 16:00:30 2026", 30_000],
    ["Fri Nov 16 16:00:00 2026", 864_000_000],
    ["Fri, 06 Nov 2026 15:00:00 GMT", 0],
    ["Sunday, 06-Nov-94 08:49:37 GMT", 0],
  ];
  for (const [value, expected] of cases) {
    assertEquals(parseRetryAfterMs(value, nowMs), expected, `Retry-After: ${value}`);
  }
});

Deno.test("a date in Retry-After is Greenwich time, wherever this machine is", async () => {
  const module = new URL("../../../src/dispatcher/verdict.ts", import.meta.url).href;
  const code = `import { parseRetryAfterMs } from "${module}";
    const nowMs = Date.parse("2026-11-06T16:00:00Z");
    const dates = ["Fri, 06 Nov 2026 16:00:30 GMT", "Friday, 06-Nov-26 16:00:30 GMT",
      "Fri Nov  6 16:00:30 2026"];
    console.log(new Date(0).getTimezoneOffset(), ...dates.map((d) => parseRetryAfterMs(d, nowMs)));`;
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--quiet", code],
    cwd: new URL("../../..", import.meta.url),
    env: { TZ: "America/New_York", NO_COLOR: "1" },
  }).output();
  assertEquals(new TextDecoder().decode(stdout).trim(), "300 30000 30000 30000");
});

Deno.test("a Retry-After that is none of these is as if it were not there", () => {
  const texts = [null, "", " ", "soon", "-5", "+5", "1.5", "1e3", "0x10", "12345678901234567890"];
  const dates = [
    "2026-11-22T16:00:30Z",
    "Monday",
    "Fri, 99 Nov 2026 16:00:30 GMT",
    "Fri, ",
    "42 GMT",
  ];
  for (const value of [...texts, ...dates, "Wait, please", "5, 10", "5 seconds", "\0"]) {
    assertEquals(parseRetryAfterMs(value, 0), undefined, `Retry-After: ${value}`);
  }
});
