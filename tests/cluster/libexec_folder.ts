/**
 * Where glusterd looks for the commands of peers.
 *
 * @module
 */

/** What glusterfs-server installs there. */
const KNOWN = "peer_gsec_create";

/** The folder, the same on every node since it is the machine's. */
export function libexecFolder(): string {
  const folders = ["/usr/libexec/glusterfs"];
  for (const { name } of Deno.readDirSync("/usr/lib")) folders.push(`/usr/lib/${name}/glusterfs`);
  const found = folders.find((folder) => exists(`${folder}/${KNOWN}`));
  if (found === undefined) throw new Error(`No ${KNOWN} of glusterfs-server in ${folders}`);
  return found;
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      return false;
    }
    throw error;
  }
}
