/**
 * Keeps off others that change the registry of this node.
 *
 * @module
 */
import { toAccessError } from "./access_error.ts";
import { RegistryAccessError } from "./errors.ts";
import { folderOf } from "./replace_file.ts";

const LOCK_RETRY_MS = 20;

/**
 * Takes the lock of a registry.
 *
 * @param waitMs How long to wait for others.
 * @throws {RegistryAccessError} If it cannot be had.
 */
export async function lockRegistry(path: string, waitMs: number): Promise<Disposable> {
  const lockPath = `${folderOf(path)}/.webhooks.toml.lock`;
  const deadline = performance.now() + waitMs;
  let file: Deno.FsFile | undefined;
  try {
    file = await Deno.open(lockPath, { create: true, write: true, mode: 0o600 });
    // The kernel frees the lock when its holder dies, however it dies.
    while (!await file.tryLock(true)) {
      if (performance.now() > deadline) {
        throw new RegistryAccessError(
          `Cannot change the registry ${path}: another command has held its lock ` +
            `for ${waitMs / 1000} s`,
          `see who holds it: fuser -v ${lockPath}`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, LOCK_RETRY_MS));
    }
    return file;
  } catch (error) {
    file?.close();
    throw toAccessError("lock", path, error);
  }
}
