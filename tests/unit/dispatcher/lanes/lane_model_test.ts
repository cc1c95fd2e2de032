import { readVolumeFilter } from "../../../../src/event/volume_filter.ts";
import type { EventsWanted, Order } from "../../../../src/registry/schema.ts";
import { assert, assertEquals } from "../../../support/assert.ts";
import { type Random, withRandom } from "../../../support/random.ts";
import { answerWith, HOUR_MS, noAnswer } from "./lane_answers.ts";
import { LaneBench, type Posted } from "./lane_bench.ts";
import { LaneModel, type ModelSettings, volumeOf } from "./lane_model.ts";

const ROUNDS = 60;
const STEPS = 150;
const MOST_STEPS_TO_THE_END = 3000;
/** What the receiver rejects. */
const BAD = "bad";
const VOLUMES = ["gv1", "gv2", "gv3", ""];

function randomSettings(random: Random): ModelSettings {
  const order = random.pick<Order>(["fifo", "volume", "none"]);
  const concurrency = order === "fifo" ? 1 : 1 + random.below(6);
  return { order, concurrency, batch: random.pick([1, 1, 2, 5]) };
}

/** What the receiver may be wanted to get. */
const FILTERS: readonly EventsWanted[] = [[], ["!gv2"], ["gv1", "gv3"], ["!*"]].map((volumes) => {
  return { events: [], fields: [], volumes };
});

/** A lane whose receiver takes and fails requests at random, watched by the model. */
class Round implements AsyncDisposable {
  readonly #random: Random;
  readonly #settings: ModelSettings;
  readonly #model: LaneModel;
  readonly bench: LaneBench;
  isHealthy = false;
  readonly #stale = new Set<Posted>();
  #wanted: EventsWanted;
  #seenDead = 0;
  #seenFiltered = 0;
  #violation: unknown;

  constructor(random: Random) {
    this.#random = random;
    this.#settings = randomSettings(random);
    this.#model = new LaneModel(this.#settings);
    this.#wanted = random.pick(FILTERS);
    const wanted = this.#wanted;
    this.bench = new LaneBench({ ...this.#settings, wanted, retryForMs: 1000 * HOUR_MS });
    this.bench.answers = (posted) => {
      this.#seeOutcomes();
      try {
        for (const id of posted.ids.split("+")) {
          assert(this.#isWanted(id), `${id} is posted with ${Deno.inspect(this.#wanted)}`);
        }
        this.#model.begin(posted);
      } catch (error) {
        // The lane would take it for an attempt that failed.
        this.#violation ??= error;
      }
      return undefined;
    };
  }

  async step(number: number): Promise<void> {
    const random = this.#random;
    this.bench.random = random.next() / 2 ** 32;
    if (random.chance(0.3)) this.add(number);
    if (random.chance(0.3)) this.bench.lane.wake();
    if (random.chance(0.3)) await this.bench.pass(random.below(2000));
    if (random.chance(0.02)) this.resume();
    if (random.chance(0.03)) await this.changeFilter();
    await this.answerOne();
  }

  add(number: number): void {
    const random = this.#random;
    const volume = random.pick(VOLUMES);
    const id = `${volume}:${number}${random.chance(0.05) ? BAD : ""}`;
    const message = volume === "" ? {} : { name: volume };
    const padding = random.chance(0.05) ? "x".repeat(400_000) : "";
    const payload = JSON.stringify({ id, event_group: "VOLUME", message, padding });
    this.#model.add(id, payload.length);
    this.bench.spool.push({ id, payload });
  }

  resume(): void {
    this.#model.resume();
    this.bench.lane.resume();
  }

  async changeFilter(): Promise<void> {
    this.#model.resume();
    this.#wanted = this.#random.pick(FILTERS);
    for (const posted of this.bench.posted) if (!posted.isAnswered) this.#stale.add(posted);
    await this.bench.update({ wanted: this.#wanted });
  }

  #isWanted(id: string): boolean {
    return readVolumeFilter(this.#wanted.volumes).fits(volumeOf(id));
  }

  #seeOutcomes(): void {
    const { dead, filtered } = this.bench.spool;
    for (const [id] of dead.slice(this.#seenDead)) this.#model.giveUp(id);
    for (const id of filtered.slice(this.#seenFiltered)) this.#model.giveUp(id);
    this.#seenDead = dead.length;
    this.#seenFiltered = filtered.length;
  }

  async answerOne(): Promise<void> {
    if (this.#violation !== undefined) throw this.#violation;
    const random = this.#random;
    const waiting = this.bench.posted.filter(({ isAnswered }) => !isAnswered);
    if (waiting.length === 0) return;
    const posted = random.pick(waiting);
    const isFailing = !this.isHealthy && random.chance(0.3);
    const status = isFailing ? 503 : posted.ids.includes(BAD) ? 400 : 200;
    // What fails with settings of before is not held against anybody.
    const isHeld = status === 200 || !this.#stale.has(posted);
    this.#model.end(posted, isHeld ? status : 0);
    const isError = isFailing && random.chance(0.5);
    await this.bench.answer(isError ? noAnswer("reset") : answerWith(status), posted.ids);
  }

  check(): void {
    if (this.#violation !== undefined) throw this.#violation;
    const { finished, filtered, dead, events } = this.bench.spool;
    const all = events.map(({ id }) => id);
    const { order } = this.#settings;
    const ended = [...finished, ...filtered];
    assertEquals(ended.toSorted(), all.toSorted(), JSON.stringify(this.#settings));
    const ids = all.filter((id) => !filtered.includes(id));
    const bad = ids.filter((id) => id.endsWith(BAD));
    assertEquals(dead.map(([id]) => id).toSorted(), bad.toSorted());
    const groups = order === "none"
      ? []
      : order === "fifo"
      ? [VOLUMES]
      : VOLUMES.map((one) => [one]);
    for (const volumes of groups) {
      const isSame = (id: string) => volumes.includes(volumeOf(id));
      assertEquals(finished.filter(isSame), ids.filter(isSame), JSON.stringify(this.#settings));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.bench[Symbol.asyncDispose]();
  }
}

async function playRound(random: Random): Promise<void> {
  await using round = new Round(random);
  const { bench } = round;
  for (let number = 0; number < STEPS; number++) await round.step(number);
  round.isHealthy = true;
  bench.lane.wake();
  const { spool } = bench;
  const isDone = () => spool.finished.length + spool.filtered.length >= spool.events.length;
  for (let count = 0; count < MOST_STEPS_TO_THE_END && !isDone(); count++) {
    await round.answerOne();
    await bench.pass(1000);
  }
  round.check();
}

Deno.test("whatever happens, order, batches and limits hold and each event ends once", async () => {
  await withRandom(async (random) => {
    for (let round = 0; round < ROUNDS; round++) await playRound(random);
  });
});
