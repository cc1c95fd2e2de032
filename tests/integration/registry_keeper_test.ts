import { Logger } from "../../src/daemon/logger.ts";
import { RegistryKeeper } from "../../src/daemon/registry_keeper.ts";
import { systemClock } from "../../src/dispatcher/clock.ts";
import { Dispatcher } from "../../src/dispatcher/dispatcher.ts";
import { readRegistry } from "../../src/registry/read_registry.ts";
import { RegistryFile } from "../../src/registry/registry_file.ts";
import { GroupCommit } from "../../src/spool/group_commit.ts";
import { Spool } from "../../src/spool/spool.ts";
import { newUlid } from "../../src/std/ulid.ts";
import { assertEquals, assertRejects, assertStringIncludes } from "../support/assert.ts";
import { makeTempFolder, type TempFolder } from "../support/temp_folder.ts";

/** A keeper on real files, with lanes whose requests all fail. */
class Bench implements AsyncDisposable {
  readonly path: string;
  readonly log: string[] = [];
  readonly spool: Spool;
  readonly commit: GroupCommit;
  readonly dispatcher: Dispatcher;
  keeper: RegistryKeeper;

  private constructor(folder: TempFolder) {
    this.path = `${folder.path}/webhooks.toml`;
    this.spool = Spool.open(`${folder.path}/spool.db`, {
      now: Date.now,
      newId: newUlid,
      onSetAside: ({ reason }) => {
        throw new Error(reason);
      },
    });
    this.commit = new GroupCommit({
      spool: this.spool,
      schedule: () => () => {},
      steadyNow: () => 0,
      onCommit: () => {},
      onHealth: () => {},
    });
    this.dispatcher = new Dispatcher({
      spool: {
        readWaiting: (_, { afterSeq }) => ({ events: [], readTo: afterSeq }),
        readReplays: () => [],
        isWaiting: () => false,
        isReplayWaiting: () => false,
        gapOf: () => undefined,
        describeGap: () => {
          throw new Error("there are no gaps here");
        },
        addOutcome: () => {},
        addAttempt: () => {},
        mayPost: () => true,
      },
      createClient: () => ({
        post: () => Promise.reject(new Error("nothing is posted here")),
        [Symbol.dispose]: () => {},
      }),
      clock: systemClock,
      random: Math.random,
      userAgent: "test",
      notify: () => {},
    });
    this.keeper = this.#makeKeeper(undefined);
  }

  /** A keeper for a file with these webhooks. */
  static async make(folder: TempFolder, ...names: string[]): Promise<Bench> {
    const bench = new Bench(folder);
    await bench.write(...names);
    await bench.start();
    return bench;
  }

  /** Starts over with what the file says now. */
  async start(): Promise<boolean> {
    this.keeper = this.#makeKeeper(await new RegistryFile({ path: this.path }).readIfThere());
    return this.keeper.start();
  }

  async write(...names: string[]): Promise<void> {
    const tables = names.map((name) =>
      `[[webhook]]\nname = "${name}"\nurl = "http://${name}.example/"\n`
    );
    await Deno.writeTextFile(this.path, tables.join("\n"));
  }

  receive(count: number): void {
    const event = { id: "x", receivedMs: 0, event: "X", payload: "{}" };
    this.spool.commit({
      events: Array(count).fill(event),
      outcomes: [],
      attempts: [],
      refused: 0,
      lost: 0,
    });
  }

  get pending(): Record<string, number> {
    return Object.fromEntries(
      this.spool.cursors().map(({ webhook, pending }) => [webhook, pending]),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispatcher.stop(0);
    this.spool[Symbol.dispose]();
  }

  #makeKeeper(initial: ReturnType<typeof readRegistry> | undefined): RegistryKeeper {
    return new RegistryKeeper({
      file: new RegistryFile({ path: this.path }),
      initial,
      defaults: readRegistry("", this.path),
      spool: this.spool,
      commit: this.commit,
      dispatcher: this.dispatcher,
      logger: new Logger({ write: (line) => this.log.push(line), now: () => 0 }),
    });
  }
}

