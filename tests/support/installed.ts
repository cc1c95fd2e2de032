/**
 * Programs that this machine may have or not.
 *
 * @module
 */

/** Daemons are often not on the path of those who are not root. */
const MORE_FOLDERS = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

/** The file of an installed program; `undefined` if there is none. */
export function findProgram(name: string): string | undefined {
  const folders = [...(Deno.env.get("PATH") ?? "").split(":"), ...MORE_FOLDERS];
  return folders.map((folder) => `${folder}/${name}`).find(isFile);
}

/** The file of a program that has to be there. */
export function mustFind(name: string): string {
  const path = findProgram(name);
  if (path === undefined) throw new Error(`${name} is not installed`);
  return path;
}

/** Says how to come by what is missing. */
export function notInstalled(packages: string): string {
  return `not installed: apt-get install ${packages}`;
}

/** Whether a file is there. */
export function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    const { NotADirectory, NotFound, PermissionDenied } = Deno.errors;
    if ([NotADirectory, NotFound, PermissionDenied].some((kind) => error instanceof kind)) {
      return false;
    }
    throw error;
  }
}
