/**
 * Checks a step of forgetting against the plain model: which of the rows that may go are gone is
 * the spool's to choose, so the model takes that over once it is checked.
 *
 * @module
 */
import type { RetentionPolicy } from "../../src/spool/retention.ts";
import { assert, assertEquals } from "./assert.ts";
import type { SpoolBench } from "./spool_bench.ts";
import { dropInModel, type ModelWebhook, type SpoolModel } from "./spool_model.ts";

type Limits = Pick<
  RetentionPolicy,
  "keepFromMs" | "historyMaxBytes" | "spoolMaxBytes" | "limit"
>;

/** Makes one step in both. */
export function assertForgotten(bench: SpoolBench, model: SpoolModel, limits: Limits): void {
  const gapIds = model.webhooks.map(({ name }) => bench.spool.gapOf(name)?.id);
  const places = bench.places();
  const { dropped } = bench.forget(limits);
  const isRoomShort = limits.spoolMaxBytes === 0;
  assert(isRoomShort || dropped.size === 0, `with room, ${Deno.inspect(dropped)} went`);
  const beforeMs = isRoomShort ? Infinity : limits.keepFromMs;
  const letters = model.webhooks.map((webhook) => forgetLetters(bench, webhook, beforeMs));
  const replays = model.webhooks.map((webhook) => forgetReplays(bench, webhook, isRoomShort));
  // Of the letters, as many as are old, and as many as are in the way.
  assert(sum(letters) <= 2 * limits.limit, `${letters} dead letters went at once`);
  assert(sum(replays) <= limits.limit, `${replays} replays went at once`);
  for (const [webhook, gone] of dropped) {
    const known = model.find(webhook);
    assert(known !== undefined && gone > 0, `${gone} of ${webhook} were dropped`);
    const events = gone - (replays[model.webhooks.indexOf(known)] ?? 0);
    if (events === 0) continue;
    dropInModel(known, events);
    const id = gapIds[model.webhooks.indexOf(known)];
    assert(bench.spool.gapOf(webhook)?.id !== id, `the gap of ${webhook} grew and kept its id`);
  }
  assertKept(bench, model, places);
}

/** What somebody needs is there, and nothing came back. */
function assertKept(bench: SpoolBench, model: SpoolModel, before: readonly number[]): void {
  const left = new Set(bench.places());
  const missing = [...model.needed()].filter((seq) => !left.has(seq));
  assertEquals(missing, [], "events that are needed are gone");
  assert([...left].every((seq) => before.includes(seq)), "events came back");
}

function forgetLetters(bench: SpoolBench, webhook: ModelWebhook, beforeMs: number): number {
  const left = new Set(bench.deadLetters(webhook.name));
  const gone = [...webhook.letters].filter(([seq]) => !left.has(seq));
  for (const [seq, { givenUpMs }] of gone) {
    assert(givenUpMs < beforeMs, `the dead letter ${seq} of ${webhook.name} is too young to go`);
    webhook.letters.delete(seq);
  }
  return gone.length;
}

/** The oldest went, and those that matched count as dropped. */
function forgetReplays(bench: SpoolBench, webhook: ModelWebhook, isRoomShort: boolean): number {
  const left = bench.spool.readReplays(webhook.name, { afterPlace: 0, limit: 1e6 });
  const gone = webhook.replays.splice(0, webhook.replays.length - left.length);
  assert(isRoomShort || gone.length === 0, `${gone.length} replays of ${webhook.name} went`);
  const matched = gone.filter(({ counted }) => counted === 1).length;
  webhook.dropped += matched;
  webhook.gapEvents += matched;
  return gone.length;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
