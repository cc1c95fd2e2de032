/**
 * What events say of bricks.
 *
 * @module
 */
import { bricksOf, findVolume, type PartState } from "./cluster_picture.ts";
import { isSameHost, withBrick, withoutBricks, withVolume } from "./draw_parts.ts";
import { type Draw, type Draws, isLateVolume } from "./draw_told.ts";
import { firstText } from "./event_facts.ts";
import { brickPart, volumePart } from "./part_names.ts";

/** A brick of the volume that the event names; a brick is of a volume that is started. */
function brick(state: PartState, what: string): Draw {
  return (picture, told) => {
    const { facts: { volume, brick }, at, order } = told;
    if (volume === "" || brick === "") return picture;
    const stroke = { at, what };
    const isRunning = state === "up" || what === DISCONNECTED;
    // It was before the volume was stopped.
    if (isRunning && isLateVolume(told) && findVolume(picture, volume)?.state !== "started") {
      return picture;
    }
    if (!order.take(brickPart(volume, brick))) return picture;
    const started = isRunning && order.take(volumePart(volume))
      ? withVolume(picture, volume, { state: "started", at, what: "is started" })
      : picture;
    return withBrick(started, { volume, brick }, { state, detail: what, ...stroke });
  };
}

const CONNECTED = "connected";
const DISCONNECTED = "lost touch with its glusterd";

/** A brick whose volume is not named: the brick of this name, or the only one that can be meant. */
function brickAlone(what: string): Draw {
  return (picture, { facts, at, order }) => {
    const volume = facts.volume === "" ? undefined : facts.volume;
    const all = picture.volumes.flatMap(({ name, bricks }) =>
      volume === undefined || volume === name
        ? bricks.map((brick) => ({ volume: name, brick: brick.name }))
        : []
    );
    const [host = "", path = ""] = splitBrick(facts.brick);
    const meant = all.filter(({ brick }) => splitBrick(brick)[1] === path);
    const found = meant.find(({ brick }) => isSameHost(splitBrick(brick)[0], host)) ??
      (meant.length === 1 ? meant[0] : undefined);
    if (found === undefined || !order.take(brickPart(found.volume, found.brick))) return picture;
    const error = firstText(facts.payload.message, ["error"]);
    const detail = error === "" ? what : `${what}: ${error}`;
    return withBrick(picture, found, { state: "down", detail, at, what });
  };
}

/** `HOST:/PATH` in two. */
function splitBrick(brick: string): [host: string, path: string] {
  const at = brick.indexOf(":/");
  return at < 0 ? ["", brick] : [brick.slice(0, at), brick.slice(at + 1)];
}

const replaceBrick: Draw = (picture, told) => {
  const { facts: { volume, payload }, at, order } = told;
  const source = firstText(payload.message, ["source-brick"]);
  const target = firstText(payload.message, ["destination-brick"]);
  if (volume === "" || source === "" || target === "") return picture;
  const stroke = { at, what: "was replaced" };
  const drawn = source === target || !order.take(brickPart(volume, source))
    ? picture
    : withoutBricks(picture, { volume, bricks: [source] }, stroke);
  // It may have connected before this is told.
  const known = bricksOf(drawn, volume).find(({ name }) => name === target);
  if (known?.state === "up" || !order.take(brickPart(volume, target))) return drawn;
  const detail = "has not connected yet";
  return withBrick(drawn, { volume, brick: target }, { detail, at, what: "was put in" });
};

const takeBrickOut: Draw = (picture, { facts: { volume, brick }, at, order }) =>
  volume === "" || brick === "" || !order.take(brickPart(volume, brick))
    ? picture
    : withBrick(picture, { volume, brick }, {
      state: "unknown",
      detail: "is taken out for a reset",
      at,
      what: "was taken out for a reset",
    });

/** Events of bricks. */
export const BRICK_DRAWS: Draws = {
  BRICK_CONNECTED: brick("up", CONNECTED),
  BRICK_DISCONNECTED: brick("down", DISCONNECTED),
  BRICK_START_FAILED: brick("down", "could not be started"),
  BRICK_REPLACE: replaceBrick,
  BRICK_RESET_START: takeBrickOut,
  BRICK_RESET_COMMIT: replaceBrick,
  POSIX_HEALTH_CHECK_FAILED: brickAlone("its disk fails"),
  POSIX_ALREADY_PART_OF_VOLUME: brickAlone("its folder belongs to another volume"),
  POSIX_BRICK_NOT_IN_VOLUME: brickAlone("its folder has no mark of the volume"),
  POSIX_BRICK_VERIFICATION_FAILED: brickAlone("the mark of its folder cannot be read"),
};
