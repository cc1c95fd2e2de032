/**
 * Writes `dist/gluster-eventing` for linux-x64: `scripts/deno task compile`.
 *
 * @module
 */
import { EXCEPTION_VARIABLES, PROXY_VARIABLES } from "../src/dispatcher/proxies/proxy.ts";
import { LIBC_PATHS } from "../src/std/libc.ts";
import { PLACE_VARIABLES } from "../src/cli/places.ts";
import { RUNNABLE } from "../src/cli/service_programs.ts";
import { VERSION } from "../src/cli/version.ts";
import { writeProgramConfig } from "./program_config.ts";
import { complain, ROOT, say } from "./task.ts";
import { type BaseRuntime, givenRuntime, recoveredRuntime } from "./base_runtime.ts";

const BINARY = "dist/gluster-eventing";
const STAMP = "dist/build_stamp.json";
/** The files of the live page. */
const PAGE_FILES = "src/page/assets";

/** What the program may do, and nothing else. */
const PERMISSIONS = [
  "--no-prompt",
  // Webhooks and the control API can be anywhere.
  "--allow-net",
  // The registry, the spool and the socket can be anywhere too.
  "--allow-read",
  "--allow-write",
  `--allow-env=${[...PLACE_VARIABLES, ...PROXY_VARIABLES, ...EXCEPTION_VARIABLES].join(",")}`,
  `--allow-run=${RUNNABLE.join(",")}`,
  // Events carry the name of the node.
  "--allow-sys=hostname",
  // What Deno cannot do with sockets: see src/std/libc.ts.
  `--allow-ffi=${LIBC_PATHS.join(",")}`,
];

/**
 * A daemon lives beside storage: V8 collects its garbage early, rather than take tens of megabytes
 * more for it, and the buffers of requests go with it. The limit of the heap is far off; it is set
 * because V8 lets a heap with a limit grow more slowly.
 */
const V8_FLAGS = "--v8-flags=--max-semi-space-size=4,--max-heap-size=1024";

/** Neither Deno's host nor anybody else has answered by then. */
const LONGEST_DOWNLOAD_MS = 120_000;

async function main(): Promise<number> {
  if (Deno.build.target !== "x86_64-unknown-linux-gnu") {
    return fail(`this script builds on linux-x64 only, not on ${Deno.build.target}`);
  }
  await Deno.mkdir(`${ROOT}dist`, { recursive: true });
  await Deno.writeTextFile(ROOT + STAMP, `${JSON.stringify({ build: await describeBuild() })}\n`);
  const runtime = await compileWithBestRuntime();
  const { size } = await Deno.stat(ROOT + BINARY);
  say(`base runtime: ${runtime.origin}`);
  say(`${BINARY}: ${VERSION}, ${Math.round(size / 1e6)} MB`);
  return 0;
}

async function compileWithBestRuntime(): Promise<BaseRuntime> {
  const given = await givenRuntime();
  // An empty variable counts as unset here, but not for Deno.
  Deno.env.delete("DENORT_BIN");
  if (given !== undefined) return await compileWith(given);
  try {
    return await compileWith({ origin: `Deno's own download, ${Deno.version.deno}` });
  } catch (error) {
    if (!(error instanceof RuntimeMissingError)) throw error;
    say(`Deno's own base runtime cannot be had: ${error.message}`);
  }
  try {
    return await compileWith(await recoveredRuntime());
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `no base runtime can be had: ${reason}\n` +
        `hint: put a denort ${Deno.version.deno} somewhere and set DENORT_BIN to it`,
    );
  }
}

/** Deno could not fetch its base runtime. */
class RuntimeMissingError extends Error {}

async function compileWith(runtime: BaseRuntime): Promise<BaseRuntime> {
  const limit = AbortSignal.timeout(LONGEST_DOWNLOAD_MS);
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "compile",
      "--quiet",
      ...await writeProgramConfig(ROOT),
      ...PERMISSIONS,
      V8_FLAGS,
      "--include",
      STAMP,
      "--include",
      PAGE_FILES,
      "--output",
      BINARY,
      "main.ts",
    ],
    cwd: ROOT,
    env: { NO_COLOR: "1", ...(runtime.path === undefined ? {} : { DENORT_BIN: runtime.path }) },
    signal: limit,
  }).output();
  if (success) return runtime;
  await removeLeftovers();
  if (runtime.path === undefined && limit.aborted) {
    throw new RuntimeMissingError(`no answer within ${LONGEST_DOWNLOAD_MS / 1000} s`);
  }
  const reason = new TextDecoder().decode(stderr).trim();
  if (runtime.path === undefined && /denort|download/i.test(reason)) {
    const lines = reason.split("\n");
    const cause = lines.find((line) => /^ +\d+: .*request/.test(line)) ?? lines[0] ?? "";
    throw new RuntimeMissingError(cause.trim().replace(/^\d+: /, ""));
  }
  throw new Error(`deno compile failed: ${reason}`);
}

/** A compilation that fails leaves a file of its own behind. */
async function removeLeftovers(): Promise<void> {
  for await (const { name } of Deno.readDir(`${ROOT}dist`)) {
    if (name.includes(".tmp-")) await Deno.remove(`${ROOT}dist/${name}`);
  }
}

/** The commit that is built, marked if the tree has changes, and the day. */
async function describeBuild(): Promise<string> {
  const day = new Date().toISOString().slice(0, 10);
  const git = async (...args: string[]) => {
    const command = new Deno.Command("git", { args: ["-C", ROOT, ...args], stderr: "null" });
    const { success, stdout } = await command.output();
    return success ? new TextDecoder().decode(stdout).trim() : undefined;
  };
  const commit = await git("rev-parse", "--short=10", "HEAD");
  if (commit === undefined) return `built ${day}`;
  const changes = await git("status", "--porcelain");
  return `${commit}${changes === "" ? "" : "+changes"}, built ${day}`;
}

function fail(reason: string): number {
  complain(`cannot compile: ${reason}`);
  return 1;
}

try {
  Deno.exit(await main());
} catch (error) {
  Deno.exit(fail(error instanceof Error ? error.message : String(error)));
}
