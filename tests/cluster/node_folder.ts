/**
 * Folders that bricks can be in.
 *
 * @module
 */

// Where the machine keeps temporary files, and a place that is often on another file system.
const PARENTS: readonly (string | undefined)[] = [undefined, "/var/tmp"];

/**
 * Makes an empty folder below the first temporary folder that takes Gluster's attributes. Whoever
 * asks for it removes it.
 *
 * @throws {Error} If none does.
 */
export async function makeNodeFolder(): Promise<string> {
  const tried: string[] = [];
  for (const dir of PARENTS) {
    const options = { prefix: "ge-node-", ...(dir === undefined ? {} : { dir }) };
    const path = await Deno.makeTempDir(options);
    await using cleanups = new AsyncDisposableStack();
    cleanups.defer(() => Deno.remove(path, { recursive: true }));
    if (takesTrustedAttributes(path)) {
      cleanups.move();
      return path;
    }
    tried.push(path);
  }
  throw new Error(`Bricks need trusted extended attributes, not to be had in ${tried.join(", ")}`);
}

/** Tries it: what a mount's options say is not the whole truth, least of all in containers. */
function takesTrustedAttributes(path: string): boolean {
  const libc = Deno.dlopen("libc.so.6", {
    setxattr: { parameters: ["buffer", "buffer", "buffer", "usize", "i32"], result: "i32" },
  });
  try {
    const text = (value: string) => new TextEncoder().encode(`${value}\0`);
    const name = text("trusted.glusterfs.attribute-test");
    return libc.symbols.setxattr(text(path), name, text("1"), 1n, 0) === 0;
  } finally {
    libc.close();
  }
}
