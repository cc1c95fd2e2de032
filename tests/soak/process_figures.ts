/**
 * What the kernel says of a process and of a socket.
 *
 * @module
 */

/** Memory in megabytes (10^6 bytes) that is resident now, and the most that ever was. */
export interface MemoryFigures {
  readonly residentMb: number;
  readonly peakMb: number;
}

/** The memory of a process. */
export async function memoryOf(pid: number): Promise<MemoryFigures> {
  const text = await Deno.readTextFile(`/proc/${pid}/status`);
  const megabytes = (name: string) =>
    Math.round(Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(text)?.[1]) * 1.024) / 1000;
  return { residentMb: megabytes("VmRSS"), peakMb: megabytes("VmHWM") };
}

/** How many descriptors a process has open. */
export async function descriptorsOf(pid: number): Promise<number> {
  let count = 0;
  for await (const _entry of Deno.readDir(`/proc/${pid}/fd`)) count++;
  return count;
}

/** How many datagrams the kernel threw away because the socket on this UDP port was full. */
export async function kernelDrops(port: number): Promise<number> {
  const hex = port.toString(16).toUpperCase().padStart(4, "0");
  let drops = 0;
  for (const path of ["/proc/net/udp", "/proc/net/udp6"]) {
    const text = await Deno.readTextFile(path).catch(() => "");
    for (const line of text.split("\n")) {
      const columns = line.trim().split(/\s+/);
      if (columns[1]?.endsWith(`:${hex}`) === true) drops += Number(columns.at(-1));
    }
  }
  return drops;
}
