import { checkImport, importsOf } from "../../../scripts/check_layers.ts";
import { assertEquals } from "../../support/assert.ts";

Deno.test("imports may go down, and into the own folder and std", () => {
  const allowed: [string, string][] = [
    ["src/dispatcher/lanes/lane.ts", "../../registry/schema.ts"],
    ["src/dispatcher/lanes/lane.ts", "../clock.ts"],
    ["src/cli/commands/run.ts", "../../daemon/daemon.ts"],
    ["src/event/datagram.ts", "../std/text.ts"],
    ["src/spool/spool.ts", "node:sqlite"],
    ["src/cli/version.ts", "../../deno.json"],
    ["src/std/cli.ts", "@std/cli/parse-args"],
    ["main.ts", "./src/cli/run_cli.ts"],
  ];
  for (const [file, specifier] of allowed) {
    assertEquals(checkImport(file, specifier), undefined, `${file} imports ${specifier}`);
  }
});

Deno.test("imports that go up, sideways, out, or past the doors are found", () => {
  const forbidden: [string, string][] = [
    ["src/event/event.ts", "../registry/schema.ts"],
    ["src/registry/schema.ts", "../spool/spool.ts"],
    ["src/listener/listener.ts", "../dispatcher/lanes/lane.ts"],
    ["src/api/control_server.ts", "../daemon/daemon.ts"],
    ["src/daemon/daemon.ts", "../cli/output.ts"],
    ["src/daemon/daemon.ts", "node:sqlite"],
    ["src/cli/parse_command_line.ts", "@std/cli/parse-args"],
    ["src/std/text.ts", "../event/event.ts"],
    ["src/event/event.ts", "../../deno.json"],
    ["src/cli/version.ts", "../../tests/support/until.ts"],
    ["src/nowhere/x.ts", "../event/event.ts"],
  ];
  for (const [file, specifier] of forbidden) {
    const found = checkImport(file, specifier) !== undefined;
    assertEquals(found, true, `${file} imports ${specifier}`);
  }
});

Deno.test("static, dynamic, type-only imports and re-exports all count; comments do not", () => {
  const source = `
    import { a } from "./a.ts";
    import type { B } from "./b.ts";
    export { c } from "./c.ts";
    const d = await import("./d.ts");
    import "./e.ts";
    // import "./no.ts";
    /* import "./nor.ts"; */
  `;
  assertEquals(importsOf(source), ["./a.ts", "./b.ts", "./c.ts", "./d.ts", "./e.ts"]);
});
