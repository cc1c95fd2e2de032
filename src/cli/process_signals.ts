/**
 * The signals of this process.
 *
 * @module
 */
import type { Signals } from "./command.ts";

/** Signals as the kernel sends them. */
export const processSignals: Signals = {
  on(signals, callback) {
    for (const signal of signals) Deno.addSignalListener(signal, callback);
    return {
      [Symbol.dispose]() {
        for (const signal of signals) Deno.removeSignalListener(signal, callback);
      },
    };
  },
};
