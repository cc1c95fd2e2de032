import type { ReplayReport } from "../../api/spool_reports.ts";
import { CommandError, type Invocation, UsageError } from "../command.ts";
import { readSelection } from "../event_selection.ts";
import { EXIT } from "../exit_codes.ts";
import { noteLocal } from "../note_local.ts";
import { renderHistory } from "../spool_rows.ts";

const MOST_IDS_NAMED = 5;

/** `replay WEBHOOK` */
export async function run(invocation: Invocation): Promise<number> {
  const { operands: [webhook = ""], options, output, places } = invocation;
  const selection = {
    ...readSelection(options),
    ...(options.has("dead-letters") ? { dead_letters: true } : {}),
  };
  if (Object.keys(selection).length === 0) {
    throw new UsageError(
      "replay does not post everything again by itself",
      "say what: --dead-letters for what was given up on, --since 2h for what came since then",
    );
  }
  noteLocal(invocation);
  const request = { ...selection, webhook, ...(options.has("dry-run") ? { dry_run: true } : {}) };
  const report = await places.daemon().replay(request);
  checkIds(report.unknown_ids);
  output.result(renderReplay(report), report);
  return EXIT.done;
}

function checkIds(unknown: readonly string[]): void {
  if (unknown.length === 0) return;
  const named = unknown.slice(0, MOST_IDS_NAMED).join(", ");
  const others = unknown.length - MOST_IDS_NAMED;
  throw new CommandError(
    EXIT.failed,
    `Nothing is posted again: this node has no event with the ` +
      `${unknown.length === 1 ? "id" : "ids"} ${named}` + (others > 0 ? ` and ${others} more` : ""),
    "see the ids: gluster-eventing history; an event may be too old to be kept",
  );
}

/** What was done, or would be, in words. */
function renderReplay(report: ReplayReport): string[] {
  const { webhook, dry_run: isDryRun, events, waiting, sample } = report;
  const left = waiting === 0
    ? ""
    : `; ${count(waiting, "event")} left out, since ${waiting === 1 ? "it waits" : "they wait"} ` +
      "for it already";
  if (events === 0) return [`Nothing to post again to "${webhook}"${left}.`];
  const verb = `${isDryRun ? "would be" : events === 1 ? "is" : "are"} posted again`;
  const done = `${count(events, "event")}${describeDead(report)} ${verb} to "${webhook}"${left}.`;
  if (!isDryRun || sample.length === 0) return [done];
  const heading = sample.length < events ? ["The first and the last of them:"] : [];
  return [done, "", ...heading, ...renderHistory(sample)];
}

function describeDead({ events, dead_letters: dead }: ReplayReport): string {
  if (dead === 0) return "";
  if (events === 1) return " (a dead letter)";
  return ` (${dead} of them ${dead === 1 ? "a dead letter" : "dead letters"})`;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
