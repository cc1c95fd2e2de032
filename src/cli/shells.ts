/** The shells whose completion scripts can be had. */
export const SHELLS = ["bash", "zsh", "fish"] as const;

/** A shell whose completion script can be had. */
export type Shell = typeof SHELLS[number];
