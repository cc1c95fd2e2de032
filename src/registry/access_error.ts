/**
 * Why the registry file, or what lies beside it, cannot be used.
 *
 * @module
 */
import { RegistryAccessError } from "./errors.ts";
import { folderOf } from "./replace_file.ts";

/**
 * What to throw for an error of the file system.
 *
 * @param action What could not be done, as in "Cannot read the registry".
 */
export function toAccessError(action: string, path: string, error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof RegistryAccessError) return error;
  const refused = error instanceof Deno.errors.PermissionDenied ||
    error instanceof Deno.errors.NotCapable;
  const folder = folderOf(path);
  const hint = refused
    ? "run it as root, or name another folder with --workdir"
    : error.message.includes("os error 28")
    ? `free space on the file system of ${folder}`
    : `look at the folder: ls -la ${folder}`;
  const what = `Cannot ${action} the registry ${path}: ${error.message}`;
  return new RegistryAccessError(what, hint, { cause: error });
}
