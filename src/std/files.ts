/**
 * What the file API leaves to whoever uses it.
 *
 * @module
 */

/** The folder that a path leads into. */
export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/")) || "/";
}

/** Nothing, if a file is not there; for `catch`. */
export function ignoreMissing(error: unknown): undefined {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}

/**
 * The bytes of a file that somebody names in a setting, at most 4 MiB if nothing else is said.
 *
 * @throws {TypeError} If it is no regular file (opening a pipe would wait for somebody to write into
 *   it), or larger than that: it is a mistake then, and would be read into memory.
 * @throws {Error} If it cannot be read; in plain words if there is none.
 */
export function readSmallFileSync(path: string, mostBytes = 2 ** 22): Uint8Array {
  try {
    const { isFile, size } = Deno.statSync(path);
    if (!isFile) throw new TypeError("it is no regular file");
    if (size > mostBytes) throw new TypeError(`it has ${size} bytes, more than ${mostBytes}`);
    return Deno.readFileSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new Error("there is no such file", { cause: error });
  }
}

/** Writes all bytes, in as many pieces as the file or the connection takes them. */
export async function writeAll(
  to: { write(bytes: Uint8Array): Promise<number> },
  bytes: Uint8Array,
): Promise<void> {
  for (let written = 0; written < bytes.length;) written += await to.write(bytes.subarray(written));
}
