/**
 * The commands about the program itself.
 *
 * @module
 */
import type { CommandSpec } from "../command.ts";

export const ABOUT_COMMANDS: readonly CommandSpec[] = [
  {
    name: "version",
    section: "About",
    summary: "Show the version",
    operands: [],
    options: [],
    examples: [],
    load: () => import("../commands/version.ts"),
  },
];
