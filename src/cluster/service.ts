/**
 * The service `gluster-eventing` of this node, whatever runs it.
 *
 * @module
 */
import { HintedError } from "../std/hinted_error.ts";

/** What can be asked of the service. */
export const SERVICE_ACTIONS = ["start", "stop", "restart"] as const;

/** One of {@link SERVICE_ACTIONS}. */
export type ServiceAction = typeof SERVICE_ACTIONS[number];

/** How an action ended. */
export interface ServiceOutcome {
  /** False if all was as wanted already. */
  readonly changed: boolean;
  /** What is so now, as half a sentence: "started", "was running already". */
  readonly detail: string;
}

/** The service could not be brought to what was asked of it. */
export class ServiceError extends HintedError {
  override readonly name = "ServiceError";
}

/** A service as it is controlled. All of its methods throw {@link ServiceError}. */
export interface Service {
  /** Runs afterwards, and answers. */
  start(): Promise<ServiceOutcome>;
  /** Does not run afterwards, and another one can start. */
  stop(): Promise<ServiceOutcome>;
  /** Runs afterwards, as a new process. */
  restart(): Promise<ServiceOutcome>;
}

/** The daemon's side: what is seen of it, whoever started it. */
export interface DaemonControl {
  /** The control socket, to name it. */
  readonly socket: string;
  /** Whether a daemon answers. */
  isAnswering(): Promise<boolean>;
  /** Asks it to end. @returns False if none answers. */
  askToStop(): Promise<boolean>;
  /** Whether another daemon could start: the last one has let go of the socket. */
  isFree(): Promise<boolean>;
}
