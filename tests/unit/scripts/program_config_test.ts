import { toProgramConfig } from "../../../scripts/program_config.ts";
import { assertEquals } from "../../support/assert.ts";

Deno.test("the program is compiled with the packages that it imports, as they are pinned", () => {
  const project = {
    version: "1.0.0",
    imports: { "a": "npm:a@1.0.0", "for-tests": "npm:for-tests@2.0.0" },
    unstable: ["net"],
    compilerOptions: { strict: true },
    lock: { frozen: true },
  };
  assertEquals(toProgramConfig(project, new Set(["a", "node:net", "./b.ts"])), {
    imports: { "a": "npm:a@1.0.0" },
    unstable: ["net"],
    compilerOptions: { strict: true },
  });
});
