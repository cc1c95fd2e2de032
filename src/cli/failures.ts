/**
 * What went wrong, as an exit code, a message and a hint.
 *
 * @module
 */
import { DaemonNotRunningError, WebhookRefusedError } from "../api/control_client.ts";
import {
  describeProblem,
  InvalidRegistryError,
  InvalidValueError,
  UnknownWebhookError,
  WebhookExistsError,
} from "../registry/errors.ts";
import { HintedError } from "../std/hinted_error.ts";
import { toVisible } from "../std/plain_text.ts";
import { nearest } from "../std/text.ts";
import { CommandError, UsageError } from "./command.ts";
import { EXIT } from "./exit_codes.ts";

/** A failure as it is shown. */
export interface Failure {
  readonly code: number;
  readonly lines: readonly string[];
  readonly hint: string;
}

/** How to show an error. */
export function describeFailure(error: unknown): Failure {
  const { code, lines, hint } = sortOut(error);
  // What is quoted may come from a file or a datagram.
  const visible = lines.flatMap((line) => line.split("\n")).map(toVisible);
  return { code, lines: visible, hint: toVisible(hint) };
}

function sortOut(error: unknown): Failure {
  if (error instanceof UsageError) return failure(EXIT.usage, error.message, error.hint);
  if (error instanceof CommandError) return failure(error.code, error.message, error.hint);
  if (error instanceof InvalidRegistryError) return describeInvalidRegistry(error);
  if (error instanceof InvalidValueError) {
    const hint = error.hint ?? "nothing was changed; give another value";
    return failure(EXIT.invalidConfig, error.message, hint);
  }
  if (error instanceof WebhookExistsError) {
    const hint = `see it: gluster-eventing webhook-show ${error.existing}; ` +
      `change it: gluster-eventing webhook-mod ${error.existing}`;
    return failure(EXIT.webhookExists, error.message, hint);
  }
  if (error instanceof UnknownWebhookError) {
    return failure(EXIT.unknownWebhook, error.message, describeKnown(error));
  }
  if (error instanceof DaemonNotRunningError) {
    const hint = "start it: gluster-eventing start; or name its socket with --socket";
    return failure(EXIT.daemonNotRunning, error.message, hint);
  }
  if (error instanceof WebhookRefusedError) {
    return failure(EXIT.unknownWebhook, error.message, error.hint);
  }
  if (error instanceof HintedError) return failure(EXIT.failed, error.message, error.hint);
  // What nobody foresaw: the stack helps whoever mends it.
  const text = error instanceof Error ? error.stack ?? error.message : String(error);
  return failure(EXIT.failed, `Unexpected: ${text}`, "this is a fault of the program; report it");
}

function describeInvalidRegistry({ path, problems }: InvalidRegistryError): Failure {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  return {
    code: EXIT.invalidConfig,
    lines: [
      `The registry ${path} has ${count}; nothing was changed`,
      ...problems.map((problem) => `  ${describeProblem(problem)}`),
    ],
    hint: problems.find(({ hint }) => hint !== undefined)?.hint ?? `mend the file: ${path}`,
  };
}

function describeKnown({ asked, known }: UnknownWebhookError): string {
  if (known.length === 0) return "there are none yet; add one: gluster-eventing webhook-add URL";
  const guess = nearest(asked, known);
  return guess === undefined
    ? `there are: ${known.join(", ")}; add another one: gluster-eventing webhook-add URL`
    : `did you mean: ${guess}`;
}

function failure(code: number, message: string, hint: string): Failure {
  return { code, lines: [message], hint };
}
