/**
 * Commands that clear up behind them when somebody ends them.
 *
 * @module
 */
import { isWithin } from "../std/async.ts";
import { CommandError, type Signals } from "./command.ts";
import { EXIT } from "./exit_codes.ts";

const LONGEST_CLEARING_MS = 5000;

/**
 * Waits for work that somebody may end with Ctrl-C, the second one at once.
 *
 * @param clearUp Done first; what it does not get done in 5 s is left.
 * @throws {CommandError} If somebody did.
 */
export async function unlessInterrupted<T>(
  signals: Signals,
  work: Promise<T>,
  clearUp: () => Promise<void>,
): Promise<T> {
  const end = Promise.withResolvers<never>();
  let isEnding = false;
  using _ending = signals.on(["SIGINT", "SIGTERM"], () => {
    if (isEnding) return end.reject(interrupted());
    isEnding = true;
    isWithin(LONGEST_CLEARING_MS, clearUp()).then(() => end.reject(interrupted()), end.reject);
  });
  try {
    return await Promise.race([work, end.promise]);
  } catch (error) {
    // What is cut off in the middle fails for this reason, whatever it says.
    throw isEnding ? interrupted() : error;
  }
}

function interrupted(): CommandError {
  return new CommandError(
    EXIT.interrupted,
    "Interrupted: some nodes may have the change, and give it to the others",
    "see what counts: gluster-eventing status",
  );
}
