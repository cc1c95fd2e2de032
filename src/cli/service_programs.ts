/**
 * The programs that run the service of this node.
 *
 * @module
 */
import type { DetachedProcess } from "../cluster/detached_service.ts";
import type { SystemctlResult } from "../cluster/systemd_service.ts";

/** Where `install` puts the program. */
export const INSTALLED_PATH = "/usr/sbin/gluster-eventing";

/**
 * The same file by another path, through the link that /sbin is. Deno lets nobody write to a path
 * that may be run, and `install` has to write to the other one.
 */
const LAUNCH_PATH = "/sbin/gluster-eventing";

/** Where systemd's program is when the PATH does not lead there. */
const SYSTEMCTL_PATHS = ["/usr/bin/systemctl", "/bin/systemctl"] as const;

/** What the compiled program may run. Deno looks names up once, as it starts. */
export const RUNNABLE = ["gluster", "systemctl", ...SYSTEMCTL_PATHS, LAUNCH_PATH] as const;

/** systemd waits for a unit to end, and ours has 20 s for that. */
const LONGEST_SYSTEMCTL_MS = 60_000;

/** Runs systemd's program; `undefined` if it is nowhere. */
export async function runSystemctl(args: readonly string[]): Promise<SystemctlResult | undefined> {
  for (const program of ["systemctl", ...SYSTEMCTL_PATHS]) {
    try {
      const { code, stdout, stderr } = await new Deno.Command(program, {
        args: [...args],
        stdin: "null",
        signal: AbortSignal.timeout(LONGEST_SYSTEMCTL_MS),
      }).output();
      const decoder = new TextDecoder();
      return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
    } catch (error) {
      if (!isNotThere(error)) throw error;
    }
  }
  return undefined;
}

/**
 * Starts the installed program, in a session of its own and with no stream of this process: whoever
 * reads the output of this command to its end must not wait for the daemon's.
 */
export function spawnDaemon(args: readonly string[]): DetachedProcess | undefined {
  try {
    const child = new Deno.Command(LAUNCH_PATH, {
      args: [...args],
      // No folder is kept from being unmounted.
      cwd: "/",
      stdin: "null",
      stdout: "null",
      stderr: "null",
      detached: true,
    }).spawn();
    child.unref();
    return { ended: child.status.then(({ code }) => code) };
  } catch (error) {
    if (!isNotThere(error)) throw error;
    return undefined;
  }
}

/** A program may not be run by a name that led nowhere when this one started. */
function isNotThere(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotCapable;
}
