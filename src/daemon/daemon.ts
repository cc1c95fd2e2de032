/**
 * Puts listener, spool, dispatcher and control socket together, and takes them apart again.
 *
 * @module
 */
import {
  claimSocket,
  type ReloadOutcome,
  serveControl,
  type SocketClaim,
} from "../api/control_server.ts";
import type { StatusReport } from "../api/status_report.ts";
import type { Clock } from "../dispatcher/clock.ts";
import { Dispatcher } from "../dispatcher/dispatcher.ts";
import type { WebhookClient } from "../dispatcher/webhook_client.ts";
import { formatListenAddress, type ListenAddress } from "../listener/listen_address.ts";
import { Listener } from "../listener/listener.ts";
import { openSockets, openSocketsOnAll } from "../listener/udp_sockets.ts";
import { describeProblem, InvalidRegistryError } from "../registry/errors.ts";
import { RegistryFile } from "../registry/registry_file.ts";
import type { Registry } from "../registry/schema.ts";
import { GroupCommit } from "../spool/group_commit.ts";
import { Spool } from "../spool/spool.ts";
import { toSpoolError } from "../spool/errors.ts";
import { Housekeeper } from "./housekeeper.ts";
import { Logger } from "./logger.ts";
import { NodeIdentity } from "./node_identity.ts";
import { logLaneNotice, logListenerNotice, logSpoolHealth } from "./notices.ts";
import { RegistryWatch } from "./registry_watch.ts";
import { buildStatus } from "./status.ts";

/** Where a daemon keeps its things and what it listens on. */
export interface DaemonOptions {
  readonly version: string;
  readonly workdir: string;
  readonly stateDir: string;
  readonly socket: string;
  /** Every address of the machine with the registry's port, if absent. */
  readonly listen?: readonly ListenAddress[];
  readonly nodeId?: string;
}

/** What a daemon does not do itself. */
export interface DaemonDeps {
  readonly clock: Clock;
  readonly random: () => number;
  readonly newId: (nowMs: number) => string;
  readonly createClient: () => WebhookClient;
  readonly writeLog: (line: string) => void;
}

const WATCH_MS = 500;
const PRUNE_AT_ONCE = 1000;
const LANE_GRACE_MS = 1000;
const DRAIN_MS = 4000;

/** Where the registry is below glusterd's folder. */
export function registryPath(workdir: string): string {
  return `${workdir}/events/webhooks.toml`;
}

/** A running daemon. */
export class Daemon {
  readonly #options: DaemonOptions;
  readonly #deps: DaemonDeps;
  readonly #startedMs: number;
  readonly #logger: Logger;
  readonly #file: RegistryFile;
  readonly #identity: NodeIdentity;
  readonly #spool: Spool;
  readonly #commit: GroupCommit;
  readonly #dispatcher: Dispatcher;
  readonly #listener: Listener;
  readonly #cleanups: AsyncDisposableStack;
  #registry: Registry;
  #problems: readonly string[] = [];
  #spoolOk = true;
  #reloading: Promise<unknown> = Promise.resolve();

