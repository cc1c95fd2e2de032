/**
 * What has changed from one picture of the cluster to the next.
 *
 * @module
 */
import {
  bricksOf,
  type ClusterPicture,
  findVolume,
  type PartState,
  type PictureChange,
  type VolumePicture,
} from "../event/cluster_picture.ts";

/** A change as long as nobody has said when. */
type Change = Omit<PictureChange, "changed_at">;

/** A part of a picture. */
interface Part {
  readonly name: string;
  readonly changed_at: string | null;
}

/**
 * The new picture with the times at which its parts were seen to change, and the change to show.
 *
 * @param at When the new picture was drawn, RFC 3339.
 */
export function markChanges(
  { before, now }: { readonly before: ClusterPicture | undefined; readonly now: ClusterPicture },
  at: string,
): ClusterPicture {
  if (before === undefined) return now;
  const [first] = changesFrom(before, now);
  return {
    peers: mark(now.peers, { from: before.peers, sign: ({ state }) => state, at }),
    volumes: mark(now.volumes, { from: before.volumes, sign: signOf, at }).map((volume) => ({
      ...volume,
      bricks: mark(volume.bricks, {
        from: bricksOf(before, volume.name),
        sign: ({ state }) => state,
        at,
      }),
    })),
    last_change: first === undefined ? before.last_change : { ...first, changed_at: at },
  };
}

function signOf({ state, health }: VolumePicture): string {
  return `${state} ${health}`;
}

function mark<T extends Part>(
  parts: readonly T[],
  { from, sign, at }: {
    readonly from: readonly T[];
    readonly sign: (part: T) => string;
    readonly at: string;
  },
): T[] {
  return parts.map((part) => {
    const old = from.find(({ name }) => name === part.name);
    const isSame = old !== undefined && sign(old) === sign(part);
    return { ...part, changed_at: isSame ? old.changed_at : at };
  });
}

/** What comes first is what the others come from: a node takes its bricks along. */
function* changesFrom(before: ClusterPicture, now: ClusterPicture): Generator<Change> {
  yield* stateChanges({ before: before.peers, now: now.peers }, PEER_WORDS);
  yield* volumeChanges(before, now);
  for (const volume of now.volumes) {
    yield* stateChanges({ before: bricksOf(before, volume.name), now: volume.bricks }, BRICK_WORDS);
  }
}

function* volumeChanges(before: ClusterPicture, now: ClusterPicture): Generator<Change> {
  for (const { name, state } of now.volumes) {
    const old = findVolume(before, name);
    if (old === undefined) yield { kind: "volume", name, what: "created" };
    else if (old.state !== state) yield { kind: "volume", name, what: state };
  }
  for (const { name } of before.volumes) {
    if (findVolume(now, name) === undefined) {
      yield { kind: "volume", name, what: "deleted" };
    }
  }
}

interface StatefulPart extends Part {
  readonly state: PartState;
}

const STATE_WORDS: Readonly<Record<PartState, string>> = {
  up: "connected",
  down: "disconnected",
  unknown: "not known any more",
};

/** What to call parts that are new, and those that are no more. */
interface Words {
  readonly kind: "peer" | "brick";
  readonly came: string;
  readonly went: string;
}

const PEER_WORDS: Words = { kind: "peer", came: "joined", went: "left" };
const BRICK_WORDS: Words = { kind: "brick", came: "added", went: "removed" };

function* stateChanges(
  { before, now }: {
    readonly before: readonly StatefulPart[];
    readonly now: readonly StatefulPart[];
  },
  { kind, came, went }: Words,
): Generator<Change> {
  for (const { name, state } of now) {
    const old = before.find((part) => part.name === name);
    if (old === undefined) yield { kind, name, what: came };
    else if (old.state !== state) yield { kind, name, what: STATE_WORDS[state] };
  }
  for (const { name } of before) {
    if (!now.some((part) => part.name === name)) yield { kind, name, what: went };
  }
}
