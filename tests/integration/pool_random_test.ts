import type { NodeRow } from "../../src/cluster/node_row.ts";
import { RegistryConflictError } from "../../src/cluster/pool_registry.ts";
import { addWebhook } from "../../src/registry/changes.ts";
import type { Registry } from "../../src/registry/schema.ts";
import { assert, assertEquals } from "../support/assert.ts";
import { type Random, withRandom } from "../support/random.ts";
import type { SimulatedNode } from "../support/simulated_node.ts";
import { SimulatedPool } from "../support/simulated_pool.ts";

const ROUNDS = 8;
const STEPS = 25;
/** Longer than any lease. */
const LEASE_MS = 60_000;
const MOST_CALLS = 6;

/** A pool to which random things happen, and what they promised. */
class RandomPool {
  readonly #pool: SimulatedPool;
  readonly #random: Random;
  /** The webhooks of commands that said that every node has them. */
  readonly everywhere: string[] = [];
  /** The webhooks that were written somewhere, for certain. */
  readonly written: string[] = [];
  /** What happened, for whoever has to find out why. */
  readonly story: string[] = [];
  /** A node that was taken out of the pool, and goes on alone. */
  #away: SimulatedNode[] = [];
  #number = 0;

  constructor(pool: SimulatedPool, random: Random) {
    this.#pool = pool;
    this.#random = random;
  }

  async step(): Promise<void> {
    const node = this.#random.pick([...this.#pool.nodes, ...this.#away]);
    const steps = [
      () => this.#edit(node),
      () => this.#edit(node),
      () => this.#kill(node),
      () => this.#editTogether(),
      () => this.#editByHand(node),
      () => this.#sync(node),
      () => this.#look(node),
      () => this.#spoil(node),
      () => this.#spoil(node),
      () => this.#spoil(node),
      () => this.#heal(),
      () => this.#leaveOrJoin(),
    ];
    await this.#random.pick(steps)();
  }

  /** Mends everything; each node looks at the others once, as it does when they connect. */
  async settle(): Promise<void> {
    this.#heal();
    if (this.#away.length > 0) await this.#leaveOrJoin();
    this.#pool.clock.jump(LEASE_MS);
    for (const node of this.#random.shuffled(this.#pool.nodes)) await this.#look(node);
  }

  async #edit(node: SimulatedNode): Promise<void> {
    const name = this.#newName();
    const edited = this.#pool.open(node)
      .then((registry) => registry.edit(addNamed(name)));
    await this.#unlessRefused(`${name} added on ${node.host}`, edited, (rows) => {
      this.#take(name, rows);
    });
  }

  /** It is said plainly if a registry cannot be had, or would be lost. */
  async #unlessRefused(
    what: string,
    work: Promise<{ readonly rows: readonly NodeRow[] }>,
    then: (rows: readonly NodeRow[]) => void,
  ): Promise<void> {
    try {
      const { rows } = await work;
      then(rows);
      this.#note(what, rows);
    } catch (error) {
      if (!(error instanceof RegistryConflictError)) throw error;
      this.#note(`${what}: ${error.message}`);
    }
  }

  async #editTogether(): Promise<void> {
    const nodes = [this.#random.pick(this.#pool.nodes), this.#random.pick(this.#pool.nodes)];
    await Promise.all(nodes.map((node) => this.#edit(node)));
  }

  async #kill(node: SimulatedNode): Promise<void> {
    const name = this.#newName();
    const { promise: killed, resolve: onKilled } = Promise.withResolvers<void>();
    const kill = {
      atCall: 1 + this.#random.below(MOST_CALLS),
      isDone: this.#random.chance(0.5),
      onKilled,
    };
    const what = `${name} added on ${node.host}, killed at ${kill.atCall} ${kill.isDone}`;
    const edited = this.#pool.open(node, kill)
      .then((registry) => registry.edit(addNamed(name)));
    await Promise.race([
      this.#unlessRefused(what, edited, (rows) => this.#take(name, rows)),
      killed.then(() => this.#note(what)),
    ]);
    if (this.#random.chance(0.8)) this.#pool.clock.jump(LEASE_MS);
  }

  async #editByHand(node: SimulatedNode): Promise<void> {
    const name = this.#newName();
    const text = await node.text();
    if (text === "") return;
    const { generation } = await node.file.read();
    const isRaised = this.#random.chance(0.3);
    const raised = isRaised
      ? text.replace(`generation = ${generation}\n`, `generation = ${generation + 1}\n`)
      : text;
    await node.writeByHand(`${raised}\n[[webhook]]\nname = "${name}"\nurl = "http://${name}/"\n`);
    this.written.push(name);
    this.#note(`${name} by hand on ${node.host}${isRaised ? ", raised" : ""}`);
  }

  async #sync(node: SimulatedNode): Promise<void> {
    const isForced = this.#random.chance(0.2);
    // What it replaces by force is kept, but is no more everywhere.
    if (isForced) this.everywhere.length = 0;
    const synced = this.#pool.open(node).then((registry) => registry.sync({ isForced }));
    await this.#unlessRefused(`sync on ${node.host} ${isForced}`, synced, () => {});
  }

  async #look(node: SimulatedNode): Promise<void> {
    const registry = await this.#pool.open(node);
    const looked = registry.pull().then(async ({ isAhead, isEverywhere, state }) => {
      if (isEverywhere) await node.file.confirm(state.checksum);
      if (isAhead && this.#random.chance(0.5)) await registry.spread();
      return { rows: [] };
    });
    await this.#unlessRefused(`look on ${node.host}`, looked, () => {});
  }

  #spoil({ faults, host }: SimulatedNode): void {
    const random = this.#random;
    const spoils: Record<string, () => void> = {
      down: () => faults.isDown = true,
      up: () => faults.isDown = false,
      cut: () => faults.side = random.below(3),
      busy: () => faults.busyTimes = random.below(4),
      dies: () => faults.diesTimes = random.below(5),
      slow: () => faults.slowTimes = random.below(3),
      full: () => faults.copyBytes = random.below(300),
      bare: () => faults.hasProgram = false,
      garbled: () => faults.garble = (lines) => lines.slice(random.below(100)),
    };
    const name = random.pick(Object.keys(spoils));
    spoils[name]?.();
    this.#note(`${host} ${name}`);
  }

  async #leaveOrJoin(): Promise<void> {
    const [back] = this.#away;
    const node = back ?? this.#random.pick(this.#pool.nodes);
    this.#note(`${node.host} ${back === undefined ? "leaves" : "joins"}`);
    if (back === undefined) {
      await this.#pool.detach(node);
      this.#away = [node];
      return;
    }
    await this.#pool.attach(node);
    this.#away = [];
    // If it changed more often than all others, what it has counts, and theirs is kept.
    this.everywhere.length = 0;
  }

  #heal(): void {
    this.#pool.heal();
    this.#note("healed");
  }

  #take(name: string, rows: readonly NodeRow[]): void {
    this.written.push(name);
    if (rows.every(({ error }) => error === undefined)) this.everywhere.push(name);
  }

  #newName(): string {
    return `w${++this.#number}`;
  }

  #note(what: string, rows: readonly NodeRow[] = []): void {
    this.story.push(
      [what, ...rows.map(({ node, error = "OK" }) => `${node}: ${error}`)].join("; "),
    );
  }
}

