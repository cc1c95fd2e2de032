import { Daemon } from "../../daemon/daemon.ts";
import type { DaemonDeps, DaemonOptions } from "../../daemon/daemon_options.ts";
import { formatLogLine } from "../../daemon/logger.ts";
import { UUID_PATTERN } from "../../daemon/node_identity.ts";
import { type ListenAddress, parseListenAddress } from "../../listener/listen_address.ts";
import { type GivenOptions, type Invocation, UsageError } from "../command.ts";
import { systemDaemonDeps } from "../daemon_deps.ts";
import { EXIT } from "../exit_codes.ts";
import { describeFailure } from "../failures.ts";
import { LogFile, LogFileError } from "../log_file.ts";
import { LogWriter } from "../log_writer.ts";

const LONGEST_DRAIN_MS = 5000;
const LOG_FLUSH_MS = 500;

/** `run` */
export async function run(invocation: Invocation): Promise<number> {
  const { options, places, environment, signals, gluster, version } = invocation;
  const listen = options.all("listen").map(asAddress);
  const nodeId = asNodeId(options);
  const stop = Promise.withResolvers<void>();
  const quit = Promise.withResolvers<number>();
  let stops = 0;
  // In place before anything else, so that no signal ends it half-started.
  using _stopping = signals.on(["SIGTERM", "SIGINT"], () => {
    if (++stops === 1) stop.resolve();
    else quit.resolve(EXIT.interrupted);
  });
  // Whatever the daemon makes is root's alone.
  Deno.umask(0o077);
  using file = await openLogFile(options.get("log-file"));
  const log = new LogWriter((bytes) => (file ?? Deno.stderr).write(bytes));
  const running: { daemon?: Daemon } = {};
  const reload = async () => {
    try {
      await file?.reopen();
      await running.daemon?.notice();
    } catch (error) {
      // What is wrong with the registry, the daemon has logged.
      if (!(error instanceof Error)) throw error;
      if (error instanceof LogFileError) log.line(describeForLog("log not begun anew", error));
    }
  };
  using _reloading = signals.on(["SIGHUP", "SIGUSR2"], () => void reload());
  const daemonOptions: DaemonOptions = {
    version,
    workdir: await places.workdir(),
    stateDir: places.stateDir,
    socket: places.socket,
    ...(listen.length === 0 ? {} : { listen }),
    ...(nodeId === undefined ? {} : { nodeId }),
  };
  const isOurs = async () => "workdir" in await places.poolWorkdir();
  const deps: DaemonDeps = {
    ...systemDaemonDeps((line) => log.line(line), environment),
    ...(options.has("local") ? {} : { pool: { gluster, isOurs } }),
    onStopAsked: () => stop.resolve(),
    ...(file === undefined ? {} : { reopenLog: () => file.reopen() }),
  };
  const starting = Daemon.start(daemonOptions, deps);
  let started: Daemon | number;
  try {
    started = await Promise.race([starting, quit.promise]);
  } catch (error) {
    // Standard error may lead nowhere.
    if (file !== undefined) log.line(describeForLog("cannot start", error));
    await log.flush(LOG_FLUSH_MS);
    throw error;
  }
  if (typeof started === "number") return started;
  running.daemon = started;
  await stop.promise;
  const stopped = started.stop().then((lost) => lost === 0 ? EXIT.done : EXIT.failed);
  const timer = setTimeout(() => {
    log.line(`error: did not end within ${LONGEST_DRAIN_MS / 1000} s; what waits is on disk`);
    quit.resolve(EXIT.failed);
  }, LONGEST_DRAIN_MS);
  const code = await Promise.race([stopped, quit.promise]);
  clearTimeout(timer);
  await log.flush(LOG_FLUSH_MS);
  return code;
}

async function openLogFile(path: string | undefined): Promise<LogFile | undefined> {
  return path === undefined ? undefined : await LogFile.open(path, () => performance.now());
}

function describeForLog(message: string, error: unknown): string {
  const { lines, hint } = describeFailure(error);
  const fields = { reason: lines.join("; "), hint };
  return formatLogLine({ nowMs: Date.now(), level: "ERROR", message, fields });
}

function asAddress(text: string): ListenAddress {
  const address = parseListenAddress(text);
  if (address !== undefined) return address;
  throw new UsageError(
    `"${text}" is no address to listen on`,
    "write HOST:PORT, such as 127.0.0.1:55555 or [::1]:55555",
  );
}

function asNodeId(options: GivenOptions): string | undefined {
  const nodeId = options.get("node-id");
  if (nodeId === undefined || UUID_PATTERN.test(nodeId)) return nodeId;
  throw new UsageError(`"${nodeId}" is no UUID`, "make one with: uuidgen");
}
