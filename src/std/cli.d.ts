/** How `parseArgs` reads the arguments. */
export interface ParseArgsOptions {
  readonly string?: readonly string[];
  readonly boolean?: readonly string[];
  readonly collect?: readonly string[];
  readonly alias?: Readonly<Record<string, string>>;
  /** Called for what is neither declared nor an operand of an option; false drops it. */
  readonly unknown?: (arg: string, key?: string, value?: unknown) => boolean;
}

/** Reads command-line arguments into options, with the operands in `_`. */
export declare function parseArgs(
  args: readonly string[],
  options: ParseArgsOptions,
): Record<string, unknown> & { _: (string | number)[] };
