/**
 * Which volume an event is about.
 *
 * @module
 */
import { type EventType, isFieldOf } from "./catalog.ts";

/** The fields that hold a volume's name, whatever the event. */
const VOLUME_FIELDS = "volume Volume volume_name vol primary_volume master_volume primary master"
  .split(" ");
/** Events of these groups call it `name`. */
const NAMED_GROUPS: ReadonlySet<unknown> = new Set(["VOLUME", "BITROT"]);
const FIELDS_WITH_NAME = [...VOLUME_FIELDS, "name"];
/** A part of a volume is named after it, for example `gv1-replicate-0`. */
const PART = /^(.+?)-(?:replicate|disperse|shard|client)-\d+$/;
/** A client tells the brick of which part it stands for (`PC_NAME` in its name for itself). */
const CLIENT = /-PC_NAME:(.+)-client-\d+-RECON_NO:/;

/** What decides which volume it is. */
export interface AboutVolume {
  readonly event_group?: unknown;
  readonly message?: unknown;
}

/**
 * The volume's name, or an empty text if the event names none.
 *
 * @param payload The event's payload as JSON.
 */
export function volumeOf(payload: string): string {
  return volumeIn(JSON.parse(payload));
}

/** The same of a payload that is parsed already. */
export function volumeIn({ event_group: group, message }: AboutVolume): string {
  if (typeof message !== "object" || message === null) return "";
  const texts = message as Readonly<Record<string, unknown>>;
  for (const field of NAMED_GROUPS.has(group) ? FIELDS_WITH_NAME : VOLUME_FIELDS) {
    const volume = textOf(texts, field);
    if (volume !== "") return volume;
  }
  const part = textOf(texts, "subvol");
  if (part !== "") return PART.exec(part)?.[1] ?? part;
  return CLIENT.exec(textOf(texts, "client_uid"))?.[1] ?? "";
}

/** Whether events of a type can name a volume, as far as the catalog lists their fields. */
export function mayNameVolume(type: EventType): boolean {
  const fields = NAMED_GROUPS.has(type.group) ? FIELDS_WITH_NAME : VOLUME_FIELDS;
  return [...fields, "subvol", "client_uid"].some((field) => isFieldOf(type, field));
}

function textOf(message: Readonly<Record<string, unknown>>, field: string): string {
  const value = message[field];
  // What Gluster writes for a name that it does not have.
  return typeof value === "string" && value !== "(null)" ? value : "";
}
