/**
 * What commands say that act on one node only.
 *
 * @module
 */
import type { Invocation } from "./command.ts";

/** Says, unless `--local` was given, that other nodes are not touched. */
export function noteLocal({ options, output }: Invocation): void {
  if (options.has("local") || output.isJson) return;
  output.note("note: this acts on this node only (--local leaves out this note)");
}