  private constructor(
    options: DaemonOptions,
    deps: DaemonDeps,
    parts: {
      readonly file: RegistryFile;
      readonly registry: Registry;
      readonly identity: NodeIdentity;
      readonly spool: Spool;
      readonly sockets: readonly Deno.DatagramConn[];
      readonly cleanups: AsyncDisposableStack;
    },
  ) {
    this.#options = options;
    this.#deps = deps;
    this.#startedMs = deps.clock.now();
    this.#file = parts.file;
    this.#registry = parts.registry;
    this.#identity = parts.identity;
    this.#spool = parts.spool;
    this.#cleanups = parts.cleanups;
    this.#logger = new Logger({ write: deps.writeLog, now: deps.clock.now });
    this.#logger.level = parts.registry.config.logLevel;
    const logger = this.#logger;
    this.#commit = new GroupCommit({
      spool: this.#spool,
      schedule,
      onEvents: () => this.#dispatcher.wake(),
      onHealth: (health) => {
        this.#spoolOk = health.ok;
        logSpoolHealth(logger, health);
      },
    });
    this.#dispatcher = new Dispatcher({
      readAfter: (seq, limit) => this.#spool.readAfter(seq, limit),
      addOutcome: (outcome) => this.#commit.addOutcome(outcome),
      createClient: deps.createClient,
      clock: deps.clock,
      random: deps.random,
      userAgent: `gluster-eventing/${options.version}`,
      notify: (notice) => logLaneNotice(logger, notice),
    });
    this.#listener = new Listener({
      sockets: parts.sockets,
      sink: this.#commit,
      nodeId: () => this.#identity.id,
      newId: deps.newId,
      now: deps.clock.now,
      notify: (notice) =>
        logListenerNotice(logger, notice, !this.#registry.config.disableEventsLog),
    });
  }

  /**
   * Starts a daemon. If anything fails, nothing stays open and the error says what and why.
   *
   * @throws {InvalidRegistryError | RegistryAccessError | ControlSocketError | SpoolError |
   *   NodeIdentityError | ListenError}
   */
  static async start(options: DaemonOptions, deps: DaemonDeps): Promise<Daemon> {
    await using cleanups = new AsyncDisposableStack();
    const file = new RegistryFile({ path: registryPath(options.workdir) });
    const registry = await file.read();
    const claim = cleanups.use(await claimSocket(options.socket));
    const spoolPath = `${options.stateDir}/spool.db`;
    await makeStateDir(options.stateDir, spoolPath);
    const identity = NodeIdentity.find(options);
    const spool = cleanups.use(Spool.open(spoolPath));
    const sockets = options.listen === undefined
      ? openSocketsOnAll(registry.config.port)
      : openSockets(options.listen);
    const parts = { file, registry, identity, spool, sockets, cleanups: cleanups.move() };
    const daemon = new Daemon(options, deps, parts);
    try {
      await daemon.#run(claim);
      return daemon;
    } catch (error) {
      await daemon.stop();
      throw error;
    }
  }

  /** The UDP addresses it listens on. */
  get addresses(): ListenAddress[] {
    return this.#listener.addresses;
  }

  /** How it is doing. */
  status(): StatusReport {
    return buildStatus({
      version: this.#options.version,
      nowMs: this.#deps.clock.now(),
      startedMs: this.#startedMs,
      nodeId: this.#identity.id,
      addresses: this.addresses,
      registryPath: this.#file.path,
      registry: this.#registry,
      problems: this.#problems,
      spoolPath: this.#spoolPath,
      spoolOk: this.#spoolOk,
      totals: this.#spool.totals(),
      lost: this.#commit.lost,
      cursors: this.#spool.cursors(),
      laneState: (name) => this.#dispatcher.stateOf(name),
    });
  }

  /** Reads the registry and takes it over; a bad one changes nothing. Never throws for a bad one. */
  async reload(): Promise<ReloadOutcome> {
    const outcome = this.#reloading.then(() => this.#reload());
    // The next reload waits for this one, however it ends.
    this.#reloading = outcome.catch(() => undefined);
    return await outcome;
  }

  /** Stops: requests in flight may end, what is not delivered stays in the spool. */
  async stop(): Promise<void> {
    await this.#cleanups.disposeAsync();
  }

  get #spoolPath(): string {
    return `${this.#options.stateDir}/spool.db`;
  }

  async #run(claim: SocketClaim): Promise<void> {
    // The last one added is undone first: no new events, then the lanes, then the last commit.
    this.#cleanups.defer(() => this.#logger.log("INFO", "stopped"));
    this.#cleanups.defer(() => {
      this.#commit.flush();
    });
    this.#cleanups.defer(() => this.#dispatcher.stop(DRAIN_MS));
    this.#cleanups.defer(() => this.#listener.close());
    this.#spool.setWebhooks(this.#registry.webhooks);
    this.#assignLanes();
    this.#cleanups.use(await serveControl(claim, this));
    this.#listener.start();
    const { clock } = this.#deps;
    this.#cleanups.use(
      await RegistryWatch.start({
        path: this.#file.path,
        intervalMs: WATCH_MS,
        clock,
        onChange: async () => {
          await this.reload();
        },
      }),
    );
    this.#cleanups.use(
      new Housekeeper({
        step: () => {
          this.#identity.refresh();
          return this.#prune();
        },
        schedule,
        onError: ({ message }) =>
          this.#logger.log("ERROR", "old events were not removed", { error: message }),
      }),
    );
    this.#logger.log("INFO", "ready", {
      version: this.#options.version,
      listening: this.addresses.map(formatListenAddress).join(","),
      node: this.#identity.id,
      registry: this.#file.path,
      webhooks: this.#registry.webhooks.length,
      waiting: Math.max(0, ...this.#spool.cursors().map(({ pending }) => pending)),
    });
    await this.#warnOfOpenRegistry();
  }

  async #reload(): Promise<ReloadOutcome> {
    this.#identity.refresh();
    let registry: Registry;
    try {
      registry = await this.#file.read();
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this.#problems = error instanceof InvalidRegistryError
        ? error.problems.map(describeProblem)
        : [error.message];
      const problems = this.#problems.join("; ");
      this.#logger.log("ERROR", "registry not taken over, the one before stays", { problems });
      return { problems: this.#problems };
    }
    this.#problems = [];
    const before = this.#registry;
    if (JSON.stringify(registry) === JSON.stringify(before)) {
      return { generation: registry.generation, registry: this.#file.path };
    }
    await this.#takeOver(registry);
    const { generation, webhooks } = registry;
    this.#logger.log("INFO", "registry taken over", { generation, webhooks: webhooks.length });
    if (this.#options.listen === undefined && registry.config.port !== before.config.port) {
      const { port } = registry.config;
      this.#logger.log("WARNING", "the new port is used after a restart", { port });
    }
    await this.#warnOfOpenRegistry();
    return { generation, registry: this.#file.path };
  }

  async #takeOver(registry: Registry): Promise<void> {
    await this.#dispatcher.retain(registry.webhooks, LANE_GRACE_MS);
    // Outcomes that wait for their commit carry the names that the cursors have now.
    this.#commit.flush();
    try {
      this.#spool.setWebhooks(registry.webhooks);
      this.#registry = registry;
    } finally {
      this.#assignLanes();
    }
    this.#logger.level = registry.config.logLevel;
  }

  #assignLanes(): void {
    const done = new Map(this.#spool.cursors().map(({ webhook, doneSeq }) => [webhook, doneSeq]));
    this.#dispatcher.assign(
      this.#registry.webhooks,
      (name) => done.get(name) ?? this.#spool.lastSeq,
    );
  }

  #prune(): boolean {
    const receivedBeforeMs = this.#deps.clock.now() - this.#registry.config.historyMaxAgeMs;
    return this.#spool.prune({ receivedBeforeMs, limit: PRUNE_AT_ONCE }) === PRUNE_AT_ONCE;
  }

  async #warnOfOpenRegistry(): Promise<void> {
    const mode = await Deno.stat(this.#file.path).then((info) => info.mode, () => null);
    if (mode === null || (mode & 0o077) === 0) return;
    this.#logger.log("WARNING", "others can read the registry, which may hold secrets", {
      mode: (mode & 0o777).toString(8).padStart(4, "0"),
      hint: `chmod 600 ${this.#file.path}`,
    });
  }
}

function schedule(callback: () => void, delayMs: number): () => void {
  const timer = setTimeout(callback, delayMs);
  return () => clearTimeout(timer);
}

async function makeStateDir(stateDir: string, spoolPath: string): Promise<void> {
  try {
    await Deno.mkdir(stateDir, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw toSpoolError("make the folder of", spoolPath, error);
  }
}
