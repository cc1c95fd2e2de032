import { describeHook } from "../../../src/cli/hook_lines.ts";
import type { TestHook } from "../../../src/testhook/test_hook.ts";
import { assertEquals } from "../../support/assert.ts";

function lines(hostname: string, isUiOpen: boolean): string[] {
  const hook: Pick<TestHook, "hostname" | "port"> = { hostname, port: 9471 };
  return describeHook(hook, isUiOpen);
}

Deno.test("who may look from elsewhere is told where", () => {
  const here = "See it live in a browser: http://127.0.0.1:9471/";
  assertEquals(lines("::", false)[1], here);
  assertEquals(lines("::", true)[1], `${here}; from elsewhere: this machine's name, port 9471`);
  assertEquals(lines("10.0.0.1", true)[1], "See it live in a browser: http://10.0.0.1:9471/");
});
