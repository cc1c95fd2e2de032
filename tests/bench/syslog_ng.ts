/**
 * syslog-ng as it would be set up for the job: datagrams in, one HTTP request for each.
 *
 * @module
 */
import { freePort } from "../soak/free_port.ts";
import { RunningProgram } from "../support/program.ts";
import { makeTempFolder } from "../support/temp_folder.ts";
import { findProgram, isFile, mustFind, notInstalled } from "../support/installed.ts";
import { type Relay, type RelayKind, untilListening } from "./relay.ts";

const NAME = "syslog-ng";
const PACKAGES = "syslog-ng-core syslog-ng-mod-http";
const MODULE = "libhttp.so";

/** The program of Debian's packages. */
export const SYSLOG_NG: RelayKind = { name: NAME, missing, start };

let hasModule: boolean | undefined;

function missing(): string | undefined {
  const binary = findProgram(NAME);
  hasModule ??= binary !== undefined && modulePath(binary).some((path) => isFile(path));
  return hasModule ? undefined : notInstalled(PACKAGES);
}

/** Where its HTTP module may be. */
function modulePath(binary: string): string[] {
  const { stdout } = new Deno.Command(binary, { args: ["--version"], stderr: "null" }).outputSync();
  const [, folders = ""] = /^Module-Path: (.*)$/m.exec(new TextDecoder().decode(stdout)) ?? [];
  return folders.split(":").map((folder) => `${folder}/${MODULE}`);
}

async function start(url: string): Promise<Relay> {
  await using cleanups = new AsyncDisposableStack();
  const { path } = cleanups.use(await makeTempFolder());
  const port = freePort();
  await Deno.writeTextFile(`${path}/syslog-ng.conf`, configOf({ port, url }));
  const args = [
    ...["--foreground", "--no-caps", "--cfgfile", `${path}/syslog-ng.conf`],
    ...["--persist-file", `${path}/persist`, "--pidfile", `${path}/pid`],
    ...["--control", `${path}/control`],
  ];
  const binary = mustFind(NAME);
  const program = cleanups.use(new RunningProgram(args, { binary }));
  await untilListening(NAME, port, { seen: () => program.stderr });
  const { pid } = program;
  const kept = cleanups.move();
  return { port, pid, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

/** Room for all that can come, so that it shows its best; its own statistics would only cost. */
function configOf({ port, url }: { port: number; url: string }): string {
  return `@version: 3.35
options { stats-level(0); stats-freq(0); log-msg-size(8192); use-dns(no); keep-hostname(no); };
source s_events {
  network(ip("127.0.0.1") port(${port}) transport("udp") so-rcvbuf(8388608)
    log-fetch-limit(1000) log-iw-size(100000) flags(no-parse));
};
destination d_webhook {
  http(url("${url}") method("POST") headers("Content-Type: text/plain") body("\${MSG}")
    workers(1) batch-lines(1) log-fifo-size(1000000) persist-name("bench"));
};
log { source(s_events); destination(d_webhook); };
`;
}
