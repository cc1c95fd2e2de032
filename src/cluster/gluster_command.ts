/**
 * The `gluster` command of this machine.
 *
 * @module
 */

/** Runs `gluster` with these arguments; `undefined` if the machine has no such command. */
export type GlusterCommand = (args: readonly string[]) => Promise<GlusterResult | undefined>;

/** How a run of `gluster` ended. */
export interface GlusterResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const LONGEST_RUN_MS = 10_000;

/** Runs the machine's own `gluster` and ends it if it takes longer than 10 s. */
export async function runGluster(args: readonly string[]): Promise<GlusterResult | undefined> {
  const command = new Deno.Command("gluster", {
    args: ["--mode=script", ...args],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    signal: AbortSignal.timeout(LONGEST_RUN_MS),
  });
  try {
    const { code, stdout, stderr } = await command.output();
    const decoder = new TextDecoder();
    return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
  } catch (error) {
    // It is not there, or is no program: a binary that was compiled for one command name is not
    // even allowed to run it where it does not exist.
    if (error instanceof Error) return undefined;
    throw error;
  }
}

/** Where the installed glusterd is configured. */
const VOLFILE = "/etc/glusterfs/glusterd.vol";

/** The folder that the configuration of glusterd names, if it can be read and names one. */
export async function readWorkdir(volfile: string = VOLFILE): Promise<string | undefined> {
  try {
    return parseWorkdir(await Deno.readTextFile(volfile));
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}

/** The working directory in the text of `glusterd.vol`. */
export function parseWorkdir(volfile: string): string | undefined {
  return /^\s*option\s+working-directory\s+(\/\S*)\s*$/m.exec(volfile)?.[1];
}

/** The folder that glusterd keeps its state in, if the command is there and glusterd answers. */
export async function askWorkdir(gluster: GlusterCommand): Promise<string | undefined> {
  const result = await gluster(["system::", "getwd"]);
  const folder = result?.stdout.trim() ?? "";
  return result?.code === 0 && folder.startsWith("/") ? folder : undefined;
}
