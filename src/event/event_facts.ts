/**
 * What an event is about, whatever names its fields have.
 *
 * @module
 */
import type { EventPayload, Message } from "./event.ts";
import { volumeIn } from "./volume_of.ts";

/** The parts of Gluster that an event names; an empty text stands for one that it does not name. */
export interface EventFacts {
  readonly payload: EventPayload;
  readonly volume: string;
  /** `HOST:/PATH`. */
  readonly brick: string;
  /** A host name. */
  readonly peer: string;
  /** A part of a volume, for example `gv1-replicate-0`. */
  readonly subvolume: string;
  readonly snapshot: string;
  /** A process beside glusterd and the bricks, for example `glustershd`. */
  readonly service: string;
}

/** Reads the payload of an event. */
export function readFacts(text: string): EventFacts {
  return factsOf(JSON.parse(text));
}

/** The same of a payload that is parsed already. */
export function factsOf(payload: EventPayload): EventFacts {
  const first = (...fields: string[]) => firstText(payload.message, fields);
  const volume = volumeIn(payload);
  return {
    payload,
    volume: isNone(volume) ? "" : volume,
    brick: brickOf(payload),
    peer: first("peer", "host"),
    subvolume: first("subvol"),
    snapshot: first("snapshot_name"),
    service: first("svc_name"),
  };
}

/** The first of the fields that has a text. */
export function firstText(message: Message | undefined, fields: readonly string[]): string {
  for (const field of fields) {
    const value = message?.[field];
    if (typeof value === "string" && !isNone(value)) return value;
  }
  return "";
}

/**
 * What the event is mainly about, as a path: `brick/HOST:/PATH`, `volume/NAME`, `peer/HOST`,
 * `snapshot/NAME` or `service/NAME`; `undefined` if it names none of them.
 */
export function subjectOf({ payload, ...facts }: EventFacts): string | undefined {
  const { volume, brick, peer, snapshot, service } = facts;
  // A session of geo-replication is about the volume; the brick is only where its worker runs.
  if (brick !== "" && payload.event_group !== "GEOREP") return `brick/${brick}`;
  if (volume !== "") return `volume/${volume}`;
  if (peer !== "") return `peer/${peer}`;
  if (snapshot !== "") return `snapshot/${snapshot}`;
  return service === "" ? undefined : `service/${service}`;
}

function brickOf({ event, message, host }: EventPayload): string {
  const named = firstText(message, ["brick", "ta-brick", "source-brick", "brick_path"]);
  // The one event that writes something behind it.
  const brick = event === "POSIX_HEALTH_CHECK_FAILED"
    ? named.replace(/ timeout is \d+$/, "")
    : named;
  if (!brick.startsWith("/")) return brick;
  // What names no host is said by a process on the brick's node, and to the daemon there.
  const node = firstText(message, ["peer", "primary_node", "master_node"]) || host;
  return node === undefined || node === "" ? brick : `${node}:${brick}`;
}

/** What Gluster writes for a text that it does not have. */
function isNone(text: string): boolean {
  return text === "" || text === "(null)";
}
