import type { StatusReport, WebhookStatus } from "../../api/status_report.ts";
import { InvalidRegistryError } from "../../registry/errors.ts";
import type { RegistryFile } from "../../registry/registry_file.ts";
import type { Invocation } from "../command.ts";
import { EXIT } from "../exit_codes.ts";
import { toVisible } from "../../std/plain_text.ts";
import { exitCodeOf, renderNodes, rowToJson } from "../node_table.ts";
import { openPool } from "../pool_access.ts";
import {
  describeDifferences,
  describeWebhooks,
  poolStatus,
  type StatusRow,
  sumWebhooks,
} from "../pool_status.ts";
import { renderTable } from "../render_table.ts";
import {
  renderAge,
  renderRemarks,
  renderWebhooks,
  toRows,
  type WebhookRow,
} from "../webhook_rows.ts";

/** `status` */
export async function run(invocation: Invocation): Promise<number> {
  const { output, places, version } = invocation;
  const access = await openPool(invocation);
  if (access === undefined) {
    const report = await places.daemon().status();
    output.result(renderStatus(report), report);
    return EXIT.done;
  }
  const rows = await poolStatus(access, places, version);
  const webhooks = await listWebhooks(access.file, sumWebhooks(rows));
  output.result(renderPool(rows, webhooks), { webhooks, data: rows.map(toJson) });
  return exitCodeOf(rows);
}

/** The webhooks of the registry, also while no daemon runs; those that daemons know, if it is bad. */
async function listWebhooks(
  file: RegistryFile,
  known: readonly WebhookStatus[],
): Promise<WebhookRow[]> {
  try {
    return toRows((await file.read()).webhooks, { webhooks: known });
  } catch (error) {
    if (!(error instanceof InvalidRegistryError)) throw error;
    return [...known];
  }
}

function toJson(row: StatusRow) {
  const { report = null, registry = null } = row.status ?? {};
  return { ...rowToJson(row, "DAEMON"), registry, report };
}

const HEADINGS = ["GENERATION", "RECEIVED", "LOST", "VERSION"];

function renderPool(rows: readonly StatusRow[], webhooks: readonly WebhookRow[]): string[] {
  const cells = rows.map(({ status }) => {
    const events = status?.report?.events;
    return [
      status?.registry.generation,
      events?.received,
      events === undefined ? undefined : events.lost + (events.kernel_drops ?? 0),
      status?.report?.version ?? status?.version,
    ].map((value) => String(value ?? "-"));
  });
  const remarks = [
    ...describeDifferences(rows),
    ...rows.flatMap(({ node, status }) =>
      describeTroubles(status?.report ?? undefined).map((line) => toVisible(`${node}: ${line}`))
    ),
    ...describeWebhooks(rows),
  ];
  return [
    ...renderNodes(rows, "DAEMON", { headings: HEADINGS, cells }),
    "",
    ...renderWebhooks(webhooks),
    ...remarks.length === 0 ? [] : ["", ...remarks],
  ];
}

/** What is wrong on a node, in lines. */
function describeTroubles(report: StatusReport | undefined): string[] {
  if (report === undefined) return [];
  const { registry, spool, api } = report;
  return [
    ...notServed(api),
    ...registry.problems.map((problem) => `registry not taken over: ${problem}`),
    ...spool.ok ? [] : ["the spool cannot be written, events are held in memory"],
  ];
}

/** A daemon of an older version has no API over TCP. */
function notServed(api: StatusReport["api"] | undefined): string[] {
  const problem = api?.problem ?? null;
  return problem === null ? [] : [`the API is not served as wanted: ${problem}`];
}

function renderStatus(report: StatusReport): string[] {
  const { events, registry, spool } = report;
  // A daemon of an older version denies nobody.
  const { denied = 0 } = events;
  const spoolState = spool.ok ? "" : " (cannot be written, events are held in memory)";
  const [, ...facts] = renderTable(["", ""], [
    ["Daemon", `runs since ${renderAge(report.uptime_seconds)}, pid ${report.pid}`],
    ["Version", report.version],
    ["Node", report.node_id],
    ["Listening", report.listening.join(", ")],
    ...(report.api?.listening ?? []).map((url) => ["API", url]),
    ...notServed(report.api).map((line) => ["", line]),
    ["Registry", `${registry.path}, generation ${registry.generation}`],
    ...registry.problems.map((problem) => ["", `not taken over: ${problem}`]),
    ["Spool", spool.path + spoolState],
    ...(spool.set_aside ?? null) === null
      ? []
      : [["", `the file before was no good and is now ${spool.set_aside}`]],
    [
      "Events",
      `${events.received} received, ${events.refused} datagrams refused, ` +
      `${events.kernel_drops ?? "unknown"} dropped by the kernel` +
      (denied === 0 ? "" : `, ${denied} from sources that allow-from does not list`) +
      (events.held === 0 ? "" : `, ${events.held} not on disk yet`) +
      (events.lost === 0 ? "" : `, ${events.lost} lost because nothing could be written`),
    ],
  ]);
  const remarks = renderRemarks(report.webhooks);
  return [
    ...facts,
    "",
    ...renderWebhooks(report.webhooks),
    ...remarks.length === 0 ? [] : ["", ...remarks],
  ];
}
