import {
  decideAction,
  readTrouble,
  type Trouble,
  troubleFault,
  troubleIn,
} from "../../../src/testhook/trouble.ts";
import { assertEquals, assertStringIncludes } from "../../support/assert.ts";

function act(trouble: Trouble, count = 1, chance = 0.5): string {
  const { delayMs, end, status, words } = decideAction(trouble, { count, chance });
  return `${delayMs} ${end} ${status}${words === "" ? "" : `: ${words}`}`;
}

Deno.test("without trouble every request is answered with 200", () => {
  assertEquals(act({}), "0 answer 200");
  assertEquals(act({ status: 204 }), "0 answer 204");
});

Deno.test("a status, a delay, a reset and a hang happen to every request", () => {
  assertEquals(act({ status: 503 }, 9), "0 answer 503: status 503 Service Unavailable");
  assertEquals(act({ delayMs: 2000 }, 9), "2000 answer 200: a delay of 2s");
  assertEquals(
    act({ delayMs: 500, resets: true }),
    "500 reset 0: a delay of 500ms, connection reset",
  );
  assertEquals(act({ hangs: true }), "0 hang 0: no answer");
});

Deno.test("the first requests fail, and the others do not", () => {
  const trouble = { failFirst: 2, retryAfterMs: 5000 };
  assertEquals([1, 2, 3].map((count) => act(trouble, count)), [
    "0 answer 503: status 503 Service Unavailable, failure 1 of the first 2, retry after 5s",
    "0 answer 503: status 503 Service Unavailable, failure 2 of the first 2, retry after 5s",
    "0 answer 200",
  ]);
  assertEquals(act({ failFirst: 1, resets: true }, 2), "0 answer 200");
});

Deno.test("a part of the requests fails by chance", () => {
  const rows = [0, 0.29, 0.3, 0.99].map((chance) => act({ failRate: 0.3, status: 500 }, 1, chance));
  const failure = "0 answer 500: status 500 Internal Server Error, by chance";
  assertEquals(rows, [failure, failure, "0 answer 200", "0 answer 200"]);
});

Deno.test("trouble that excludes other trouble says so", () => {
  const pairs: readonly [Trouble, string | undefined][] = [
    [{ hangs: true, resets: true }, "exclude each other"],
    [{ hangs: true, status: 500 }, "hang excludes status"],
    [{ resets: true, status: 500 }, "reset excludes status"],
    [{ hangs: true, delayMs: 1 }, "hang excludes delay"],
    [{ failFirst: 1, status: 200 }, "200 is none"],
    [{ retryAfterMs: 1000 }, "retry-after goes with"],
    [{ retryAfterMs: 1000, resets: true, failFirst: 1 }, "retry-after goes with"],
    [{ retryAfterMs: 1000, status: 429 }, undefined],
    [{ delayMs: 1, resets: true, failRate: 1 }, undefined],
  ];
  for (const [trouble, said] of pairs) {
    const fault = troubleFault(trouble);
    if (said === undefined) assertEquals(fault, undefined);
    else assertStringIncludes(fault ?? "(nothing)", said);
  }
});

Deno.test("values that cannot be are told what they have to be", () => {
  const values = {
    "status": ["199", "600", "5xx", "", "0200"],
    "delay": ["61s", "2", "-1s", "1h", ""],
    "fail-first": ["0", "-1", "1.5", "99999999"],
    "fail-rate": ["1.1", "30%", ".3", ""],
    "retry-after": ["5", "250ms", ""],
  };
  for (const [name, texts] of Object.entries(values)) {
    for (const text of texts) {
      assertEquals(typeof readTrouble(name, text), "string", `${name} ${text}`);
    }
  }
  assertEquals(readTrouble("delay", "60s"), { delayMs: 60_000 });
});

Deno.test("a path asks for trouble at its beginning", () => {
  assertEquals(troubleIn("/status/503"), { status: 503 });
  assertEquals(troubleIn("/delay/2s/status/503"), { delayMs: 2000, status: 503 });
  assertEquals(troubleIn("/fail-first/3/reset/hook/status"), { failFirst: 3, resets: true });
  assertEquals(troubleIn("/hang"), { hangs: true });
  assertEquals(["/", "/listen", "/a/status/503", "/status", "/__proto__/x"].map(troubleIn), [
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

Deno.test("a path that asks for what cannot be had says why", () => {
  const said = [
    "/status/99",
    "/delay/2m",
    "/hang/status/500",
    "/status/500/status/501",
    "/delay/1s/status",
  ]
    .map((path) => String(troubleIn(path)));
  for (
    const [index, part] of [
      "status from 200",
      "at most 60s",
      "hang excludes",
      "more than once",
      '""',
    ].entries()
  ) {
    assertStringIncludes(said[index] ?? "", part);
  }
});
