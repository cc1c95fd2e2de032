/**
 * Which events open an alert that others close, and what both name alike.
 *
 * @module
 */

/** A part of a label set that an event fills in; how is up to `alert_labels.ts`. */
export type AlertLabel =
  | "volume"
  | "brick"
  /** The brick as the node that says it calls it: its own host name and the path. */
  | "own brick"
  | "peer"
  | "subvolume"
  | "service"
  | "secondary"
  | "secondary volume";

/** A failure, and what ends it. */
export interface AlertRule {
  /** The event that opens the alert and gives it its name and severity. */
  readonly opens: string;
  /** The events that close it. */
  readonly closes: readonly string[];
  /** What tells one such alert from another. */
  readonly labels: readonly AlertLabel[];
  /**
   * Whether any node of the pool can say that it is over: so it is with what a command does, which
   * may be given on another node. Otherwise an alert is what one node sees, and only that node
   * closes it.
   */
  readonly isPoolWide?: boolean;
}

/**
 * All rules. Left out are pairs whose halves name different things or none (`BITROT_DISABLE`,
 * `SNAPSHOT_SCHEDULER_DISABLED`), those that are meant to last (`QUOTA_DISABLE`), and clients, which
 * come and go.
 */
export const ALERT_RULES: readonly AlertRule[] = [
  rule("BRICK_DISCONNECTED", "BRICK_CONNECTED", ["volume", "brick"]),
  rule("BRICK_START_FAILED", "BRICK_CONNECTED", ["volume", "brick"]),
  // The process of a brick knows its volume not by name, and its node by another name than glusterd.
  rule("POSIX_HEALTH_CHECK_FAILED", "BRICK_CONNECTED", ["own brick"]),
  rule("POSIX_BRICK_NOT_IN_VOLUME", "BRICK_CONNECTED", ["own brick"]),
  rule("POSIX_ALREADY_PART_OF_VOLUME", "BRICK_CONNECTED", ["own brick"]),
  rule("POSIX_BRICK_VERIFICATION_FAILED", "BRICK_CONNECTED", ["own brick"]),
  rule("PEER_DISCONNECT", "PEER_CONNECT", ["peer"]),
  rule("QUORUM_LOST", "QUORUM_REGAINED", ["volume"]),
  rule("SVC_DISCONNECTED", "SVC_CONNECTED", ["service", "volume"]),
  // Not the process that lost them: heal commands look once and are gone before it is over.
  rule("AFR_QUORUM_FAIL", "AFR_QUORUM_MET", ["volume", "subvolume"]),
  rule("AFR_SUBVOLS_DOWN", "AFR_SUBVOL_UP", ["volume", "subvolume"]),
  rule("EC_MIN_BRICKS_NOT_UP", "EC_MIN_BRICKS_UP", ["volume", "subvolume"]),
  // Without the secondary's host, which one of the two writes with a user in front.
  rule("GEOREP_FAULTY", "GEOREP_ACTIVE GEOREP_PASSIVE", ["volume", "brick", "secondary volume"]),
  rule("REBALANCE_START_FAILED", "VOLUME_REBALANCE_COMPLETE", ["volume"]),
  rule("VOLUME_REBALANCE_FAILED", "VOLUME_REBALANCE_COMPLETE", ["volume"]),
  rule("TIER_WATERMARK_HI", "TIER_WATERMARK_DROPPED_TO_MID TIER_WATERMARK_DROPPED_TO_LOW", [
    "volume",
  ]),
  command("VOLUME_STOP", "VOLUME_START VOLUME_DELETE", ["volume"]),
  command("BRICK_RESET_START", "BRICK_RESET_COMMIT BRICK_REPLACE", ["volume", "brick"]),
  command("GEOREP_STOP", "GEOREP_START GEOREP_DELETE", ["volume", "secondary"]),
  command("GEOREP_PAUSE", "GEOREP_RESUME GEOREP_START GEOREP_STOP GEOREP_DELETE", [
    "volume",
    "secondary",
  ]),
];

function rule(opens: string, closes: string, labels: readonly AlertLabel[]): AlertRule {
  return { opens, closes: closes.split(" "), labels };
}

function command(opens: string, closes: string, labels: readonly AlertLabel[]): AlertRule {
  return { ...rule(opens, closes, labels), isPoolWide: true };
}
