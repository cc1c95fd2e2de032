/**
 * Which volume an event is about.
 *
 * @module
 */

/** The fields that hold a volume's name, whatever the event. */
const VOLUME_FIELDS = "volume Volume volume_name vol primary_volume master_volume primary master"
  .split(" ");
/** Events of these groups call it `name`. */
const NAMED_GROUPS: ReadonlySet<unknown> = new Set(["VOLUME", "BITROT"]);
/** A part of a volume is named after it, for example `gv1-replicate-0`. */
const PART = /^(.+?)-(?:replicate|disperse|shard|client)-\d+$/;

/**
 * The volume's name, or an empty text if the event names none.
 *
 * @param payload The event's payload as JSON.
 */
export function volumeOf(payload: string): string {
  const { message, event_group: group } = JSON.parse(payload);
  const fields = NAMED_GROUPS.has(group) ? [...VOLUME_FIELDS, "name"] : VOLUME_FIELDS;
  const [volume = ""] = fields.map((field) => textOf(message, field)).filter((text) => text !== "");
  if (volume !== "") return volume;
  const part = textOf(message, "subvol");
  return PART.exec(part)?.[1] ?? part;
}

function textOf(message: Readonly<Record<string, unknown>> | undefined, field: string): string {
  const value = message?.[field];
  return typeof value === "string" ? value : "";
}
