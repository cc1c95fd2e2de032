/**
 * The files of a node, or of a tree that will be one.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { folderOf, writeAll } from "../std/files.ts";

/** What there is at a path. */
export type Found =
  | { readonly kind: "absent" }
  | { readonly kind: "folder" }
  | { readonly kind: "file"; readonly sha256: string; readonly mode: number }
  | { readonly kind: "link"; readonly target: string }
  | { readonly kind: "other" };

/** Where the bytes of a file come from; the path is outside of the tree. */
export type Content = { readonly text: string } | { readonly sameAs: string };

const CHUNK_BYTES = 1024 * 1024;

/** Reads and changes files below a root; paths are as seen from there. */
export class Tree {
  readonly #root: string;

  /** @param root Empty for the machine itself. */
  constructor(root = "") {
    this.#root = root.replace(/\/+$/, "");
  }

  /** Where a path of the tree is on this machine. */
  at(path: string): string {
    return this.#root + path;
  }

  /** What there is; links are not followed. */
  async look(path: string): Promise<Found> {
    const info = await unlessMissing(Deno.lstat(this.at(path)));
    if (info === undefined) return { kind: "absent" };
    if (info.isSymlink) return { kind: "link", target: await Deno.readLink(this.at(path)) };
    if (info.isDirectory) return { kind: "folder" };
    if (!info.isFile) return { kind: "other" };
    return { kind: "file", sha256: await hashFile(this.at(path)), mode: (info.mode ?? 0) & 0o7777 };
  }

  /** Whether there is something, be it behind a link. */
  async has(path: string): Promise<boolean> {
    return await unlessMissing(Deno.stat(this.at(path))) !== undefined;
  }

  /** The names in a folder; none if there is no such folder. */
  async list(path: string): Promise<string[]> {
    try {
      return (await Array.fromAsync(Deno.readDir(this.at(path)))).map(({ name }) => name).sort();
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  }

  /** The text of a file; `undefined` if there is none. */
  async read(path: string): Promise<string | undefined> {
    return await unlessMissing(Deno.readTextFile(this.at(path)));
  }

  /** Makes one folder. */
  async makeFolder(path: string, mode: number): Promise<void> {
    await Deno.mkdir(this.at(path));
    await Deno.chmod(this.at(path), mode);
    await syncFolder(this.at(folderOf(path)));
  }

  /** Writes a file, at once and durably: whoever opens it finds the old one or the new one. */
  async write(path: string, content: Content, mode: number): Promise<void> {
    await this.#replace(path, async (temporary) => {
      using file = await Deno.open(temporary, { createNew: true, write: true, mode: 0o600 });
      if ("text" in content) await writeAll(file, new TextEncoder().encode(content.text));
      else for await (const chunk of chunksOf(content.sameAs)) await writeAll(file, chunk);
      await Deno.chmod(temporary, mode);
      await file.sync();
    });
  }

  /** Makes a link, or leads it elsewhere, at once. */
  async link(path: string, target: string): Promise<void> {
    await this.#replace(path, (temporary) => Deno.symlink(target, temporary));
  }

  /** Gives something another name in its folder. */
  async rename(path: string, to: string): Promise<void> {
    await Deno.rename(this.at(path), this.at(to));
    await syncFolder(this.at(folderOf(path)));
  }

  /** Removes a file or link. */
  async remove(path: string): Promise<void> {
    await Deno.remove(this.at(path));
    await syncFolder(this.at(folderOf(path)));
  }

  /** Removes a folder if nothing is in it. @returns Whether it was empty. */
  async removeIfEmpty(path: string): Promise<boolean> {
    if ((await this.list(path)).length > 0) return false;
    await Deno.remove(this.at(path));
    return true;
  }

  async #replace(path: string, make: (temporary: string) => Promise<void>): Promise<void> {
    const temporary = `${this.at(folderOf(path))}/.${nameOf(path)}.installing`;
    // What a crash left.
    await unlessMissing(Deno.remove(temporary));
    try {
      await make(temporary);
      await Deno.rename(temporary, this.at(path));
    } catch (error) {
      await unlessMissing(Deno.remove(temporary));
      throw error;
    }
    await syncFolder(this.at(folderOf(path)));
  }
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** The SHA-256 of what a file holds, in hexadecimal. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of chunksOf(path)) hash.update(chunk);
  return hash.digest("hex");
}

/** The SHA-256 of a text, in hexadecimal. */
export function hashText(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

async function* chunksOf(path: string): AsyncGenerator<Uint8Array> {
  using file = await Deno.open(path, { read: true });
  const buffer = new Uint8Array(CHUNK_BYTES);
  for (;;) {
    const count = await file.read(buffer);
    if (count === null) return;
    yield buffer.subarray(0, count);
  }
}

async function syncFolder(path: string): Promise<void> {
  using folder = await Deno.open(path, { read: true });
  await folder.sync();
}

async function unlessMissing<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory;
}
