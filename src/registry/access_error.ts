/**
 * What keeps a command from the registry file, in words that help.
 *
 * @module
 */
import { RegistryAccessError } from "./errors.ts";
import { folderOf } from "../std/files.ts";

/** What was to be done: `action` stands before "the registry". */
export interface Access {
  readonly path: string;
  readonly action: string;
}

/** Does something with the file. @throws {RegistryAccessError} If that fails. */
export async function accessing<T>(access: Access, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toAccessError(access, error);
  }
}

function toAccessError({ path, action }: Access, error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof RegistryAccessError) return error;
  const what = `Cannot ${action} the registry ${path}: ${error.message}`;
  return new RegistryAccessError(what, hintFor(error, folderOf(path)), { cause: error });
}

function hintFor(error: Error, folder: string): string {
  if (
    error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.NotCapable
  ) {
    return "run it as root, or name another folder with --workdir";
  }
  return error.message.includes("os error 28")
    ? `free space on the file system of ${folder}`
    : `look at the folder: ls -la ${folder}`;
}
