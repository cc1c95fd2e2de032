/** Resolves after the time, or rejects with the signal's reason if that comes first. */
export declare function delay(
  ms: number,
  options?: { readonly signal?: AbortSignal; readonly persistent?: boolean },
): Promise<void>;
