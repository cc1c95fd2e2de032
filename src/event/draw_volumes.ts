/**
 * What events say of volumes, and of the bricks that somebody gives to them or takes away.
 *
 * @module
 */
import { bricksOf, type VolumePicture } from "./cluster_picture.ts";
import { withBrick, withoutBricks, withoutVolume, withVolume } from "./draw_parts.ts";
import { type Draw, type Draws, isLateVolume, isThere, type Told } from "./draw_told.ts";
import { firstText } from "./event_facts.ts";
import { brickPart, volumePart } from "./part_names.ts";

function volume(what: string, change: Partial<VolumePicture> = {}): Draw {
  return (picture, { facts, at, order }) => {
    if (facts.volume === "") return picture;
    const part = volumePart(facts.volume);
    // Only what changes its state makes others late.
    const isTaken = change.state === undefined ? !order.isLate(part) : order.take(part);
    return isTaken
      ? withVolume(picture, facts.volume, { detail: what, ...change, at, what })
      : picture;
  };
}

/** What is only told of a volume that is there already. */
function note(detail: string): Draw {
  return (picture, told) => isThere(picture, told) ? volume(detail)(picture, told) : picture;
}

const createVolume: Draw = (picture, told) => {
  const created = volume("was created", { state: "created", bricks: [], faults: [] });
  return addBricks("belongs to a volume that is not started")(created(picture, told), told);
};

const startVolume: Draw = (picture, told) => {
  const bricks = bricksOf(picture, told.facts.volume).map((brick) =>
    brick.state === "unknown" ? { ...brick, detail: "has not connected yet" } : brick
  );
  return volume("was started", { state: "started", bricks })(picture, told);
};

const stopVolume: Draw = (picture, told) => {
  const { facts: { volume: name }, at, order } = told;
  if (isLateVolume(told)) return picture;
  const bricks = bricksOf(picture, told.facts.volume).map((brick) =>
    order.take(brickPart(name, brick.name))
      ? {
        ...brick,
        state: "unknown" as const,
        detail: "the volume is stopped",
        changed_at: brick.state === "unknown" ? brick.changed_at : at,
      }
      : brick
  );
  return volume("was stopped", { state: "stopped", bricks, faults: [] })(picture, told);
};

const deleteVolume: Draw = (picture, { facts, at, order }) =>
  order.take(volumePart(facts.volume))
    ? withoutVolume(picture, facts.volume, { at, what: "was deleted" })
    : picture;

const cloneVolume: Draw = (picture, { facts, at, order }) => {
  const name = firstText(facts.payload.message, ["clone_name"]);
  const detail = `was cloned from ${facts.snapshot}`;
  return name === "" || !order.take(volumePart(name))
    ? picture
    : withVolume(picture, name, { state: "created", detail, at, what: "was cloned" });
};

/** The bricks that an event lists. */
function listed({ facts: { payload } }: Told): string[] {
  const text = firstText(payload.message, ["bricks"]).trim();
  // A path can have blanks; what stands before it cannot.
  return text === "" ? [] : text.split(/ +(?=[^ /]+:\/)/).map((brick) => brick.trim());
}

/** Adds the listed bricks; what is known of one already stays. */
function addBricks(detail: string): Draw {
  return (picture, told) => {
    const { facts: { volume }, at, order } = told;
    const known = new Set(bricksOf(picture, told.facts.volume).map(({ name }) => name));
    const added = listed(told).filter((brick) =>
      !known.has(brick) && order.take(brickPart(volume, brick))
    );
    return added.reduce(
      (drawn, brick) => withBrick(drawn, { volume, brick }, { detail, at, what: "was added" }),
      picture,
    );
  };
}

const growVolume: Draw = (picture, told) =>
  note("bricks were added")(addBricks("has not connected yet")(picture, told), told);

const shrinkVolume: Draw = (picture, told) => {
  const { facts: { volume }, at, order } = told;
  const stroke = { at, what: "was removed" };
  const bricks = listed(told).filter((brick) => order.take(brickPart(volume, brick)));
  const drawn = withoutBricks(picture, { volume, bricks }, stroke);
  return note("bricks were removed")(drawn, told);
};

/** Says something of the listed bricks that are there, and of their volume. */
function markBricks(detail: string, ofVolume: string): Draw {
  return (picture, told) => {
    const { facts: { volume }, at, order } = told;
    const known = new Set(bricksOf(picture, told.facts.volume).map(({ name }) => name));
    const marked = listed(told).filter((brick) =>
      known.has(brick) && !order.isLate(brickPart(volume, brick))
    );
    const drawn = marked.reduce(
      (drawn, brick) => withBrick(drawn, { volume, brick }, { detail, at, what: detail }),
      picture,
    );
    return note(ofVolume)(drawn, told);
  };
}

/** Events of volumes. */
export const VOLUME_DRAWS: Draws = {
  VOLUME_CREATE: createVolume,
  VOLUME_START: startVolume,
  VOLUME_STOP: stopVolume,
  VOLUME_DELETE: deleteVolume,
  VOLUME_SET: note("options were changed"),
  VOLUME_RESET: note("options were reset"),
  VOLUME_ADD_BRICK: growVolume,
  VOLUME_REMOVE_BRICK_START: markBricks("is being emptied", "bricks are being removed"),
  VOLUME_REMOVE_BRICK_STOP: markBricks("stays, its removal was stopped", "no brick is removed"),
  VOLUME_REMOVE_BRICK_COMMIT: shrinkVolume,
  VOLUME_REMOVE_BRICK_FORCE: shrinkVolume,
  VOLUME_REBALANCE_START: note("a rebalance is running"),
  VOLUME_REBALANCE_STOP: note("the rebalance was stopped"),
  VOLUME_REBALANCE_FAILED: note("the rebalance failed"),
  VOLUME_REBALANCE_COMPLETE: note("the rebalance is done"),
  REBALANCE_START_FAILED: note("the rebalance could not be started"),
  COMPARE_FRIEND_VOLUME_FAILED: note("the nodes do not agree about it"),
  IMPORT_VOLUME_FAILED: note("a node could not take over its definition"),
  SNAPSHOT_CREATED: note("a snapshot was taken"),
  SNAPSHOT_RESTORED: note("was rolled back to a snapshot"),
  SNAPSHOT_CLONED: cloneVolume,
};
