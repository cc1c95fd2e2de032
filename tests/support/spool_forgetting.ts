/**
 * Checks a step of forgetting against the plain model: which of the rows that may go are gone is
 * the spool's to choose, so the model takes that over once it is checked.
 *
 * @module
 */
import type { RetentionPolicy } from "../../src/spool/retention.ts";
import { assert, assertEquals } from "./assert.ts";
import type { SpoolBench } from "./spool_bench.ts";
import { dropInModel, filterOf, type ModelWebhook, type SpoolModel } from "./spool_model.ts";

type Limits = Pick<
  RetentionPolicy,
  "keepFromMs" | "historyMaxBytes" | "spoolMaxBytes" | "limit"
>;

/** Makes one step in both. */
export function assertForgotten(bench: SpoolBench, model: SpoolModel, limits: Limits): void {
  const gapIds = model.webhooks.map(({ name }) => bench.spool.gapOf(name)?.id);
  const places = bench.places();
  const { dropped } = bench.forget({ ...limits, filterOf });
  const isRoomShort = limits.spoolMaxBytes === 0;
  assert(isRoomShort || dropped.size === 0, `with room, ${Deno.inspect(dropped)} went`);
  const beforeMs = isRoomShort ? Infinity : limits.keepFromMs;
  const letters = model.webhooks.map((webhook) => forgetLetters(bench, webhook, beforeMs));
  const replays = model.webhooks.map((webhook) => forgetReplays(bench, webhook, isRoomShort));
  // Of the letters, as many as are old, and as many as are in the way.
  assert(sum(letters) <= 2 * limits.limit, `${letters} dead letters went at once`);
  assert(sum(replays) <= limits.limit, `${replays} replays went at once`);
  for (const [at, webhook] of model.webhooks.entries()) {
    const gone = dropped.get(webhook.name) ?? 0;
    const filtered = (bench.spool.cursor(webhook.name)?.filtered ?? 0) - webhook.filtered;
    assert(
      isRoomShort || filtered === 0,
      `with room, ${filtered} of ${webhook.name} were filtered`,
    );
    const events = gone - (replays[at] ?? 0);
    assertDropped(model, webhook, { dropped: events, filtered });
    if (events === 0) continue;
    const isNew = bench.spool.gapOf(webhook.name)?.id !== gapIds[at];
    assert(isNew, `the gap of ${webhook.name} grew and kept its id`);
  }
  assertKept(bench, model, places);
}

/** Of the oldest that wait, just those are filtered that the webhook does not want. */
function assertDropped(
  model: SpoolModel,
  webhook: ModelWebhook,
  counts: { dropped: number; filtered: number },
): void {
  const isWanted = filterOf(webhook.name) ?? (() => true);
  const gone = dropInModel(webhook, counts).flatMap((seq) => model.events[seq - 1] ?? []);
  const unwanted = gone.filter((event) => !isWanted(event)).length;
  assertEquals(unwanted, counts.filtered, `${webhook.name} does not want as many of what went`);
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
