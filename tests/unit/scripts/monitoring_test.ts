/**
 * The alert rules and the dashboard, as far as that can be told without a daemon.
 *
 * @module
 */
import { COMMANDS, SHARED_OPTIONS } from "../../../src/cli/command_table.ts";
import { parseCommandLine } from "../../../src/cli/parse_command_line.ts";
import { assert, assertEquals } from "../../support/assert.ts";
import {
  alertsIn,
  expressionsOf,
  type GridPlace,
  MONITORING,
  readDashboard,
} from "../../support/monitoring.ts";
import { promtool } from "../../support/prometheus.ts";
import { testNeeding } from "../../support/requirements.ts";
import { makeTempFolder } from "../../support/temp_folder.ts";

function overlap(a: GridPlace, b: GridPlace): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

async function succeed(args: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await promtool(args, { cwd: MONITORING });
  assertEquals(code, 0, `${args.join(" ")}: ${stdout}${stderr}`);
}

Deno.test("no two panels of the dashboard have one id or one place, and all are on its grid", async () => {
  const { panels, schemaVersion } = await readDashboard();
  assert(schemaVersion >= 38, "Grafana 10 writes at least 38");
  assertEquals(new Set(panels.map(({ id }) => id)).size, panels.length);
  for (const [index, { title, gridPos }] of panels.entries()) {
    assert(gridPos.x >= 0 && gridPos.x + gridPos.w <= 24 && gridPos.h > 0, title);
    const other = panels.slice(index + 1).find((panel) => overlap(gridPos, panel.gridPos));
    assertEquals(other?.title, undefined, `lies upon ${title}`);
  }
});

Deno.test("all panels of the dashboard say what they show, and queries have names of their own", async () => {
  const { panels, templating } = await readDashboard();
  for (const { type, title, description, targets = [] } of panels) {
    if (type === "row") continue;
    assert(title !== "" && description !== undefined && targets.length > 0, title);
    assertEquals(new Set(targets.map(({ refId }) => refId)).size, targets.length, title);
  }
  assertEquals(templating.list.map(({ name }) => name), ["datasource", "node", "webhook"]);
});

Deno.test("every alert has severity, summary, a description that names a command, and tests", async () => {
  const rules = await Deno.readTextFile(`${MONITORING}alerts.yml`);
  const tests = await Deno.readTextFile(`${MONITORING}alerts_test.yml`);
  const alerts = alertsIn(rules);
  assert(alerts.length >= 6, `${alerts}`);
  assertEquals(new Set(alerts).size, alerts.length);
  for (const [index, part] of rules.split("- alert: ").slice(1).entries()) {
    const alert = alerts[index] ?? "";
    const found = [
      /^ +severity: (warning|critical)$/m,
      /^ +summary: \S/m,
      /^ +description: /m,
      /gluster-eventing [a-z]|promtool [a-z]|journalctl -u/,
    ].map((pattern) => pattern.test(part));
    assertEquals(found, [true, true, true, true], alert);
    // Both fires and silence are tested.
    const asked = tests.split(`alertname="${alert}"`).slice(1);
    assert(asked.some((text) => /^[^-]*exp_samples: \[\]/.test(text)), `${alert} is never silent`);
    assert(asked.some((text) => /^[^-]*exp_samples:\n/.test(text)), `${alert} never fires`);
  }
});

Deno.test("every command that an alert names can be given like that", async () => {
  const rules = await Deno.readTextFile(`${MONITORING}alerts.yml`);
  const [, ...descriptions] = rules.split("description: >-");
  const commands = descriptions.flatMap((description) => {
    const [said = ""] = description.split(/\n\n|\n +- alert:/);
    const text = said.replaceAll(/\s+/g, " ").replaceAll("{{ $labels.webhook }}", "ops");
    return [...text.matchAll(/[:,] gluster-eventing ([a-z][^;:,]*?)(?=[;:,]|\.? ?$|\. )/g)];
  }).map(([, command = ""]) => command);
  assert(commands.length >= 20, `${commands.join("; ")}`);
  for (const command of commands) {
    assertEquals(
      parseCommandLine(command.split(" "), COMMANDS, SHARED_OPTIONS).ask,
      "run",
      command,
    );
  }
});

testNeeding(
  ["promtool"],
  "promtool takes the rules, their tests and the configuration",
  async () => {
    await succeed(["check", "rules", "alerts.yml"]);
    await succeed(["test", "rules", "alerts_test.yml"]);
    // The files of an administrator are not here.
    await succeed(["check", "config", "--syntax-only", "prometheus.yml"]);
  },
);

testNeeding(["promtool"], "every expression of the dashboard is one of Prometheus", async () => {
  await using folder = await makeTempFolder();
  const rules = expressionsOf(await readDashboard()).map(([, expr], index) => ({
    record: `panel:${index}`,
    expr,
  }));
  // JSON is YAML too.
  const file = `${folder.path}/rules.yml`;
  await Deno.writeTextFile(file, JSON.stringify({ groups: [{ name: "dashboard", rules }] }));
  await succeed(["check", "rules", file]);
});
