/**
 * The cluster as a daemon tells it. Others build on these names: a field once published stays.
 *
 * @module
 */
import type { ClusterPicture } from "../event/cluster_picture.ts";
import { HintedError } from "../std/hinted_error.ts";

/** The answer of `GET /v1/cluster`. */
export interface ClusterAnswer extends ClusterPicture {
  /** When glusterd told it, RFC 3339; `null` if it has told nothing yet. */
  readonly refreshed_at: string | null;
  /** Whether nothing has happened since that may have changed it. */
  readonly confirmed: boolean;
  /** Why it is not as new as it should be. */
  readonly problem: string | null;
}

/** This daemon has nothing to do with a pool, or the machine has no `gluster` command. */
export class NoClusterError extends HintedError {
  override readonly name = "NoClusterError";

  constructor() {
    super(
      "There is no cluster to tell of: this node has no gluster command, or the daemon runs on its own",
      "install glusterfs-server, and run the daemon without --local",
    );
  }
}
