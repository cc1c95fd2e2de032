/**
 * The tables of the spool, and how those of an older version become these.
 *
 * @module
 */

/** Marks the file as a spool (`PRAGMA application_id`): "glev" in ASCII. */
export const APPLICATION_ID = 0x676c6576;

/** The version of the tables (`PRAGMA user_version`). */
export const SCHEMA_VERSION = 2;

/** What a row takes beside its payload, roughly. */
export const ROW_BYTES = 96;

/**
 * `events` is the log, in the order of receipt; `end_bytes` is how much was logged up to and with
 * the row, so the size of any stretch is one subtraction.
 *
 * A cursor says how far a webhook is: all up to `done_seq` is done, and so are the ranges in
 * `done_beyond`. It began behind `start_seq`, so what matched is `max(seq) - start_seq`.
 *
 * `counted` is 1 where the event is one of those that matched, and 0 where a replay posts it once
 * more than it matched.
 */
export const SCHEMA = `
CREATE TABLE events (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  received_ms INTEGER NOT NULL,
  event TEXT NOT NULL,
  payload TEXT NOT NULL,
  end_bytes INTEGER NOT NULL
) STRICT;
CREATE INDEX events_by_id ON events (id);
CREATE TABLE cursors (
  webhook TEXT PRIMARY KEY,
  url TEXT NOT NULL,
  start_seq INTEGER NOT NULL,
  done_seq INTEGER NOT NULL,
  done_beyond TEXT NOT NULL DEFAULT '',
  delivered INTEGER NOT NULL DEFAULT 0,
  dead INTEGER NOT NULL DEFAULT 0,
  dropped INTEGER NOT NULL DEFAULT 0,
  replayed INTEGER NOT NULL DEFAULT 0,
  paused_ms INTEGER,
  pause_reason TEXT,
  failing_since_ms INTEGER,
  failing_for_ms INTEGER NOT NULL DEFAULT 0,
  failing_attempts INTEGER NOT NULL DEFAULT 0,
  failing_reason TEXT,
  wait_until_ms INTEGER NOT NULL DEFAULT 0,
  gap_id TEXT,
  gap_events INTEGER NOT NULL DEFAULT 0,
  gap_from_ms INTEGER NOT NULL DEFAULT 0,
  gap_to_ms INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE TABLE dead_letters (
  webhook TEXT NOT NULL,
  seq INTEGER NOT NULL,
  reason TEXT NOT NULL,
  given_up_ms INTEGER NOT NULL,
  counted INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (webhook, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX dead_letters_by_seq ON dead_letters (seq);
CREATE INDEX dead_letters_by_time ON dead_letters (given_up_ms);
CREATE TABLE replays (
  place INTEGER PRIMARY KEY AUTOINCREMENT,
  webhook TEXT NOT NULL,
  seq INTEGER NOT NULL,
  counted INTEGER NOT NULL
) STRICT;
CREATE INDEX replays_by_webhook ON replays (webhook, place);
CREATE UNIQUE INDEX replays_by_seq ON replays (seq, webhook);
CREATE TABLE attempts (
  place INTEGER PRIMARY KEY AUTOINCREMENT,
  at_ms INTEGER NOT NULL,
  webhook TEXT NOT NULL,
  ids TEXT NOT NULL,
  events TEXT NOT NULL,
  count INTEGER NOT NULL,
  status INTEGER,
  error TEXT,
  result TEXT NOT NULL,
  duration_ms INTEGER NOT NULL,
  answer TEXT NOT NULL,
  outcome TEXT NOT NULL,
  next_ms INTEGER
) STRICT;
CREATE TABLE totals (
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`;

/**
 * From version 1: the log has no sizes and no index, a cursor only one place, and there are no
 * attempts and replays.
 */
const FROM_VERSION_1 = `
ALTER TABLE events RENAME TO events_1;
ALTER TABLE cursors RENAME TO cursors_1;
ALTER TABLE dead_letters RENAME TO dead_letters_1;
ALTER TABLE totals RENAME TO totals_1;
${SCHEMA}
INSERT INTO events SELECT seq, id, received_ms, event, payload,
  sum(length(payload) + ${ROW_BYTES}) OVER (ORDER BY seq) FROM events_1;
INSERT INTO cursors (webhook, url, start_seq, done_seq, delivered, dead)
  SELECT webhook, url, start_seq, done_seq, delivered, dead FROM cursors_1;
INSERT INTO dead_letters (webhook, seq, reason, given_up_ms)
  SELECT webhook, seq, reason, given_up_ms FROM dead_letters_1;
INSERT INTO totals SELECT name, value FROM totals_1;
DROP TABLE events_1;
DROP TABLE cursors_1;
DROP TABLE dead_letters_1;
DROP TABLE totals_1;
`;

/** The SQL that makes the tables of the next version, by the version that the file has. */
export const MIGRATIONS: Readonly<Record<number, string>> = { 1: FROM_VERSION_1 };
