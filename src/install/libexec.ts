/**
 * Finds the folder in which glusterd looks for the commands that it runs on every node.
 *
 * @module
 */
import { InstallError } from "./item.ts";
import type { Tree } from "./tree.ts";

/** Whatever is called like that belongs to Gluster, and glusterd runs it from the same folder. */
const SIGNS = [
  "gsyncd",
  "peer_gsec_create",
  "peer_mountbroker",
  "peer_mountbroker.py",
  "peer_eventsapi.py",
  "peer_add_secret_pub",
];
const PREFIXES = ["/usr", "/usr/local"];
/** Debian has a folder for each kind of processor, such as `x86_64-linux-gnu`. */
const MULTIARCH = /^[a-z0-9_]+-linux-[a-z0-9_]+$/;

/**
 * Finds it by what is in it.
 *
 * @returns `undefined` on a node without glusterd.
 * @throws {InstallError} If glusterd is there, but its folder is not, or there are several.
 */
export async function findLibexec(tree: Tree): Promise<string | undefined> {
  const candidates = await listCandidates(tree);
  const found: string[] = [];
  for (const folder of candidates) {
    const names = await tree.list(folder);
    if (SIGNS.some((sign) => names.includes(sign))) found.push(folder);
  }
  const [first, second] = found;
  if (second !== undefined) {
    throw new InstallError(
      `There are several folders of Gluster's own commands: ${found.join(", ")}`,
      `name the one of the glusterd that runs here: gluster-eventing install --libexec ${first}`,
    );
  }
  if (first !== undefined || !await hasGlusterd(tree)) return first;
  throw new InstallError(
    `glusterd is installed, but no folder with its own commands (${
      SIGNS.slice(0, 3).join(", ")
    }) ` +
      `is to be found; looked in ${candidates.join(", ")}`,
    "find it: find / -name gsyncd; then name its folder with --libexec",
  );
}

async function listCandidates(tree: Tree): Promise<string[]> {
  const folders: string[] = [];
  for (const prefix of PREFIXES) {
    const multiarch = (await tree.list(`${prefix}/lib`)).filter((name) => MULTIARCH.test(name));
    const parents = ["libexec", "lib64", "lib", ...multiarch.map((name) => `lib/${name}`)];
    folders.push(...parents.map((parent) => `${prefix}/${parent}/glusterfs`));
  }
  return folders;
}

async function hasGlusterd(tree: Tree): Promise<boolean> {
  for (const prefix of PREFIXES) {
    if (await tree.has(`${prefix}/sbin/glusterd`)) return true;
  }
  return false;
}
