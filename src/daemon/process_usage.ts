/**
 * What this process takes of the machine.
 *
 * @module
 */
import process from "node:process";

/** What it takes. */
export interface ProcessUsage {
  readonly residentBytes: number;
  /** On all processors, in seconds. */
  readonly cpuSeconds: number;
  /** `undefined` if the machine does not tell. */
  readonly openFiles: number | undefined;
}

/** A folder with an entry for each open file of whoever reads it. */
const DESCRIPTORS = "/dev/fd";

/** Asks the machine. */
export function readProcessUsage(): ProcessUsage {
  const { user, system } = process.cpuUsage();
  return {
    residentBytes: Deno.memoryUsage().rss,
    cpuSeconds: (user + system) / 1e6,
    openFiles: countOpenFiles(),
  };
}

function countOpenFiles(): number | undefined {
  try {
    // One of them is the folder itself.
    return [...Deno.readDirSync(DESCRIPTORS)].length - 1;
  } catch (error) {
    // A system may lack it or keep it to itself; nothing but this figure depends on it.
    if (error instanceof Error) return undefined;
    throw error;
  }
}
