/**
 * The lock that keeps two commands on this node from changing the registry at a time.
 *
 * @module
 */
import { accessing } from "./access_error.ts";
import { RegistryAccessError } from "./errors.ts";
import { folderOf } from "../std/files.ts";

/** Which registry, and how long to wait for others who are changing it. */
export interface LockOptions {
  readonly path: string;
  readonly waitMs: number;
}

const RETRY_MS = 20;

/**
 * Waits for the lock and holds it until it is disposed of.
 *
 * @throws {RegistryAccessError} If somebody else holds it for longer, or it cannot be made.
 */
export async function lockRegistry({ path, waitMs }: LockOptions): Promise<Disposable> {
  return await accessing({ path, action: "lock" }, async () => {
    const lockPath = `${folderOf(path)}/.webhooks.toml.lock`;
    const deadline = performance.now() + waitMs;
    const file = await Deno.open(lockPath, { create: true, write: true, mode: 0o600 });
    try {
      // The kernel frees the lock when its holder dies, however it dies.
      while (!await file.tryLock(true)) {
        if (performance.now() > deadline) throw lockedError({ path, waitMs }, lockPath);
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
      return file;
    } catch (error) {
      file.close();
      throw error;
    }
  });
}

function lockedError({ path, waitMs }: LockOptions, lockPath: string): RegistryAccessError {
  return new RegistryAccessError(
    `Cannot change the registry ${path}: another command has held its lock ` +
      `for ${waitMs / 1000} s`,
    `see who holds it: fuser -v ${lockPath}`,
  );
}
