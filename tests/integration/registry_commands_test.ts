import { RegistryFile } from "../../src/registry/registry_file.ts";
import type { Registry } from "../../src/registry/schema.ts";
import { assert, assertEquals } from "../support/assert.ts";
import { type ProgramResult, RunningProgram, runProgram } from "../support/program.ts";
import { type Random, withRandom } from "../support/random.ts";
import { testNeeding } from "../support/requirements.ts";
import { makeTempFolder, type TempFolder } from "../support/temp_folder.ts";

const AT_ONCE = 20;
const FOREVER = new URL("../fixtures/change_registry_forever.ts", import.meta.url).pathname;

function registryPath({ path }: TempFolder): string {
  return `${path}/events/webhooks.toml`;
}

async function readRegistry(folder: TempFolder): Promise<Registry> {
  return await new RegistryFile({ path: registryPath(folder) }).read();
}

/** The arguments of a command that acts on the folder alone, where no daemon is found. */
function localCommand({ path }: TempFolder, ...words: string[]): string[] {
  const places = ["--workdir", path, "--state-dir", `${path}/state`, "--socket", `${path}/socket`];
  return [...words, "--local", ...places];
}

/** Runs the tasks, so many of them at once. */
async function runAll(tasks: readonly (() => Promise<void>)[]): Promise<void> {
  const waiting = tasks.values();
  const worker = async () => {
    for (const task of waiting) await task();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

/** Fails if anybody still holds the lock of the registry. */
async function assertUnlocked(folder: TempFolder): Promise<void> {
  using lock = await Deno.open(`${folder.path}/events/.webhooks.toml.lock`, { write: true });
  assert(await lock.tryLock(true), "Somebody still holds the lock");
}

/** Runs a command that is killed after a while, unless it is faster. */
async function runDoomed(args: readonly string[], killAfterMs: number): Promise<CommandEnd> {
  await using program = new RunningProgram(args);
  const kill = setTimeout(() => {
    try {
      program.kill("SIGKILL");
    } catch (error) {
      // It has ended already.
      if (!(error instanceof TypeError)) throw error;
    }
  }, killAfterMs);
  const { code, signal } = await program.ended().finally(() => clearTimeout(kill));
  if (signal === "SIGKILL") return "killed";
  return endOf({ code, stdout: program.stdout, stderr: program.stderr });
}

/** How a command ended: with success, without the webhook it is about, or by the kill. */
type CommandEnd = "done" | "no such webhook" | "killed";

function endOf(result: ProgramResult): CommandEnd {
  assert(result.code === 0 || result.code === 6, Deno.inspect(result));
  return result.code === 0 ? "done" : "no such webhook";
}

testNeeding(["binary"], "a hundred commands at the same time all leave their webhook", async () => {
  await using folder = await makeTempFolder();
  const urls = Array.from({ length: 100 }, (_, number) => `http://127.0.0.1:9/${number}`);
  await runAll(urls.map((url) => async () => {
    const result = await runProgram(localCommand(folder, "webhook-add", url));
    assertEquals(result.code, 0, Deno.inspect(result));
  }));
  const { generation, webhooks } = await readRegistry(folder);
  assertEquals(webhooks.map(({ url }) => url).toSorted(), urls.toSorted());
  assertEquals(new Set(webhooks.map(({ name }) => name)).size, 100);
  assertEquals(generation, 100);
  await assertUnlocked(folder);
});

/** Runs commands of which a random third is killed at a random moment. */
class Killer {
  killed = 0;
  readonly #random: Random;
  /** How long the last command took that was left alone: what the kills are spread over. */
  #lastMs = 100;

  constructor(random: Random) {
    this.#random = random;
  }

  async run(args: readonly string[]): Promise<CommandEnd> {
    if (this.#random.chance(1 / 3)) {
      const end = await runDoomed(args, this.#random.below(this.#lastMs));
      if (end === "killed") this.killed++;
      return end;
    }
    const begun = performance.now();
    const result = await runProgram(args);
    this.#lastMs = performance.now() - begun;
    return endOf(result);
  }
}

/** Adds, changes and perhaps removes a webhook. @returns What the file must hold of it. */
async function liveAndDie(
  folder: TempFolder,
  name: string,
  killer: Killer,
  isRemoved: boolean,
): Promise<{ there?: boolean; changed: boolean; story: string }> {
  const run = (...words: string[]) => killer.run(localCommand(folder, ...words));
  const added = await run("webhook-add", `http://127.0.0.1:9/${name}`, "--name", name);
  const changed = await run("webhook-mod", name, "--timeout", "7s");
  const removed = isRemoved ? await run("webhook-del", name) : undefined;
  const story = `${name}: added: ${added}, changed: ${changed}, removed: ${removed}`;
  if (added === "done") assert(changed !== "no such webhook", story);
  if (changed === "done") assert(removed !== "no such webhook", story);
  const wasThere = added === "done" || changed === "done";
  // What a killed command would have done, it may have done.
  const there = removed === "done" || removed === "no such webhook"
    ? { there: false }
    : removed === undefined && wasThere
    ? { there: true }
    : {};
  return { ...there, changed: changed === "done", story };
}

testNeeding(["binary"], "commands that are killed harm no other one's edit", async () => {
  await withRandom(async (random) => {
    await using folder = await makeTempFolder();
    const killer = new Killer(random);
    const names = Array.from({ length: 50 }, (_, number) => `w${number}`);
    const stories: (Awaited<ReturnType<typeof liveAndDie>> & { name: string })[] = [];
    await runAll(names.map((name) => async () => {
      stories.push({ name, ...await liveAndDie(folder, name, killer, random.chance(0.3)) });
    }));
    const { webhooks } = await readRegistry(folder);
    for (const { name, there, changed, story } of stories) {
      const webhook = webhooks.find((candidate) => candidate.name === name);
      if (there !== undefined) assertEquals(webhook !== undefined, there, story);
      if (changed && webhook !== undefined) assertEquals(webhook.timeoutMs, 7000, story);
    }
    assert(killer.killed > 0, "No command was killed");
    await assertUnlocked(folder);
    const last = await runProgram(localCommand(folder, "webhook-add", "http://127.0.0.1:9/last"));
    assertEquals(last.code, 0, Deno.inspect(last));
  });
});

Deno.test("a kill in the middle of a change leaves the file before or after it", async () => {
  await using folder = await makeTempFolder();
  await withRandom(async (random) => {
    for (let round = 0; round < 8; round++) {
      await using program = new RunningProgram(
        ["run", "-A", "--no-check", "--quiet", FOREVER, registryPath(folder)],
        { binary: Deno.execPath() },
      );
      const enough = 1 + random.below(40);
      // It does nothing but change the file: whenever the kill comes, a change is under way.
      await program.shows(new RegExp(`^(?:\\d+\\n){${enough}}`));
      program.kill("SIGKILL");
      await program.ended();
      const told = Number(program.stdout.trimEnd().split("\n").at(-1));
      const { generation } = await readRegistry(folder);
      assert(generation === told || generation === told + 1, `${told} was told, ${generation} is`);
      await assertUnlocked(folder);
    }
  });
});
