import type { StatusReport } from "../../api/status_report.ts";
import type { Invocation } from "../command.ts";
import { EXIT } from "../exit_codes.ts";
import { noteLocal } from "../local_change.ts";
import { renderTable } from "../render_table.ts";
import { renderAge, renderRemarks, renderWebhooks } from "../webhook_rows.ts";

/** `status` */
export async function run(invocation: Invocation): Promise<number> {
  const { output, places } = invocation;
  noteLocal(invocation);
  const report = await places.daemon().status();
  output.result(renderStatus(report), report);
  return EXIT.done;
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
