/**
 * Changes the registry of a running daemon, by command and by hand, and sees each change taken over.
 *
 * @module
 */
import { registryPath } from "../../src/registry/registry_file.ts";
import { assert } from "../support/assert.ts";
import type { Random } from "../support/random.ts";
import type { SoakDaemon } from "./daemon_process.ts";
import { untilDone } from "./scenario.ts";

/** What may be changed. */
export interface RegistryChangerOptions {
  readonly daemon: SoakDaemon;
  /** The webhook whose settings change. */
  readonly changed: string;
  /** Where webhooks post that come and go. */
  readonly othersUrl: string;
  readonly random: Random;
  readonly signal: AbortSignal;
}

const KINDS = ["mod", "add-or-del", "reload", "edit and SIGHUP", "edit", "broken edit"] as const;
const MOST_OTHERS = 5;

/** Makes one change after the other. */
export class RegistryChanger {
  readonly #options: RegistryChangerOptions;
  readonly #counts = new Map<string, number>(KINDS.map((kind) => [kind, 0]));
  readonly #others: string[] = [];
  #made = 0;

  constructor(options: RegistryChangerOptions) {
    this.#options = options;
  }

  /** How often each kind of change was made. */
  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }

  /** Makes a change of any kind and waits until the daemon has taken it over. */
  async change(): Promise<void> {
    const { daemon, changed, random } = this.#options;
    const kind = random.pick(KINDS);
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
    const made = ++this.#made;
    if (kind === "mod") await daemon.command("webhook-mod", changed, "--timeout", timeout(made));
    else if (kind === "add-or-del") await this.#addOrDelete(made);
    else if (kind === "reload") await daemon.command("reload");
    else if (kind === "broken edit") await this.#breakAndMend();
    else await this.#edit(timeout(made), { isSignalled: kind === "edit and SIGHUP" });
  }

  async #addOrDelete(made: number): Promise<void> {
    const { daemon, othersUrl, random } = this.#options;
    const isFull = this.#others.length >= MOST_OTHERS;
    if (this.#others.length > 0 && (isFull || random.chance(0.5))) {
      const [gone = ""] = this.#others.splice(random.below(this.#others.length), 1);
      await daemon.command("webhook-del", gone);
    } else {
      const name = `other-${made}`;
      await daemon.command("webhook-add", `${othersUrl}/${name}`, "--name", name);
      this.#others.push(name);
    }
  }

  async #edit(value: string, { isSignalled }: { isSignalled: boolean }): Promise<void> {
    const { daemon } = this.#options;
    const text = await Deno.readTextFile(this.#path);
    const generation = Number(/^generation = (\d+)/m.exec(text)?.[1]) + 1;
    const edited = text
      .replace(/^generation = \d+/m, `generation = ${generation}`)
      .replace(/^timeout = .*$/m, `timeout = "${value}"`);
    assert(edited !== text, `nothing to edit in ${text}`);
    await this.#replace(edited);
    if (isSignalled) daemon.signal("SIGHUP");
    await this.#reports("an edit is taken over", (registry) => registry.generation === generation);
  }

  async #breakAndMend(): Promise<void> {
    const text = await Deno.readTextFile(this.#path);
    await this.#replace(`${text}\n[[webhook`);
    this.#options.daemon.signal("SIGHUP");
    await this.#reports("a broken registry is noticed", ({ problems }) => problems.length > 0);
    await this.#replace(text);
    this.#options.daemon.signal("SIGUSR2");
    await this.#reports("a mended registry is noticed", ({ problems }) => problems.length === 0);
  }

  async #reports(
    what: string,
    check: (registry: { generation: number; problems: readonly string[] }) => boolean,
  ): Promise<void> {
    const { daemon, signal } = this.#options;
    await untilDone(what, async () => {
      const { registry } = await daemon.mustStatus();
      return check(registry) ? { done: true } : { mark: JSON.stringify(registry) };
    }, { signal });
  }

  /** Writes the file anew, as an editor does. */
  async #replace(text: string): Promise<void> {
    const path = this.#path;
    await Deno.writeTextFile(`${path}.edited`, text, { mode: 0o600 });
    await Deno.rename(`${path}.edited`, path);
  }

  get #path(): string {
    return registryPath(this.#options.daemon.folder);
  }
}

/** Another one each time. */
function timeout(made: number): string {
  return `${10_000 + made}ms`;
}
