/**
 * The tables of the spool, and how those of an older version become these.
 *
 * @module
 */

/** Marks the file as a spool (`PRAGMA application_id`): "glev" in ASCII. */
export const APPLICATION_ID = 0x676c6576;

/** The version of the tables (`PRAGMA user_version`). */
export const SCHEMA_VERSION = 4;

/** What a row takes beside its payload, roughly. */
export const ROW_BYTES = 96;

/**
 * `events` is the log, in the order of receipt; `end_bytes` is how much was logged up to and with
 * the row, so the size of any stretch is one subtraction.
 */
const EVENTS = `
CREATE TABLE events (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  received_ms INTEGER NOT NULL,
  event TEXT NOT NULL,
  payload TEXT NOT NULL,
  end_bytes INTEGER NOT NULL
) STRICT;
CREATE INDEX events_by_id ON events (id);
CREATE TABLE totals (
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`;

/**
 * A cursor says how far a webhook is: all up to `done_seq` is done, and so are the ranges in
 * `done_beyond`. It began behind `start_seq`, so what matched is `max(seq) - start_seq - filtered`. Of the
 * `dropped` events, the webhook was told of `gap_told`. Its number is never given away again, so
 * that renaming and removing it touch one row; what a removed one had goes bit by bit.
 *
 * `counted` is 1 where the event is one of those that matched, and 0 where a replay posts it once
 * more than it matched.
 */
const CURSORS = `
CREATE TABLE cursors (
  number INTEGER PRIMARY KEY,
  webhook TEXT NOT NULL UNIQUE,
  url TEXT NOT NULL,
  start_seq INTEGER NOT NULL,
  done_seq INTEGER NOT NULL,
  done_beyond TEXT NOT NULL DEFAULT '',
  delivered INTEGER NOT NULL DEFAULT 0,
  dead INTEGER NOT NULL DEFAULT 0,
  dropped INTEGER NOT NULL DEFAULT 0,
  filtered INTEGER NOT NULL DEFAULT 0,
  replayed INTEGER NOT NULL DEFAULT 0,
  paused_ms INTEGER,
  pause_reason TEXT,
  failing_since_ms INTEGER,
  failing_for_ms INTEGER NOT NULL DEFAULT 0,
  failing_attempts INTEGER NOT NULL DEFAULT 0,
  failing_reason TEXT,
  wait_until_ms INTEGER NOT NULL DEFAULT 0,
  wait_ms INTEGER NOT NULL DEFAULT 0,
  gap_id TEXT,
  gap_told INTEGER NOT NULL DEFAULT 0,
  gap_reason TEXT,
  gap_from_ms INTEGER NOT NULL DEFAULT 0,
  gap_to_ms INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE removed_cursors (
  number INTEGER PRIMARY KEY
) STRICT;
CREATE TABLE dead_letters (
  cursor INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  reason TEXT NOT NULL,
  given_up_ms INTEGER NOT NULL,
  counted INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (cursor, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX dead_letters_by_seq ON dead_letters (seq);
CREATE INDEX dead_letters_by_time ON dead_letters (given_up_ms, seq);
CREATE TABLE replays (
  place INTEGER PRIMARY KEY AUTOINCREMENT,
  cursor INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  counted INTEGER NOT NULL
) STRICT;
CREATE INDEX replays_by_cursor ON replays (cursor, place);
CREATE UNIQUE INDEX replays_by_seq ON replays (seq, cursor);
`;

/** `webhook` is the name at that time, for when the webhook is gone. */
const ATTEMPTS = `
CREATE TABLE attempts (
  place INTEGER PRIMARY KEY AUTOINCREMENT,
  at_ms INTEGER NOT NULL,
  cursor INTEGER,
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
`;

/** All tables. */
export const SCHEMA = EVENTS + CURSORS + ATTEMPTS;

/**
 * From version 1: the log has no sizes and no index, a cursor only one place and no number, and
 * there are no attempts and replays.
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
INSERT INTO dead_letters (cursor, seq, reason, given_up_ms)
  SELECT number, seq, reason, given_up_ms FROM dead_letters_1 JOIN cursors USING (webhook);
INSERT INTO totals SELECT name, value FROM totals_1;
INSERT INTO totals SELECT 'last_cursor', coalesce(max(number), 0) FROM cursors;
DROP TABLE events_1;
DROP TABLE cursors_1;
DROP TABLE dead_letters_1;
DROP TABLE totals_1;
`;

/** From version 2: cursors have no numbers, so all that belongs to them has their names. */
const FROM_VERSION_2 = `
DROP INDEX dead_letters_by_seq;
DROP INDEX dead_letters_by_time;
DROP INDEX replays_by_webhook;
DROP INDEX replays_by_seq;
ALTER TABLE cursors RENAME TO cursors_2;
ALTER TABLE dead_letters RENAME TO dead_letters_2;
ALTER TABLE replays RENAME TO replays_2;
${CURSORS}
INSERT INTO cursors (webhook, url, start_seq, done_seq, done_beyond, delivered, dead, dropped,
    replayed, paused_ms, pause_reason, failing_since_ms, failing_for_ms, failing_attempts,
    failing_reason, wait_until_ms, wait_ms, gap_id, gap_told, gap_reason, gap_from_ms, gap_to_ms)
  SELECT webhook, url, start_seq, done_seq, done_beyond, delivered, dead, dropped,
    replayed, paused_ms, pause_reason, failing_since_ms, failing_for_ms, failing_attempts,
    failing_reason, wait_until_ms, wait_until_ms, gap_id, dropped - gap_events, 'room',
    gap_from_ms, gap_to_ms FROM cursors_2;
INSERT INTO dead_letters
  SELECT number, seq, reason, given_up_ms, counted FROM dead_letters_2 JOIN cursors USING (webhook);
INSERT INTO replays SELECT place, number, seq, counted FROM replays_2 JOIN cursors USING (webhook)
  WHERE seq IN (SELECT seq FROM events);
ALTER TABLE attempts ADD COLUMN cursor INTEGER;
UPDATE attempts SET cursor = (SELECT number FROM cursors WHERE webhook = attempts.webhook);
INSERT INTO totals SELECT 'last_cursor', coalesce(max(number), 0) FROM cursors;
DROP TABLE cursors_2;
DROP TABLE dead_letters_2;
DROP TABLE replays_2;
`;

/** From version 3: no webhook has a filter. */
const FROM_VERSION_3 = `
ALTER TABLE cursors ADD COLUMN filtered INTEGER NOT NULL DEFAULT 0;
`;

/** How the tables of an older version become these, all at once. */
export const MIGRATIONS: Readonly<Record<number, string>> = {
  1: FROM_VERSION_1,
  2: FROM_VERSION_2,
  3: FROM_VERSION_3,
};
