/**
 * A receiver that fails now and then, in the ways in which receivers do.
 *
 * @module
 */
import type { Random } from "../support/random.ts";
import type { Answer } from "./recording_receiver.ts";

/** The timeout of the webhook that such answers are for. */
export const FLAKY_TIMEOUT_MS = 250;

const FAILING = 0.3;
/** Long after the timeout: an answer that nobody may take for that of a later request. */
const LATE_MS = 8 * FLAKY_TIMEOUT_MS;
/** Late answers take long, so they are rare. */
const FAILURES: readonly (readonly [share: number, answer: Answer])[] = [
  [0.6, { status: 503 }],
  [0.2, "reset"],
  [0.18, { play: async (connection) => void await connection.write("HTTP/1.1 200 X\r\ncont") }],
  [0.02, { status: 200, afterMs: LATE_MS }],
];

/** Fails 30 % of the requests: 503, reset, cut off in the answer, or answered too late. */
export function flakyAnswers(random: Random): () => Answer {
  return () => random.chance(FAILING) ? pickFailure(random) : { status: 200 };
}

function pickFailure(random: Random): Answer {
  let left = random.next() / 2 ** 32;
  for (const [share, answer] of FAILURES) {
    left -= share;
    if (left < 0) return answer;
  }
  return { status: 503 };
}
