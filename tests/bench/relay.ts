/**
 * A program that takes datagrams and posts them to a webhook: ours, or one of the alternatives.
 *
 * @module
 */
import { until } from "../support/until.ts";

/** A program that can be measured beside ours. */
export interface RelayKind {
  readonly name: string;
  /** Why it cannot run here; `undefined` if it can. */
  readonly missing: () => string | undefined;
  /** Starts it for one webhook and waits until it listens. */
  readonly start: (url: string) => Promise<Relay>;
}

/** Such a program while it runs; whatever belongs to it ends with it. */
export interface Relay extends AsyncDisposable {
  /** The UDP port of this machine on which it listens. */
  readonly port: number;
  /** The process to which all of it belongs. */
  readonly pid: number;
}

/** Waits until somebody listens on a UDP port of this machine. */
export async function untilListening(
  name: string,
  port: number,
  { seen }: { seen: () => unknown },
): Promise<void> {
  const hex = port.toString(16).toUpperCase().padStart(4, "0");
  const local = new RegExp(`^ *\\d+: [0-9A-F]+:${hex} `, "m");
  await until(
    `${name} listens on port ${port}`,
    async () => local.test(await Deno.readTextFile("/proc/net/udp")),
    { seen },
  );
}
