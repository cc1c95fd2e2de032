import { layOut } from "../../../src/page/assets/json_text.js";
import { assertEquals } from "../../support/assert.ts";

Deno.test("JSON is laid out, whatever its texts look like", () => {
  assertEquals(layOut({ a: [1], b: '\\"[' }), '{\n  "a": [\n    1\n  ],\n  "b": "\\\\\\"["\n}');
  const text = "[{".repeat(100_000);
  assertEquals(layOut(text), JSON.stringify(text));
  assertEquals(layOut([text]), `[\n  ${JSON.stringify(text)}\n]`);
  assertEquals(layOut(undefined), "");
});

Deno.test("what is nested without end stays on one line", () => {
  const json = "[".repeat(20_000) + "]".repeat(20_000);
  assertEquals(layOut(JSON.parse(json)), json);
});
