/** How `parseArgs` reads the arguments. */
export interface ParseArgsOptions {
  readonly string?: readonly string[];
  readonly boolean?: readonly string[];
  readonly collect?: readonly string[];
}

/** Reads command-line arguments into options, with the operands in `_`. */
export declare function parseArgs(
  args: readonly string[],
  options: ParseArgsOptions,
): Record<string, unknown> & { _: (string | number)[] };
