/**
 * The `gluster` command of this machine.
 *
 * @module
 */

/** Runs `gluster` with these arguments; `undefined` if the machine has no such command. */
export type GlusterCommand = (
  args: readonly string[],
  options?: GlusterOptions,
) => Promise<GlusterResult | undefined>;

/** How to run `gluster`. */
export interface GlusterOptions {
  /** It is ended when it takes longer; 10 s if not given. */
  readonly timeoutMs?: number;
  /** It is ended when this is aborted. */
  readonly signal?: AbortSignal;
}

/** How a run of `gluster` ended. */
export interface GlusterResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Whether it was ended because it took too long. */
  readonly timedOut?: boolean;
}

const LONGEST_RUN_MS = 10_000;

/** Runs the machine's own `gluster`. */
export async function runGluster(
  args: readonly string[],
  { timeoutMs = LONGEST_RUN_MS, signal: ending }: GlusterOptions = {},
): Promise<GlusterResult | undefined> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal = ending === undefined ? timeout : AbortSignal.any([timeout, ending]);
  const command = new Deno.Command("gluster", {
    args: ["--mode=script", ...args],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    signal,
  });
  try {
    const { code, stdout, stderr } = await command.output();
    const decoder = new TextDecoder();
    return {
      code,
      stdout: decoder.decode(stdout),
      stderr: decoder.decode(stderr),
      timedOut: code !== 0 && timeout.aborted,
    };
  } catch (error) {
    // It is not there, or is no program: a binary that was compiled for one command name is not
    // even allowed to run it where it does not exist.
    if (error instanceof Error) return undefined;
    throw error;
  }
}

/** The same command, whose runs end at the latest with the signal: none may outlive whoever asks. */
export function endedBy(signal: AbortSignal, gluster: GlusterCommand): GlusterCommand {
  return (args, { signal: other, ...options } = {}) =>
    gluster(args, {
      ...options,
      signal: other === undefined ? signal : AbortSignal.any([signal, other]),
    });
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
