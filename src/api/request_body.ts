/**
 * The body of a request, as far as it is waited for and kept.
 *
 * @module
 */
import { HintedError } from "../std/hinted_error.ts";

/** The largest body that a request may have, in bytes: a replay takes 29 of them for an event. */
export const LARGEST_BODY = 4 * 1024 * 1024;

const LONGEST_WAIT_MS = 10_000;

/** A body that is too large, or does not come. */
export class BodyError extends HintedError {
  override readonly name = "BodyError";
  readonly status: 408 | 413;

  constructor(status: 408 | 413, message: string, hint: string) {
    super(message, hint);
    this.status = status;
  }
}

/**
 * Reads it as text.
 *
 * @throws {BodyError} If it is larger than 4 MiB, or is not there after 10 s.
 */
export async function readBody(
  { body }: Pick<Request, "body">,
  waitMs: number = LONGEST_WAIT_MS,
): Promise<string> {
  if (body === null) return "";
  const reader = body.getReader();
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    void reader.cancel().catch(() => undefined);
  }, waitMs);
  try {
    const decoder = new TextDecoder();
    let text = "";
    let bytes = 0;
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      bytes += part.value.length;
      if (bytes > LARGEST_BODY) {
        void reader.cancel().catch(() => undefined);
        throw tooLarge();
      }
      text += decoder.decode(part.value, { stream: true });
    }
    if (isLate) {
      throw new BodyError(408, "The body has not come in time", "send it at once");
    }
    return text + decoder.decode();
  } finally {
    clearTimeout(timer);
  }
}

function tooLarge(): BodyError {
  return new BodyError(
    413,
    `The body is larger than ${LARGEST_BODY} bytes`,
    "send less at once, for example fewer ids",
  );
}
