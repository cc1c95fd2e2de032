/**
 * What a daemon does for whoever asks on its control socket.
 *
 * @module
 */
import { HintedError } from "../std/hinted_error.ts";
import type { ClusterAnswer } from "./cluster_answer.ts";
import type { DaemonPage } from "./daemon_page.ts";
import type { FollowEvents, StreamQuery } from "./event_stream.ts";
import type { LinkOffer } from "./link_offer.ts";
import type {
  AttemptQuery,
  AttemptReport,
  DeadLetterQuery,
  DeadLetterReport,
  HistoryEvent,
  HistoryQuery,
  ReplayReport,
  ReplayRequest,
} from "./spool_reports.ts";
import type { StatusReport } from "./status_report.ts";

/** The daemon posts to no webhook of this name or URL. */
export class UnservedWebhookError extends HintedError {
  override readonly name = "UnservedWebhookError";
}

/** As many streams of events are open as there may be. */
export class TooManyStreamsError extends HintedError {
  override readonly name = "TooManyStreamsError";
}

/** How a reload ended: which registry is now in force, or what is wrong with the file. */
export type ReloadOutcome =
  | { readonly generation: number; readonly registry: string }
  | { readonly problems: readonly string[]; readonly registry: string };

/** Whether a pause has ended, or a retry that waited is tried at once. */
export interface ResumeOutcome {
  readonly webhook: string;
  readonly resumed: boolean;
}

/**
 * What the control socket answers with. Webhooks are named as they were asked for: by name or URL.
 * An {@link UnservedWebhookError} answers 404, a {@link TooManyStreamsError} 503, an
 * `InvalidQueryError` or `InvalidFilterError` 400, any other error 500.
 */
export interface ControlHandlers {
  /** @throws {NoClusterError} If there is none, which answers 404. */
  cluster(): Promise<ClusterAnswer>;
  /** What the live page has to know first. */
  page(): Promise<DaemonPage>;
  status(): StatusReport;
  /** Figures for Prometheus, in its text format. */
  metrics(): string;
  reload(): Promise<ReloadOutcome>;
  /** Lets the daemon end, once this is answered. */
  stop(): void;
  /** The newest events that fit, oldest first. */
  history(query: HistoryQuery): Promise<readonly HistoryEvent[]>;
  /** The newest attempts that fit, oldest first. */
  attempts(query: AttemptQuery): Promise<readonly AttemptReport[]>;
  /** The newest dead letters that fit, oldest first. */
  deadLetters(query: DeadLetterQuery): Promise<readonly DeadLetterReport[]>;
  /** Posts events again; with ids that the spool does not know it does nothing but name them. */
  replay(request: ReplayRequest): Promise<ReplayReport>;
  resume(webhook: string): Promise<ResumeOutcome>;
  /** How another node of the pool can follow the events of this one, for a minute from now. */
  link(): Promise<LinkOffer>;
  /**
   * Finds out whether the events can be followed, where that takes time.
   *
   * @throws {InvalidQueryError} If not.
   */
  prepareStream?(query: StreamQuery): Promise<void> | undefined;
  /**
   * The events as they come in, until the signal, which has to come, or until the daemon ends.
   *
   * @throws {TooManyStreamsError | InvalidQueryError} If they cannot be followed.
   */
  readonly stream: FollowEvents;
}
