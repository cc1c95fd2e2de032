/**
 * Where things are on this node: flag, else environment, else what the node says, else the default.
 *
 * @module
 */
import { ControlClient } from "../api/control_client.ts";
import { askWorkdir, type GlusterCommand, readWorkdir } from "../cluster/gluster_command.ts";
import type { RegistryFile } from "../registry/registry_file.ts";
import { type GivenOptions, type OptionSpec, UsageError } from "./command.ts";

/** The options that say where things are. */
export const PLACE_OPTIONS: readonly OptionSpec[] = [
  { name: "workdir", value: "DIR", help: "glusterd's folder (default: what glusterd says)" },
  { name: "state-dir", value: "DIR", help: "folder of the spool (/var/lib/gluster-eventing)" },
  {
    name: "socket",
    value: "FILE",
    help: "control socket of the daemon (/run/gluster-eventing/control.sock)",
  },
];

/** glusterd's folder, where nothing else is said. */
export const USUAL_WORKDIR = "/var/lib/glusterd";

/** The control socket, where nothing else is said. */
export const DEFAULT_SOCKET = "/run/gluster-eventing/control.sock";

/** Looks up an environment variable. */
export type Environment = (name: string) => string | undefined;

/** The folders and files of this node. */
export class Places {
  readonly #options: GivenOptions;
  readonly #environment: Environment;
  readonly #gluster: GlusterCommand;

  constructor(options: GivenOptions, environment: Environment, gluster: GlusterCommand) {
    this.#options = options;
    this.#environment = environment;
    this.#gluster = gluster;
  }

  /** glusterd's folder. Asking glusterd for it takes a while, so it is asked only where needed. */
  async workdir(): Promise<string> {
    return this.#given("workdir") ?? await askWorkdir(this.#gluster) ?? await readWorkdir() ??
      USUAL_WORKDIR;
  }

  /**
   * glusterd's folder, if commands can reach the pool from there.
   *
   * @returns Why they cannot, otherwise.
   */
  async poolWorkdir(): Promise<{ workdir: string } | { reason: string }> {
    const answer = await this.#gluster(["system::", "getwd"]);
    if (answer === undefined) return { reason: "this machine has no gluster command" };
    const named = answer.code === 0 ? answer.stdout.trim() : "";
    const workdir = named.startsWith("/") ? named : await readWorkdir() ?? USUAL_WORKDIR;
    const given = this.#given("workdir");
    if (given === undefined || await isSameFile(given, workdir)) return { workdir };
    return { reason: `${given} is not glusterd's folder, which is ${workdir}` };
  }

  /** The folder of the spool. */
  get stateDir(): string {
    return this.#given("state-dir") ?? "/var/lib/gluster-eventing";
  }

  /** The control socket of the daemon. */
  get socket(): string {
    return this.#given("socket") ?? DEFAULT_SOCKET;
  }

  /** glusterd's folder, if it was given. */
  get givenWorkdir(): string | undefined {
    return this.#given("workdir");
  }

  /** The options that say where things are, as far as they were given, for another program. */
  get givenOptions(): string[] {
    return PLACE_OPTIONS.flatMap(({ name }) => {
      const given = this.#given(name);
      return given === undefined ? [] : [`--${name}`, given];
    });
  }

  /** The registry on this node. */
  async registry(): Promise<RegistryFile> {
    // Not every command needs what reads TOML, and loading it takes a while.
    const { RegistryFile, registryPath } = await import("../registry/registry_file.ts");
    return new RegistryFile({ path: registryPath(await this.workdir()) });
  }

  /** The daemon on this node. */
  daemon(): ControlClient {
    return new ControlClient(this.socket);
  }

  #given(name: string): string | undefined {
    const option = this.#options.get(name);
    if (option === "") {
      throw new UsageError(`The option --${name} is empty`, "is a variable in your script unset?");
    }
    const given = option ?? this.#environment(variableOf(name));
    return given === undefined || given === "" ? undefined : toAbsolute(given);
  }
}

/** The environment variables that stand in for options. */
export const PLACE_VARIABLES = PLACE_OPTIONS.map(({ name }) => variableOf(name));

function variableOf(name: string): string {
  return `GLUSTER_EVENTING_${name.toUpperCase().replace("-", "_")}`;
}

function toAbsolute(path: string): string {
  const whole = path.startsWith("/") ? path : `${Deno.cwd()}/${path}`;
  return whole.replace(/\/(?:\.?\/)+/g, "/").replace(/(?<=.)\/\.?$/, "");
}

/** Whether two paths lead to the same file. */
export async function isSameFile(one: string, other: string): Promise<boolean> {
  return await realPath(one) === await realPath(other);
}

async function realPath(path: string): Promise<string> {
  try {
    return await Deno.realPath(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return path;
    throw error;
  }
}
