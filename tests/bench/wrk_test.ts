import { assertEquals, assertThrows } from "../support/assert.ts";
import { requestsPerSecond } from "./wrk.ts";

Deno.test("the rate is found in what wrk prints", () => {
  const output =
    "  5800 requests in 1.00s, 1.1MB read\nRequests/sec:   5794.21\nTransfer/sec: 1MB\n";
  assertEquals(requestsPerSecond(output), 5794.21);
});

Deno.test("a run of wrk that reached nobody is no report", () => {
  assertThrows(() => requestsPerSecond("unable to connect"), TypeError, "no report of wrk");
});