Deno.test("a file that is cut short for a moment takes no waiting events away", async () => {
  await using folder = await makeTempFolder();
  await using bench = await Bench.make(folder, "a", "b");
  bench.receive(5);
  for (const moment of [[], ["a"]]) {
    await bench.write(...moment);
    assertEquals(await bench.keeper.notice(false), false);
  }
  await bench.write("a", "b");
  assertEquals(await bench.keeper.notice(false), true);
  assertEquals(bench.pending, { a: 5, b: 5 });
});

Deno.test("a webhook that is gone for good is removed, and the log says with how many events", async () => {
  await using folder = await makeTempFolder();
  await using bench = await Bench.make(folder, "a", "b");
  bench.receive(5);
  await bench.write("a");
  assertEquals([await bench.keeper.notice(false), await bench.keeper.notice(true)], [false, true]);
  assertEquals(bench.pending, { a: 5 });
  assertStringIncludes(bench.log.join("\n"), "webhook removed webhook=b dropped=5");
});

Deno.test("a new webhook in the file counts at once", async () => {
  await using folder = await makeTempFolder();
  await using bench = await Bench.make(folder, "a");
  await bench.write("a", "b");
  assertEquals(await bench.keeper.notice(false), true);
  assertEquals(bench.pending, { a: 0, b: 0 });
});

Deno.test("a file that is gone is a problem and changes nothing, neither later nor at the start", async () => {
  await using folder = await makeTempFolder();
  await using bench = await Bench.make(folder, "a");
  bench.receive(5);
  await Deno.remove(bench.path);
  const outcome = await bench.keeper.reload();
  assertStringIncludes("problems" in outcome ? outcome.problems.join() : "", "is gone");
  assertEquals(bench.keeper.registry.webhooks.length, 1);
  await bench.start();
  assertEquals(bench.pending, { a: 5 });
});

Deno.test("a start with half a file, or without one before, takes nothing away either", async () => {
  await using folder = await makeTempFolder();
  await using bench = await Bench.make(folder, "a", "b");
  bench.receive(5);
  await bench.write("a");
  assertEquals(await bench.start(), false);
  await Deno.remove(bench.path);
  assertEquals(await bench.start(), true);
  await bench.write("a");
  assertEquals(await bench.keeper.notice(false), false);
  await bench.write("a", "b");
  assertEquals(await bench.keeper.notice(false), true);
  assertEquals(bench.pending, { a: 5, b: 5 });
});

Deno.test("what was removed while the daemon was down is removed once the file has settled", async () => {
  await using folder = await makeTempFolder();
  await using bench = await Bench.make(folder, "a", "b");
  bench.receive(5);
  await bench.write("a");
  assertEquals([await bench.start(), await bench.keeper.notice(true)], [false, true]);
  assertEquals(bench.pending, { a: 5 });
});

Deno.test("a registry that the spool cannot follow is not taken over, and is once it can", async () => {
  await using folder = await makeTempFolder();
  await using bench = await Bench.make(folder, "a");
  const { setWebhooks } = bench.spool;
  bench.spool.setWebhooks = () => {
    throw new Error("database or disk is full");
  };
  await bench.write("a", "b");
  await assertRejects(() => bench.keeper.reload(), Error, "disk is full");
  assertEquals(await bench.keeper.notice(false), false);
  assertEquals(bench.keeper.registry.webhooks.map(({ name }) => name), ["a"]);
  bench.spool.setWebhooks = setWebhooks;
  assertEquals(await bench.keeper.notice(true), true);
  assertEquals(bench.pending, { a: 0, b: 0 });
});

Deno.test("a filter that no event gets through is taken over, with a warning", async () => {
  await using folder = await makeTempFolder();
  await using bench = await Bench.make(folder, "a");
  const filter = 'events = ["VOLUME_CREATE"]\nseverity = "alert"\n';
  await Deno.writeTextFile(bench.path, await Deno.readTextFile(bench.path) + filter);
  assertEquals(await bench.keeper.notice(true), true);
  assertEquals(bench.keeper.problems, []);
  assertEquals(bench.keeper.registry.webhooks[0]?.wanted.severity, "alert");
  assertStringIncludes(
    bench.log.join("\n"),
    'no event gets through a filter webhook=a reason="severity is alert',
  );
});
