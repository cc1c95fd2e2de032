/**
 * The scenarios of `scripts/deno task soak`, each for a few seconds.
 *
 * @module
 */
import { withRandom } from "../support/random.ts";
import { testNeeding } from "../support/requirements.ts";
import { backlog } from "../soak/backlog.ts";
import { badReceivers } from "../soak/bad_receivers.ts";
import { crash } from "../soak/crash.ts";
import { fullDisk } from "../soak/full_disk.ts";
import { isolation } from "../soak/isolation.ts";
import { reloads } from "../soak/reloads.ts";
import type { Surroundings } from "../soak/scenario.ts";
import { testHook } from "../soak/test_hook.ts";

/** Nobody reads along, and nobody ends it. */
const ALONE: Surroundings = { report: () => {}, signal: new AbortController().signal };

testNeeding(
  ["binary"],
  "what a daemon had taken in before it was killed arrives everywhere, in order, under one id",
  async () => {
    await withRandom(async (random) => {
      const options = { kills: 6, perSecond: 500, longestLifeMs: 600, seed: random.next() };
      await crash(options, ALONE);
    });
  },
);

testNeeding(["binary"], "nine webhooks get everything beside one that never answers", async () => {
  await isolation({ rounds: 1, phaseMs: 1000, perSecond: 50 }, ALONE);
});

testNeeding(
  ["binary"],
  "twenty thousand events wait for a webhook and arrive in order",
  async () => {
    await backlog({ events: 20_000, maxResidentMb: 0 }, ALONE);
  },
);

testNeeding(
  ["binary"],
  "reloads under load neither lose, double nor mix up an event",
  async () => {
    await withRandom(async (random) => {
      await reloads({ reloads: 30, perSecond: 500, seed: random.next() }, ALONE);
    });
  },
);

testNeeding(
  ["binary", "root", "tmpfs"],
  "a disk that fills up under load and empties again costs no event",
  async () => {
    await fullDisk({ rounds: 1, fullMs: 500, perSecond: 500 }, ALONE);
  },
);

testNeeding(
  ["binary"],
  "one of each kind of bad receiver harms neither a healthy one nor the daemon",
  async () => {
    await badReceivers({ loadMs: 3000, perSecond: 50, maxResidentMb: 400 }, ALONE);
  },
);

testNeeding(
  ["binary"],
  "the test hook takes in all of a load beside a page that follows and one that takes nothing",
  async () => {
    await testHook({ loadMs: 1500, perSecond: 300, maxResidentMb: 250 }, ALONE);
  },
);
