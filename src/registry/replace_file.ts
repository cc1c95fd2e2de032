/**
 * Files that are replaced at once and durably: a reader or a crash never meets half of one.
 *
 * @module
 */
import { folderOf, ignoreMissing, writeAll } from "../std/files.ts";

/** What a file is to hold, and where it is written before it takes the place of the old one. */
export interface Replacement {
  readonly path: string;
  /** Nobody else may use this name, which is beside the file; what a crash left is overwritten. */
  readonly temporaryName: string;
  readonly text: string;
}

/** Writes a file of mode 0600 in the place of another, with that one's owner. */
export async function replaceFile({ path, temporaryName, text }: Replacement): Promise<void> {
  // Where the file is a link, what it leads to is replaced, and not the link.
  const target = await Deno.realPath(path).catch(ignoreMissing) ?? path;
  const temporary = `${folderOf(target)}/${temporaryName}`;
  const old = await Deno.stat(path).catch(ignoreMissing);
  await Deno.remove(temporary).catch(ignoreMissing);
  try {
    await writeNew(temporary, text);
    if (old !== undefined && old.uid !== null && old.gid !== null) {
      await keepOwner(temporary, old.uid, old.gid);
    }
    await Deno.rename(temporary, target);
  } catch (error) {
    // On a full disk it would be in the way, and it may hold secrets.
    await Deno.remove(temporary).catch(ignoreMissing);
    throw error;
  }
  using folder = await Deno.open(folderOf(target), { read: true });
  await folder.sync();
}

async function writeNew(path: string, text: string): Promise<void> {
  using file = await Deno.open(path, { createNew: true, write: true, mode: 0o600 });
  await writeAll(file, new TextEncoder().encode(text));
  await file.sync();
}

async function keepOwner(path: string, uid: number, gid: number): Promise<void> {
  const created = await Deno.stat(path);
  if (created.uid !== uid || created.gid !== gid) await Deno.chown(path, uid, gid);
}
