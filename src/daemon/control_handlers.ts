/**
 * What the daemon does for whoever asks on its control socket.
 *
 * @module
 */
import { type ClusterAnswer, NoClusterError } from "../api/cluster_answer.ts";
import type { ControlHandlers, ReloadOutcome } from "../api/control_handlers.ts";
import type { DaemonPage } from "../api/daemon_page.ts";
import type { StatusReport } from "../api/status_report.ts";
import { HintedError } from "../std/hinted_error.ts";
import type { DaemonDeps } from "./daemon_options.ts";
import type { EventStreams } from "./event_streams.ts";
import type { LinkGate } from "./links/link_gate.ts";
import type { Logger } from "./logger.ts";
import type { SpoolDesk } from "./spool_desk.ts";

/** The parts of a daemon that answer. */
export interface AnsweringParts {
  readonly status: () => StatusReport;
  readonly metrics: () => string;
  readonly page: () => Promise<DaemonPage>;
  /** Absent if the daemon has nothing to do with a pool. */
  readonly cluster?: () => Promise<ClusterAnswer>;
  readonly reload: () => Promise<ReloadOutcome>;
  readonly desk: SpoolDesk;
  readonly streams: EventStreams;
  readonly link: LinkGate;
  readonly deps: Pick<DaemonDeps, "reopenLog" | "onStopAsked">;
  readonly logger: Logger;
}

/** The handlers of the control socket. */
export function controlHandlers(parts: AnsweringParts): ControlHandlers {
  const { desk, deps, streams } = parts;
  return {
    status: parts.status,
    metrics: parts.metrics,
    page: parts.page,
    cluster: parts.cluster ?? (() => Promise.reject(new NoClusterError())),
    reload: async () => {
      await deps.reopenLog?.();
      return await parts.reload();
    },
    stop: () => takeStop(parts),
    history: (query) => desk.history(query),
    attempts: (query) => desk.attempts(query),
    deadLetters: (query) => desk.deadLetters(query),
    replay: (request) => desk.replay(request),
    prepareStream: (query) => streams.prepare(query),
    link: () => parts.link.offer(),
    stream: (query, signal) => streams.follow(query, signal),
    resume: (webhook) => Promise.resolve(desk.resume(webhook)),
  };
}

function takeStop({ deps: { onStopAsked }, logger }: AnsweringParts): void {
  if (onStopAsked === undefined) {
    throw new HintedError(
      "This daemon is a part of another program, and ends with that",
      "end that program",
    );
  }
  logger.log("INFO", "asked to stop");
  // The answer goes first.
  setTimeout(onStopAsked);
}
