import { assertEquals, assertThrows } from "../support/assert.ts";
import { requestsIn } from "./stub_status.ts";

Deno.test("the requests in the status of nginx are found", () => {
  const status = "Active connections: 2 \nserver accepts handled requests\n 12 13 3456 \n" +
    "Reading: 0 Writing: 1 Waiting: 1 \n";
  assertEquals(requestsIn(status), 3456);
});

Deno.test("what is no status of nginx is said to be none", () => {
  assertThrows(() => requestsIn("<h1>404</h1>"), TypeError, "no status of nginx: <h1>404</h1>");
});
