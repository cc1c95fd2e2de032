// @ts-check
/**
 * What an event says, in a line: the server gives the words for each kind of event, with places in
 * braces for what the event names (`{volume} was started`).
 *
 * @module
 */

/** @typedef {Readonly<Record<string, unknown>>} Message */

const VOLUME_FIELDS = "volume Volume volume_name vol primary_volume master_volume primary master"
  .split(" ");
/** Events of these groups call it `name`. */
const NAMED_GROUPS = ["VOLUME", "BITROT"];
const BRICK_FIELDS = ["brick", "ta-brick", "source-brick", "brick_path"];
/** A part of a volume is named after it. */
const PART = /^(.+?)-(?:replicate|disperse|shard|client)-\d+$/;
/** A client tells the brick of which part it stands for. */
const CLIENT = /-PC_NAME:(.+)-client-\d+-RECON_NO:/;
const LONGEST_VALUE = 200;

/**
 * The line for an event.
 *
 * @param {{ event: string, event_group: string, message: unknown, host?: string }} event
 * @param {Readonly<Record<string, string>>} headlines The words for each kind of event.
 * @returns {string}
 */
export function eventWords({ event, event_group, message, host = "" }, headlines) {
  const fields = isMessage(message) ? message : {};
  const words = Object.hasOwn(headlines, event) ? headlines[event] : undefined;
  if (words === undefined) return listFields(fields);
  const names = namesIn(fields, { group: event_group, host });
  return words.replace(
    /\{(=?)([\w-]+)\}/g,
    (_, isField, name) =>
      isField === "" ? names(name) : firstText(fields, [name]) || `(no ${name})`,
  );
}

/**
 * @param {Message} fields
 * @param {{ group: string, host: string }} about
 * @returns {(kind: string) => string} What the event names of a kind, such as `volume gv1`.
 */
function namesIn(fields, { group, host }) {
  const volume = volumeIn(fields, group);
  // The one event that writes something behind it is that of a failed health check.
  const path = firstText(fields, BRICK_FIELDS).replace(/ timeout is \d+$/, "");
  const node = firstText(fields, ["peer", "primary_node", "master_node"]) || host;
  const brick = path.startsWith("/") && node !== "" ? `${node}:${path}` : path;
  const ofVolume = volume === "" ? "" : ` of volume ${volume}`;
  return (kind) => {
    if (kind === "session") return `geo-replication${ofVolume}`;
    if (kind === "worker") return named("brick", brick);
    if (kind === "brick") return named("brick", brick) + ofVolume;
    if (kind === "subvolume") return named("subvolume", firstText(fields, ["subvol"]));
    if (kind === "snapshot") return named("snapshot", firstText(fields, ["snapshot_name"]));
    if (kind === "service") return named("service", firstText(fields, ["svc_name"])) + ofVolume;
    if (kind === "peer") return named("peer", firstText(fields, ["peer", "host"]));
    return named("volume", volume);
  };
}

/**
 * @param {Message} fields
 * @param {string} group
 */
function volumeIn(fields, group) {
  const isCalledName = NAMED_GROUPS.includes(group);
  const named = firstText(fields, isCalledName ? [...VOLUME_FIELDS, "name"] : VOLUME_FIELDS);
  if (named !== "") return named;
  const part = firstText(fields, ["subvol"]);
  if (part !== "") return PART.exec(part)?.[1] ?? part;
  return CLIENT.exec(firstText(fields, ["client_uid"]))?.[1] ?? "";
}

/**
 * @param {string} what
 * @param {string} name
 */
function named(what, name) {
  return name === "" ? `a ${what}` : `${what} ${name}`;
}

/**
 * @param {Message} fields
 * @param {readonly string[]} names
 */
function firstText(fields, names) {
  for (const name of names) {
    const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
    // What Gluster writes for a text that it does not have.
    if (typeof value === "string" && value !== "" && value !== "(null)") return value;
  }
  return "";
}

/** @param {Message} fields */
function listFields(fields) {
  return Object.entries(fields).map(([name, value]) => {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    return `${name}=${text.slice(0, LONGEST_VALUE)}`;
  }).join(" ");
}

/**
 * @param {unknown} message
 * @returns {message is Message}
 */
function isMessage(message) {
  return typeof message === "object" && message !== null && !Array.isArray(message);
}
