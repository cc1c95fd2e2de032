/**
 * Puts listener, spool, dispatcher and control socket together, and takes them apart again.
 *
 * @module
 */
import type { ControlHandlers, ReloadOutcome } from "../api/control_handlers.ts";
import { claimSocket, serveControl, type SocketClaim } from "../api/control_server.ts";
import type { StatusReport } from "../api/status_report.ts";
import { Dispatcher } from "../dispatcher/dispatcher.ts";
import { formatListenAddress, type ListenAddress } from "../listener/listen_address.ts";
import { KernelSockets } from "../listener/kernel_sockets.ts";
import { Listener } from "../listener/listener.ts";
import { SourceFilter } from "../listener/source_filter.ts";
import { openSockets, openSocketsOnAll } from "../listener/udp_sockets.ts";
import { RegistryFile, registryPath } from "../registry/registry_file.ts";
import { readRegistry } from "../registry/read_registry.ts";
import type { Registry } from "../registry/schema.ts";
import { GroupCommit, type SpoolHealth } from "../spool/group_commit.ts";
import type { Spool } from "../spool/spool.ts";
import { controlHandlers } from "./control_handlers.ts";
import type { DaemonDeps, DaemonOptions } from "./daemon_options.ts";
import { Housekeeper } from "./housekeeper.ts";
import { Logger } from "./logger.ts";
import { NodeIdentity } from "./node_identity.ts";
import { type SharedLaneSpool, toLaneSpool } from "./lane_spool.ts";
import { LineBudget } from "./line_budget.ts";
import { LossReporter } from "./loss_reporter.ts";
import { logLaneNotice, logListenerNotice, logSpoolHealth } from "./notices.ts";
import { type OpenedSpool, openSpool } from "./open_spool.ts";
import { PoolCare } from "./pool_care.ts";
import { RegistryCare } from "./registry_care.ts";
import { RegistryKeeper } from "./registry_keeper.ts";
import { fingerprint, RegistryWatch } from "./registry_watch.ts";
import { SpoolCare } from "./spool_care.ts";
import { SpoolDesk } from "./spool_desk.ts";
import { buildStatus } from "./status.ts";

const DRAIN_MS = 4000;
/** A running daemon. */
export class Daemon implements AsyncDisposable {
  readonly #options: DaemonOptions;
  readonly #deps: DaemonDeps;
  readonly #startedMs: number;
  readonly #logger: Logger;
  readonly #file: RegistryFile;
  readonly #identity: NodeIdentity;
  readonly #spool: Spool;
  readonly #opened: OpenedSpool;
  readonly #commit: GroupCommit;
  readonly #lanes: SharedLaneSpool;
  readonly #dispatcher: Dispatcher;
  readonly #listener: Listener;
  readonly #cleanups: AsyncDisposableStack;
  readonly #keeper: RegistryKeeper;
  readonly #registryCare: RegistryCare;
  readonly #desk: SpoolDesk;
  readonly #lineBudget: LineBudget;
  readonly #spoolCare: SpoolCare;
  readonly #losses: LossReporter;
  #housekeeper: Housekeeper | undefined;
  #poolCare: PoolCare | undefined;
  #spoolOk = true;

