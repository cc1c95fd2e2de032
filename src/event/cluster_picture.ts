/**
 * What a cluster looks like: its peers, its volumes and their bricks. The test hook draws it from
 * events alone, a daemon from what glusterd tells. Others build on these names: a field once
 * published stays.
 *
 * @module
 */

/** Whether a part answers; `unknown` if nothing was said of it yet. */
export type PartState = "up" | "down" | "unknown";

/** A node of the trusted pool. */
export interface PeerPicture {
  /** Its host name, else its UUID. */
  readonly name: string;
  readonly uuid: string | null;
  readonly state: PartState;
  /** Why it is so, in a few words; may be empty. */
  readonly detail: string;
  /** When the state changed last, RFC 3339; `null` if it was not seen to change. */
  readonly changed_at: string | null;
}

/** A brick of a volume. */
export interface BrickPicture {
  /** `HOST:/PATH`. */
  readonly name: string;
  readonly state: PartState;
  readonly detail: string;
  readonly changed_at: string | null;
}

/** Something that is wrong with a part of a volume. */
export interface VolumeFault {
  /** Such as `gv1-replicate-0`, or the node that says it. */
  readonly part: string;
  /** Whether nothing of the part can be used; otherwise it only cannot be written to. */
  readonly is_down: boolean;
  readonly detail: string;
}

/** A volume. */
export interface VolumePicture {
  readonly name: string;
  /** Such as `Replicate`; `null` if nobody said. */
  readonly type: string | null;
  readonly state: "created" | "started" | "stopped" | "unknown";
  /** Of a started volume: whether all, some or none of it can be reached. */
  readonly health: "ok" | "degraded" | "down" | "unknown";
  readonly detail: string;
  readonly changed_at: string | null;
  readonly bricks: readonly BrickPicture[];
  /** What clients and nodes say is wrong with it; absent where nobody asks them. */
  readonly faults?: readonly VolumeFault[];
}

/** What changed last. */
export interface PictureChange {
  readonly kind: "peer" | "volume" | "brick";
  /** The name of the part. */
  readonly name: string;
  /** What happened, such as `started` or `disconnected`. */
  readonly what: string;
  readonly changed_at: string;
}

/** The whole picture; lists are sorted by name. */
export interface ClusterPicture {
  readonly peers: readonly PeerPicture[];
  readonly volumes: readonly VolumePicture[];
  readonly last_change: PictureChange | null;
}

/** Of a cluster of which nothing is known. */
export const EMPTY_PICTURE: ClusterPicture = { peers: [], volumes: [], last_change: null };

/** The volume of this name, if it is there. */
export function findVolume({ volumes }: ClusterPicture, name: string): VolumePicture | undefined {
  return volumes.find((volume) => volume.name === name);
}

/** The bricks of a volume; none if it is not there. */
export function bricksOf(picture: ClusterPicture, volume: string): readonly BrickPicture[] {
  return findVolume(picture, volume)?.bricks ?? [];
}

/** Sorts parts of a picture as its lists are. */
export function byName(one: { readonly name: string }, other: { readonly name: string }): number {
  return one.name < other.name ? -1 : Number(one.name > other.name);
}
