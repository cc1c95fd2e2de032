import { addWebhook, modifyWebhook, setConfig } from "../../../src/registry/changes.ts";
import { InvalidValueError } from "../../../src/registry/errors.ts";
import { filterFaults } from "../../../src/registry/filter_faults.ts";
import { type Decide, planChange } from "../../../src/registry/plan_change.ts";
import { readRegistry } from "../../../src/registry/read_registry.ts";
import { assertEquals, assertThrows } from "../../support/assert.ts";

const PATH = "/r/webhooks.toml";
// By a later catalog, an event may be milder than the one that wrote this.
const TEXT = `
[[webhook]]
name = "ops"
url = "http://ops.example.com/"
events = ["VOLUME_CREATE"]
severity = "alert"

[[webhook]]
name = "all"
url = "http://all.example.com/"
`;

/** What a change of this file makes of it. */
function plan(decide: Decide) {
  return planChange({ path: PATH, text: TEXT }, { decide });
}

Deno.test("a registry with a filter that lets nothing through is read, and the fault is told", () => {
  assertEquals(filterFaults(readRegistry(TEXT, PATH).webhooks), [
    {
      webhook: "ops",
      reason: "severity is alert, and none of the events is worse than info",
    },
  ]);
});

Deno.test("a change that leaves such a filter as it is can be made", () => {
  assertEquals(plan(() => setConfig("retry-for", "1d")).registry.config.retryForMs, 86_400_000);
  const { registry } = plan((before) => modifyWebhook(before, "ops", { timeout: "5s" }));
  assertEquals(registry.webhooks[0]?.timeoutMs, 5000);
});

Deno.test("a change that makes such a filter is refused", () => {
  const volumes = { volumes: ["gv1", "!gv*"] };
  const wrong: [decide: Decide, message: string][] = [
    [(before) => addWebhook(before, "http://new/", volumes), "volumes leave no volume: "],
    [(before) => modifyWebhook(before, "all", volumes), 'webhook "all": volumes leave no volume: '],
    [
      (before) => modifyWebhook(before, "ops", { severity: "critical" }),
      'webhook "ops": severity is critical, ',
    ],
  ];
  for (const [decide, message] of wrong) {
    const error = assertThrows(() => plan(decide), InvalidValueError);
    assertEquals(error.message.slice(0, message.length), message);
    assertEquals(error.message.endsWith("; so no event would ever be posted"), true, error.message);
  }
});
