/**
 * The tables of the spool.
 *
 * @module
 */

/** Marks the file as a spool (`PRAGMA application_id`): "glev" in ASCII. */
export const APPLICATION_ID = 0x676c6576;

/** The version of the tables (`PRAGMA user_version`). */
export const SCHEMA_VERSION = 1;

/**
 * `events` is the log, in the order of receipt. A cursor points to the last event that its webhook
 * is done with; `start_seq` is where it began, so what matched so far is `max(seq) - start_seq`.
 */
export const SCHEMA = `
CREATE TABLE events (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  received_ms INTEGER NOT NULL,
  event TEXT NOT NULL,
  payload TEXT NOT NULL
) STRICT;
CREATE TABLE cursors (
  webhook TEXT PRIMARY KEY,
  url TEXT NOT NULL,
  start_seq INTEGER NOT NULL,
  done_seq INTEGER NOT NULL,
  delivered INTEGER NOT NULL DEFAULT 0,
  dead INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE TABLE dead_letters (
  webhook TEXT NOT NULL,
  seq INTEGER NOT NULL,
  reason TEXT NOT NULL,
  given_up_ms INTEGER NOT NULL,
  PRIMARY KEY (webhook, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE totals (
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`;