function addNamed(name: string): (registry: Registry) => ReturnType<typeof addWebhook> {
  return (registry) => addWebhook(registry, `http://${name}/`, { name });
}

/** What holds of a pool once all nodes see each other again. */
async function check(pool: SimulatedPool, { everywhere, written }: RandomPool): Promise<void> {
  const nodes = await Promise.all(pool.nodes.map(async (node) => ({
    host: node.host,
    text: await node.text(),
    state: await node.file.state(),
    kept: await node.keptAside(),
    files: await node.fileNames(),
  })));
  const others = nodes.filter(({ state }) => !state.byHand);
  const [first] = others;
  assertEquals(new Set(others.map(({ text }) => text)).size <= 1, true, "one registry");
  for (const { host, state } of nodes) {
    if (!state.byHand) continue;
    assert(state.generation >= (first?.state.generation ?? 0), `${host} is by hand, and older`);
  }
  for (const name of everywhere) {
    for (const { host, text } of nodes) assert(has(text, name), `${host} has lost ${name}`);
  }
  const texts = nodes.flatMap(({ text, kept }) => [text, ...kept]);
  for (const name of written) {
    assert(texts.some((text) => has(text, name)), `${name} is nowhere`);
  }
  for (const { host, files } of nodes) {
    assertEquals(files.filter((name) => name.endsWith(".new")), [], host);
  }
}

function has(text: string, name: string): boolean {
  return text.includes(`"http://${name}/"`);
}

Deno.test("whatever happens to a pool, it comes in step and loses nothing that was promised", async () => {
  await withRandom(async (random) => {
    for (let round = 0; round < ROUNDS; round++) {
      await using pool = await SimulatedPool.make(2 + random.below(3));
      const player = new RandomPool(pool, random);
      try {
        for (let step = 0; step < STEPS; step++) await player.step();
        await player.settle();
        await check(pool, player);
        // Nobody holds a lease for ever.
        pool.clock.jump(LEASE_MS);
        const last = await pool.open(random.pick(pool.nodes));
        const { rows } = await last.edit(addNamed("last"));
        assertEquals(rows.filter(({ error }) => error !== undefined), []);
        await check(pool, player);
      } catch (error) {
        const reason = error instanceof Error ? error.stack : String(error);
        throw new Error(`${reason}\nin round ${round}:\n${player.story.join("\n")}`);
      }
    }
  });
});
