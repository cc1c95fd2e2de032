/**
 * The rows of whatever else does the same job.
 *
 * @module
 */
import type { Row } from "./bench.ts";
import { GLUSTEREVENTSD } from "./glustereventsd.ts";
import type { RelayKind } from "./relay.ts";
import { SYSLOG_NG } from "./syslog_ng.ts";

/** All alternatives, in the order in which they are shown. */
export const ALTERNATIVES: readonly RelayKind[] = [GLUSTEREVENTSD, SYSLOG_NG];

/** Rows of those that can run here, and notes on those that cannot. */
export interface Compared {
  readonly rows: readonly Row[];
  readonly notes: readonly string[];
}

/** Measures each alternative that can run here. */
export async function compareWith(
  kinds: readonly RelayKind[],
  measure: (kind: RelayKind) => Promise<Row["figures"]>,
): Promise<Compared> {
  const rows: Row[] = [];
  const notes: string[] = [];
  for (const kind of kinds) {
    const missing = kind.missing();
    if (missing === undefined) rows.push({ name: kind.name, figures: await measure(kind) });
    else notes.push(`${kind.name}: ${missing}`);
  }
  return { rows, notes };
}