  private constructor(
    options: DaemonOptions,
    deps: DaemonDeps,
    parts: {
      readonly file: RegistryFile;
      /** What the registry file says; `undefined` if there is none. */
      readonly initial: Registry | undefined;
      readonly defaults: Registry;
      readonly identity: NodeIdentity;
      readonly logger: Logger;
      readonly opened: OpenedSpool;
      readonly sockets: readonly Deno.DatagramConn[];
      readonly cleanups: AsyncDisposableStack;
    },
  ) {
    this.#options = options;
    this.#deps = deps;
    this.#startedMs = deps.clock.now();
    this.#file = parts.file;
    this.#identity = parts.identity;
    this.#opened = parts.opened;
    this.#spool = parts.opened.spool;
    this.#cleanups = parts.cleanups;
    this.#logger = parts.logger;
    const { logger } = parts;
    this.#lineBudget = new LineBudget(deps.clock.steadyNow);
    // Within a commit or a reading, which has to end first.
    this.#spool.onRenewed = () => queueMicrotask(() => this.#dispatcher.beginAnew());
    this.#commit = new GroupCommit({
      spool: this.#spool,
      schedule,
      steadyNow: deps.clock.steadyNow,
      onCommit: (events) => this.#committed(events),
      onHealth: (health) => this.#takeHealth(health),
    });
    this.#lanes = toLaneSpool(this.#spool, this.#commit, this.#identity);
    this.#dispatcher = new Dispatcher({
      spool: this.#lanes,
      createClient: deps.createClient,
      clock: deps.clock,
      random: deps.random,
      userAgent: `gluster-eventing/${options.version}`,
      notify: (notice) => logLaneNotice(logger, notice, this.#lineBudget),
    });
    const sources = new SourceFilter(() => this.#keeper.registry.config.allowFrom);
    this.#listener = new Listener({
      sockets: parts.sockets,
      kernel: KernelSockets.find(parts.sockets),
      sink: this.#commit,
      isAllowed: (address) => sources.allows(address),
      node: this.#identity,
      newId: deps.newId,
      now: deps.clock.now,
      steadyNow: deps.clock.steadyNow,
      notify: (notice) => {
        logListenerNotice(logger, notice, !this.#keeper.registry.config.disableEventsLog);
        if (notice.kind === "event_received") this.#poolCare?.noteEvent(notice.event.event);
      },
    });
    this.#keeper = new RegistryKeeper({
      file: this.#file,
      initial: parts.initial,
      defaults: parts.defaults,
      spool: this.#spool,
      commit: this.#commit,
      dispatcher: this.#dispatcher,
      logger,
    });
    this.#registryCare = new RegistryCare({
      keeper: this.#keeper,
      identity: this.#identity,
      logger,
      path: this.#file.path,
      isPortConfigured: options.listen === undefined,
      onBufferSize: (bytes) => this.#listener.enlargeBuffers(bytes),
      onChanged: () => this.#poolCare?.registryChanged(),
    });
    this.#spoolCare = new SpoolCare({
      spool: this.#spool,
      clock: deps.clock,
      newId: deps.newId,
      logger,
      config: () => this.#keeper.registry.config,
      onDropped: () => this.#dispatcher.forgetDropped(),
    });
    this.#losses = new LossReporter({
      commit: this.#commit,
      node: this.#identity,
      now: deps.clock.now,
      newId: deps.newId,
    });
    this.#desk = new SpoolDesk({
      spool: this.#spool,
      commit: this.#commit,
      dispatcher: this.#dispatcher,
      webhooks: () => this.#keeper.registry.webhooks,
      clock: deps.clock,
      breathe: () => new Promise((resolve) => setTimeout(resolve)),
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
    // Before it is read: what changes from then on is noticed.
    const seen = await fingerprint(file.path);
    const initial = await file.readIfThere();
    const defaults = readRegistry("", file.path);
    const claim = cleanups.use(await claimSocket(options.socket));
    const logger = new Logger({ write: deps.writeLog, now: deps.clock.now });
    logger.level = (initial ?? defaults).config.logLevel;
    const { clock: { now }, newId } = deps;
    const opened = await openSpool(options.stateDir, { now, newId, logger });
    cleanups.use(opened.spool);
    const identity = NodeIdentity.find({
      ...options,
      steadyNow: deps.clock.steadyNow,
      readHost: deps.hostname,
    });
    const sockets = options.listen === undefined
      ? openSocketsOnAll((initial ?? defaults).config.port)
      : openSockets(options.listen);
    const daemon = new Daemon(options, deps, {
      file,
      initial,
      defaults,
      identity,
      logger,
      opened,
      sockets,
      cleanups: cleanups.move(),
    });
    try {
      await daemon.#run(claim, seen);
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
      registry: this.#keeper.registry,
      problems: this.#keeper.problems,
      spoolPath: this.#spool.path,
      spoolOk: this.#spoolOk,
      setAside: this.#opened.setAsides.at(-1)?.movedTo,
      totals: this.#spool.totals,
      denied: this.#listener.denied,
      held: this.#commit.held,
      lost: this.#commit.lost,
      kernelDrops: this.#listener.kernelDrops,
      cursors: this.#spool.cursors(),
      laneState: (name) => this.#dispatcher.stateOf(name),
    });
  }

  /** Reads the registry and takes it over; a bad one changes nothing. */
  async reload(): Promise<ReloadOutcome> {
    return await this.#registryCare.reload();
  }

  /**
   * Reads the registry as if its file had just changed: what it does not hold any more is taken
   * away only when the file is seen not to change.
   */
  async notice(): Promise<void> {
    await this.#registryCare.notice(false);
  }

  /**
   * Stops: requests in flight may end, what is not delivered stays in the spool.
   *
   * @returns How many events are lost because the spool could not be written.
   */
  async stop(): Promise<number> {
    await this.#cleanups.disposeAsync();
    return this.#commit.held;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #run(claim: SocketClaim, seen: string): Promise<void> {
    // The last one added is undone first: no new events, then the lanes, then the last commit.
    this.#cleanups.defer(() => this.#finish());
    this.#cleanups.defer(() => this.#dispatcher.stop(DRAIN_MS));
    this.#cleanups.defer(() => this.#listener.close());
    const isSettled = this.#keeper.start();
    // Not before the webhooks have cursors: theirs begin with the next event.
    for (const reason of this.#opened.unknownLosses) this.#losses.unknown(reason);
    this.#cleanups.use(await serveControl(claim, this.#answers()));
    this.#listener.enlargeBuffers(this.#keeper.registry.config.receiveBufferBytes);
    this.#listener.start();
    this.#cleanups.use(
      new RegistryWatch({
        path: this.#file.path,
        seen,
        isSettled,
        clock: this.#deps.clock,
        onChange: (isSettled) => this.#registryCare.notice(isSettled),
      }),
    );
    this.#startPoolCare();
    this.#housekeeper = this.#cleanups.use(
      new Housekeeper({
        step: () => {
          this.#identity.refresh();
          this.#listener.tellLosses();
          this.#lineBudget.catchUp();
          // What is delivered but not written would count as dropped.
          this.#commit.flush();
          return this.#spoolCare.step();
        },
        schedule,
        onError: ({ message }) => {
          // A full disk is told of by whoever has something to write.
          if (this.#spoolOk) this.#logger.log("ERROR", "spool not tidied up", { error: message });
        },
      }),
    );
    this.#logger.log("INFO", "ready", {
      version: this.#options.version,
      listening: this.addresses.map(formatListenAddress).join(","),
      node: this.#identity.id,
      registry: this.#file.path,
      webhooks: this.#keeper.registry.webhooks.length,
      waiting: Math.max(0, ...this.#spool.cursors().map(({ pending }) => pending)),
    });
    if (this.#identity.isSubstitute) {
      const hint = "a made-up one is used until glusterd makes its own";
      this.#logger.log("INFO", "glusterd has no id for this node yet", { hint });
    }
    await this.#registryCare.warnIfOpen();
  }

  #startPoolCare(): void {
    const { pool, clock, random } = this.#deps;
    if (pool === undefined) return;
    this.#poolCare = this.#cleanups.use(
      new PoolCare({
        access: pool,
        workdir: this.#options.workdir,
        file: this.#file,
        clock,
        random,
        logger: this.#logger,
        onTaken: () => this.#registryCare.reload(),
      }),
    );
  }

  #finish(): void {
    if (this.#commit.close()) {
      this.#logger.log("INFO", "stopped");
    } else {
      this.#logger.log("ERROR", "stopped, events are lost", { events: this.#commit.held });
    }
  }

  #answers(): ControlHandlers {
    return controlHandlers({
      status: () => this.status(),
      reload: () => this.reload(),
      desk: this.#desk,
      deps: this.#deps,
      logger: this.#logger,
    });
  }

  #committed(events: number): void {
    if (events > 0 || this.#lanes.isHeldUp) this.#dispatcher.wake();
    if (this.#spoolCare.isUrgent) this.#housekeeper?.hurry();
  }

  #takeHealth(health: SpoolHealth): void {
    this.#spoolOk = health.ok;
    logSpoolHealth(this.#logger, health);
    if (!health.ok || health.lost === 0) return;
    this.#losses.lost(health.lost);
  }
}

function schedule(callback: () => void, delayMs: number): () => void {
  const timer = setTimeout(callback, delayMs);
  return () => clearTimeout(timer);
}
