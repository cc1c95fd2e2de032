/**
 * What the live page has to know first.
 *
 * @module
 */
import type { DaemonPage } from "../api/daemon_page.ts";
import { formatTime } from "../api/rfc3339.ts";
import { HEADLINES } from "../event/headline_data.ts";
import type { SharedConfig } from "../registry/schema.ts";

/** What it is made of. */
export interface PageParts {
  readonly version: string;
  readonly startedMs: number;
  readonly node: { readonly id: string; readonly host: string };
  readonly config: SharedConfig;
  readonly hasPool: boolean;
  /** Whether the events of all nodes can be followed. */
  readonly hasClusterStream: boolean;
}

/** Makes it. */
export function describePage(
  { version, startedMs, node, config, hasPool, hasClusterStream }: PageParts,
): DaemonPage {
  const isTokenAsked = config.api.tokenFile !== undefined;
  return {
    kind: "daemon",
    version,
    node: node.id,
    host: node.host,
    started_at: formatTime(startedMs),
    token: isTokenAsked,
    may_change: isTokenAsked,
    pool: hasPool,
    cluster_stream: hasClusterStream,
    headlines: HEADLINES,
  };
}
