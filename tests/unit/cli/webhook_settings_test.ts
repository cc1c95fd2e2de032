import { readRegistry } from "../../../src/registry/read_registry.ts";
import { rowsOfSettings } from "../../../src/cli/webhook_settings.ts";
import { assertEquals } from "../../support/assert.ts";

function rowsOf(settings: string, config = ""): Record<string, string> {
  const webhook = `[[webhook]]\nname = "ops"\nurl = "https://ops/"\n${settings}`;
  const { webhooks: [ops], config: shared } = readRegistry(`[config]\n${config}\n${webhook}`, "r");
  return ops === undefined ? {} : Object.fromEntries(rowsOfSettings(ops, shared));
}

Deno.test("people are shown the settings that are not as usual, and no secret", () => {
  assertEquals(rowsOf(""), {});
  assertEquals(rowsOf('timeout = "15s"\nformat = "gluster"\nevents = []\npaused = false'), {});
  const settings = [
    'events = ["VOLUME_*", "!VOLUME_SET"]',
    'secret = "s3cret"',
    'headers = { X-Team = "storage", X-Key = "k3y" }',
    'order = "volume"',
    "paused = true",
  ];
  assertEquals(rowsOf(settings.join("\n")), {
    events: "VOLUME_*, !VOLUME_SET",
    secret: "***",
    sign: "jwt",
    headers: "X-Team=***, X-Key=***",
    order: "volume",
    concurrency: "8",
    paused: "true",
  });
});

Deno.test("people are shown what shared settings change, and what goes before these", () => {
  const config = 'timeout = "30s"';
  assertEquals(rowsOf("", config), { timeout: "30s" });
  assertEquals(rowsOf('timeout = "15s"', config), { timeout: "15s" });
});
