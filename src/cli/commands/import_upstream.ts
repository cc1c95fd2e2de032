import {
  type ImportPlan,
  type Left,
  planImport,
  type Taken,
} from "../../registry/upstream_import.ts";
import type { Registry } from "../../registry/schema.ts";
import { type Invocation, UsageError } from "../command.ts";
import { EXIT } from "../exit_codes.ts";
import { describeUptake } from "../local_change.ts";
import { renderNodes, rowToJson } from "../node_table.ts";
import { readUpstreamFolder } from "../read_upstream.ts";
import { renderTable } from "../render_table.ts";
import { editRegistry, exitCodeOfEdit, type SharedEdit } from "../shared_edit.ts";

/** `import-upstream` */
export async function run(invocation: Invocation): Promise<number> {
  const { options, output, places } = invocation;
  const from = options.get("from");
  if (from === "") {
    throw new UsageError("The option --from is empty", "is a variable in your script unset?");
  }
  const folder = from ?? `${await places.workdir()}/events`;
  const { files, missing } = await readUpstreamFolder(folder);
  const isDry = options.has("dry-run");
  let plan: ImportPlan = { edits: [], taken: [], left: [] };
  const makePlan = (registry: Registry) => {
    plan = planImport(registry, files);
    return plan.edits;
  };
  let edit: SharedEdit | undefined;
  if (isDry) makePlan(await (await places.registry()).read());
  else edit = await editRegistry(invocation, makePlan);
  const { taken, left } = plan;
  const changed = edit?.changed === true ? edit : undefined;
  output.result(
    [
      ...renderPlan(plan, missing.map((name) => `${folder}/${name}`)),
      "",
      summarize(plan, isDry),
      ...needsRestart(plan) && !isDry ? ["Restart to listen on the new port."] : [],
      ...changed === undefined ? [] : describeEdit(changed),
    ],
    {
      dry_run: isDry,
      changed: changed !== undefined,
      taken: taken.map(describeTaken),
      left: [...left],
      missing,
      daemon: changed?.daemon ?? null,
      nodes: changed?.shared?.rows.map((row) => rowToJson(row, "SYNC")) ?? null,
    },
  );
  return changed === undefined ? EXIT.done : exitCodeOfEdit(changed, EXIT.webhookSyncFailed);
}

function describeEdit({ daemon, shared }: SharedEdit): string[] {
  return shared === undefined
    ? [describeUptake(daemon)]
    : ["", ...renderNodes(shared.rows, "SYNC")];
}

/** Of secrets only that they are there. */
function describeTaken(taken: Taken) {
  if (taken.kind === "config") return taken;
  const { kind, name, url, hasToken, hasSecret } = taken;
  return {
    kind,
    name,
    url,
    "bearer-token": hasToken ? "***" : null,
    "secret": hasSecret ? "***" : null,
  };
}

function renderPlan({ taken, left }: ImportPlan, missing: readonly string[]): string[] {
  const rows = [
    ...taken.map((each) => ["taken", ...rowOf(each)]),
    ...left.map(({ what, reason }: Left) => ["left", what === "" ? '""' : what, reason]),
    ...missing.map((path) => ["left", path, "not there"]),
  ];
  return rows.length === 0 ? ["The files are empty."] : renderTable(["", "WHAT", "DETAILS"], rows);
}

function rowOf(taken: Taken): [what: string, details: string] {
  if (taken.kind === "config") return [taken.key, String(taken.value)];
  const { name, url, hasToken, hasSecret } = taken;
  const more = [
    ...(hasToken ? ["with its token"] : []),
    ...(hasSecret ? ["signed with its secret (jwt)"] : []),
  ];
  return [url, [`webhook "${name}"`, ...more].join(", ")];
}

function summarize({ taken, left }: ImportPlan, isDry: boolean): string {
  if (taken.length === 0) return "Nothing is new here; nothing was changed.";
  const webhooks = taken.filter(({ kind }) => kind === "webhook").length;
  const settings = taken.length - webhooks;
  const counts = `${count(webhooks, "webhook")} and ${count(settings, "setting")}`;
  const rest = left.length === 0 ? "" : `, and leave ${left.length}`;
  return isDry
    ? `It would take over ${counts}${rest}; nothing was changed (--dry-run).`
    : `Took over ${counts}${left.length === 0 ? "" : `, and left ${left.length}`}.`;
}

function count(number: number, what: string): string {
  return number === 1 ? `1 ${what}` : `${number} ${what}s`;
}

function needsRestart({ taken }: ImportPlan): boolean {
  return taken.some((each) => each.kind === "config" && each.key === "port");
}
