/**
 * What the daemon tells of its spool, as tables.
 *
 * @module
 */
import type { AttemptReport, DeadLetterReport, HistoryEvent } from "../api/spool_reports.ts";
import { showMessage } from "../event/show_message.ts";
import { showTime } from "./local_time.ts";
import { renderTable } from "./render_table.ts";

/** More of an answer is in the JSON. */
const LONGEST_ANSWER = 60;

/** Events, a row each. */
export function renderHistory(events: readonly HistoryEvent[]): string[] {
  return renderTable(
    ["TIME", "EVENT", "SEVERITY", "ID", "MESSAGE"],
    events.map((event) => [
      showTime(event.received_at),
      event.event,
      event.severity,
      event.id,
      showMessage(event.message),
    ]),
  );
}

/** Attempts, a row each. */
export function renderAttempts(attempts: readonly AttemptReport[]): string[] {
  return renderTable(
    ["TIME", "WEBHOOK", "EVENT", "ID", "RESULT", "MS", "NEXT", "ANSWER"],
    attempts.map((attempt) => [
      showTime(attempt.at),
      attempt.webhook,
      attempt.events > 1 ? `${attempt.event} +${attempt.events - 1}` : attempt.event,
      attempt.id,
      attempt.result,
      String(Math.round(attempt.duration_ms)),
      showNext(attempt),
      shorten(attempt.answer.replace(/\s+/g, " ").trim()),
    ]),
    { right: ["MS"] },
  );
}

/** Dead letters, a row each, and how to post them again. */
export function renderDeadLetters(letters: readonly DeadLetterReport[]): string[] {
  const [name = "NAME", ...others] = new Set(letters.map(({ webhook }) => webhook));
  return [
    ...renderTable(
      ["GIVEN UP", "WEBHOOK", "EVENT", "ID", "REASON", "MESSAGE"],
      letters.map((letter) => [
        showTime(letter.given_up_at),
        letter.webhook,
        letter.event,
        letter.id,
        letter.reason,
        showMessage(letter.message),
      ]),
    ),
    "",
    `Post them again: gluster-eventing replay ${
      others.length === 0 ? name : "NAME"
    } --dead-letters --dry-run`,
  ];
}

function shorten(text: string): string {
  return text.length > LONGEST_ANSWER ? `${text.slice(0, LONGEST_ANSWER - 3)}...` : text;
}

function showNext({ outcome, next_attempt_at: next }: AttemptReport): string {
  if (outcome === "dead") return "dead letter";
  if (outcome === "paused") return "paused";
  return next === null ? "-" : showTime(next);
}
