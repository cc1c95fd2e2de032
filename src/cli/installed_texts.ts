/**
 * The texts that are installed beside the program.
 *
 * @module
 */
import type { ExtraFile } from "../install/item.ts";

/** Man page and shell completions, each in the folder that its reader looks in. */
export function installedTexts(): ExtraFile[] {
  return [];
}
