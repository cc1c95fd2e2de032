/**
 * A log that tests read.
 *
 * @module
 */
import { Logger } from "../../src/daemon/logger.ts";

/** A logger, and the lines that it wrote, without the time. */
export function keepLog(): { logger: Logger; lines: string[] } {
  const lines: string[] = [];
  const logger = new Logger({
    write: (line) => lines.push(line.replace(/^\S+ /, "")),
    now: () => 0,
  });
  return { logger, lines };
}
