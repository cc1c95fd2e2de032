/**
 * Says which files that a webhook needs are not here.
 *
 * @module
 */
import type { GivenOptions } from "./command.ts";
import type { Output } from "./output.ts";

const FILES = ["bearer-token-file", "secret-file", "ca-file", "cert-file", "key-file"];

/** Notes files that were given and cannot be opened on this node; they may still come. */
export async function noteFiles(output: Output, options: GivenOptions): Promise<void> {
  for (const key of FILES) {
    const path = options.get(key);
    if (path === undefined || path === "") continue;
    try {
      using _file = await Deno.open(path);
    } catch (error) {
      const why = error instanceof Deno.errors.NotFound ? "is not on" : "cannot be read on";
      output.note(`note: ${key} ${path} ${why} this node; every node that posts needs it`);
    }
  }
}
