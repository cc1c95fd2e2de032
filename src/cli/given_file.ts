/**
 * Files that are named on a command line.
 *
 * @module
 */
import { resolve } from "node:path";
import type { ValueKind } from "../registry/value_kinds.ts";

/**
 * The value of a setting as it was given, but a path from the folder that the command runs in as
 * one from the root: the daemon runs somewhere else.
 */
export function withWholePath(
  text: string,
  { isFile, emptyWord = "" }: ValueKind<unknown>,
): string {
  const isNone = text.trim() === "" || text.trim().toLowerCase() === emptyWord;
  return isFile === undefined || isNone ? text : resolve(text);
}
