/**
 * Connects what follows all nodes of the pool with the pool.
 *
 * @module
 */
import type { FollowEvents } from "../../api/event_stream.ts";
import { openRemoteEvents } from "../../api/remote_events.ts";
import { readPool } from "../../cluster/pool.ts";
import { PoolLink } from "../../cluster/pool_link.ts";
import type { Clock } from "../../dispatcher/clock.ts";
import { systemNetwork } from "../../dispatcher/http/open_connection.ts";
import type { PoolAccess } from "../daemon_options.ts";
import { ClusterFeed } from "./cluster_feed.ts";
import { NodeLinks } from "./node_links.ts";
import type { OpenRemoteEvents } from "./node_stream.ts";

/** What it is made of. */
export interface ClusterDeps {
  readonly access: PoolAccess;
  /** glusterd's folder. */
  readonly workdir: string;
  /** Follows this node's own events. */
  readonly local: FollowEvents;
  readonly clock: Clock;
  readonly random: () => number;
}

/** What follows all nodes. */
export interface ClusterParts {
  readonly links: NodeLinks;
  readonly feed: ClusterFeed;
}

/** Connects them; nothing is asked until somebody follows. */
export function connectCluster({ access, workdir, ...deps }: ClusterDeps): ClusterParts {
  const { gluster, isOurs, network = systemNetwork } = access;
  const open: OpenRemoteEvents = (node, options) => openRemoteEvents(node, { ...options, network });
  const links = new NodeLinks({
    ...deps,
    look: async () => {
      const pool = await readPool({ gluster, workdir });
      const link = new PoolLink({ ...deps, gluster, workdir, pool });
      return { pool, ask: () => link.ask({ words: ["link"] }) };
    },
  });
  return { links, feed: new ClusterFeed({ ...deps, isOurs, links, open }) };
}
