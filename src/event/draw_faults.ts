/**
 * What clients and nodes say is wrong with parts of volumes, and that it is so no more.
 *
 * @module
 */
import { beginningOf } from "../std/beginning_of.ts";
import { type ClusterPicture, findVolume, type VolumeFault } from "./cluster_picture.ts";
import { withVolume } from "./draw_parts.ts";
import type { Draw, Draws, Told } from "./draw_told.ts";
import { faultPart } from "./part_names.ts";

/** Of the name of who tells of a fault. */
const LONGEST_TELLER = 256;

/** Something is wrong with a part of a volume, as a client or a node says. */
function fault(isDown: boolean, detail: string): Draw {
  return (picture, told) =>
    changeFaults(picture, told, (faults, part) => [
      ...faults.filter((known) => known.part !== part || (known.is_down && !isDown)),
      ...faults.some((known) => known.part === part && known.is_down && !isDown)
        ? []
        : [{ part, is_down: isDown, detail: `${part} ${detail}` }],
    ]);
}

const MOST_FAULTS = 64;

/** It is not any more. @param isOnlyUp Whether it only says that not all of the part is gone. */
function mended(isOnlyUp: boolean): Draw {
  return (picture, told) =>
    changeFaults(
      picture,
      told,
      (faults, part) =>
        faults.filter((known) => known.part !== part || (isOnlyUp && !known.is_down)),
    );
}

function changeFaults(
  picture: ClusterPicture,
  { facts: { volume, subvolume }, at, teller, order }: Told,
  change: (faults: readonly VolumeFault[], part: string) => readonly VolumeFault[],
): ClusterPicture {
  if (volume === "") return picture;
  const part = beginningOf(subvolume || teller, LONGEST_TELLER);
  if (!order.take(faultPart(volume, part))) return picture;
  const known = findVolume(picture, volume);
  const before = known?.faults ?? [];
  const faults = change(before, part).slice(-MOST_FAULTS);
  const isSame = faults.length === before.length &&
    faults.every((each, index) => each.detail === before[index]?.detail);
  const type = typeOf(subvolume) ?? known?.type ?? null;
  if (isSame && known !== undefined && type === known.type) return picture;
  // Clients talk only to volumes that are started; one that is stopped may be heard of still.
  const state = known === undefined || known.state === "unknown" ? "started" : known.state;
  const told = faults.at(-1)?.detail;
  const detail = isSame ? known?.detail ?? "" : told ?? "all of it can be used again";
  const kept = state === "started" ? { faults, detail } : {};
  return withVolume(picture, volume, { type, state, ...kept, at, what: "is started" });
}

/** What the name of a part tells of its volume. */
function typeOf(subvolume: string): string | undefined {
  if (/-replicate-\d+$/.test(subvolume)) return "Replicate";
  return /-disperse-\d+$/.test(subvolume) ? "Disperse" : undefined;
}

/** Events of parts of volumes. */
export const FAULT_DRAWS: Draws = {
  QUORUM_LOST: fault(true, "lost the server quorum"),
  QUORUM_REGAINED: mended(false),
  AFR_SUBVOLS_DOWN: fault(true, "has no brick left"),
  AFR_QUORUM_FAIL: fault(false, "cannot be written to"),
  AFR_QUORUM_MET: mended(false),
  AFR_SUBVOL_UP: mended(true),
  EC_MIN_BRICKS_NOT_UP: fault(true, "has too few bricks"),
  EC_MIN_BRICKS_UP: mended(false),
};
