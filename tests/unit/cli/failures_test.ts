import { DaemonNotRunningError } from "../../../src/api/control_client.ts";
import { UsageError } from "../../../src/cli/command.ts";
import { describeFailure } from "../../../src/cli/failures.ts";
import {
  InvalidRegistryError,
  InvalidValueError,
  UnknownWebhookError,
  WebhookExistsError,
} from "../../../src/registry/errors.ts";
import { SpoolError } from "../../../src/spool/errors.ts";
import { assertEquals, assertStringIncludes } from "../../support/assert.ts";

Deno.test("every kind of error has the exit code that tools know", () => {
  const codes: [Error, number][] = [
    [new SpoolError("x", "y"), 1],
    [new TypeError("x"), 1],
    [new WebhookExistsError("x", "ops"), 5],
    [new UnknownWebhookError("x", { asked: "x", known: [] }), 6],
    [new InvalidRegistryError("/r", []), 7],
    [new InvalidValueError("x"), 7],
    [new UsageError("x", "y"), 64],
    [new DaemonNotRunningError("x"), 69],
  ];
  for (const [error, code] of codes) assertEquals(describeFailure(error).code, code, error.name);
});

Deno.test("every problem of a registry has a line of its own", () => {
  const problems = [{ line: 3, key: "config.port", message: "a" }, { message: "b" }];
  const { lines } = describeFailure(new InvalidRegistryError("/r.toml", problems));
  assertEquals(lines.slice(1), ["  line 3, config.port: a", "  b"]);
  assertStringIncludes(lines[0] ?? "", "2 problems");
});

Deno.test("an unknown webhook gets the nearest name, or all of them", () => {
  const hint = (name: string, known: string[]) =>
    describeFailure(new UnknownWebhookError("x", { asked: name, known })).hint;
  assertStringIncludes(hint("opps", ["ops", "mon"]), "did you mean: ops");
  assertEquals(
    hint("zzz", ["ops", "mon"]),
    "there are: ops, mon; add another one: gluster-eventing webhook-add URL",
  );
  assertStringIncludes(hint("ops", []), "webhook-add");
});

Deno.test("a webhook that exists already is named by the commands that help", () => {
  assertEquals(
    describeFailure(new WebhookExistsError("x", "ops")).hint,
    "see it: gluster-eventing webhook-show ops; change it: gluster-eventing webhook-mod ops",
  );
});

Deno.test("an error that nobody foresaw keeps its stack", () => {
  const { lines } = describeFailure(new TypeError("boom"));
  assertStringIncludes(lines.join("\n"), "TypeError: boom\n    at ");
});
