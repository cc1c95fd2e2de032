/**
 * The life of a daemon: how it starts, what it does while it runs, and how it stops.
 *
 * @module
 */
import type { ReloadOutcome } from "../api/control_handlers.ts";
import { serveControl } from "../api/control_server.ts";
import type { StatusReport } from "../api/status_report.ts";
import { endedBy } from "../cluster/gluster_command.ts";
import { toPayload } from "../event/event.ts";
import { formatListenAddress, type ListenAddress } from "../listener/listen_address.ts";
import { Answers } from "./answers.ts";
import { ApiCare } from "./api_care.ts";
import { ClusterCare } from "./cluster_care.ts";
import type { DaemonDeps, DaemonOptions } from "./daemon_options.ts";
import { connectParts, type DaemonParts } from "./daemon_parts.ts";
import { type DaemonResources, openResources } from "./daemon_resources.ts";
import { Housekeeper } from "./housekeeper.ts";
import { LinkGate } from "./links/link_gate.ts";
import { PoolCare } from "./pool_care.ts";
import { RegistryWatch } from "./registry_watch.ts";
import { schedule } from "./schedule.ts";

/** A running daemon. */
export class Daemon implements AsyncDisposable {
  readonly #options: DaemonOptions;
  readonly #deps: DaemonDeps;
  readonly #resources: DaemonResources;
  readonly #parts: DaemonParts;
  readonly #answers: Answers;
  #housekeeper: Housekeeper | undefined;
  #poolCare: PoolCare | undefined;
  #apiCare: ApiCare | undefined;
  readonly #clusterCare: ClusterCare | undefined;
  readonly #stopped = new AbortController();

  private constructor(
    resources: DaemonResources,
    { options, deps: given }: { readonly options: DaemonOptions; readonly deps: DaemonDeps },
  ) {
    const deps = withEndOf(given, this.#stopped.signal);
    this.#options = options;
    this.#deps = deps;
    this.#resources = resources;
    this.#clusterCare = deps.pool && new ClusterCare({
      gluster: deps.pool.gluster,
      hostname: () => resources.identity.host,
      clock: deps.clock,
    });
    this.#parts = connectParts({
      options,
      deps,
      resources,
      onEvent: (event) => {
        this.#poolCare?.noteEvent(event.event);
        this.#clusterCare?.noteEvent(event.event, () => toPayload(event));
      },
      onHeard: (event, isLate) => {
        if (event.nodeid === resources.identity.id) return;
        // What was so once is no picture of what is: then glusterd is asked.
        this.#clusterCare?.noteEvent(event.event, isLate ? undefined : () => event);
      },
      onRegistryChanged: () => {
        this.#poolCare?.registryChanged();
        this.#answers.registryChanged();
        void this.#apiCare?.look();
      },
      onSpoolUrgent: () => this.#housekeeper?.hurry(),
    });
    this.#answers = new Answers({
      options,
      deps,
      resources,
      parts: this.#parts,
      api: () => this.#apiCare?.status,
      cluster: this.#clusterCare,
    });
  }

  /**
   * Starts a daemon. If anything fails, nothing stays open and the error says what and why.
   *
   * @throws {InvalidRegistryError | RegistryAccessError | ControlSocketError | SpoolError |
   *   NodeIdentityError | ListenError}
   */
  static async start(options: DaemonOptions, deps: DaemonDeps): Promise<Daemon> {
    const daemon = new Daemon(await openResources(options, deps), { options, deps });
    try {
      await daemon.#run();
      return daemon;
    } catch (error) {
      await daemon.stop();
      throw error;
    }
  }

  /** The UDP addresses it listens on. */
  get addresses(): ListenAddress[] {
    return this.#parts.listener.addresses;
  }

  /** How it is doing. */
  status(): StatusReport {
    return this.#answers.status();
  }

  /** Reads the registry and takes it over; a bad one changes nothing. */
  async reload(): Promise<ReloadOutcome> {
    const outcome = await this.#parts.registryCare.reload();
    // Also if the registry is the same: a file may be readable by now, or a port free.
    await this.#apiCare?.look();
    return outcome;
  }

  /**
   * Reads the registry as if its file had just changed: what it does not hold any more is taken
   * away only when the file is seen not to change.
   */
  async notice(): Promise<void> {
    await this.#parts.registryCare.notice(false);
  }

  /**
   * Stops: requests in flight may end, what is not delivered stays in the spool.
   *
   * @returns How many events are lost because the spool could not be written.
   */
  async stop(): Promise<number> {
    this.#parts.delivery.beginStop();
    // They would go on for ever, and the gate and the control socket wait for what they answer.
    this.#parts.streams[Symbol.dispose]();
    this.#parts.links?.[Symbol.dispose]();
    await this.#resources.cleanups.disposeAsync();
    // Nobody waits for these any more: glusterd can take minutes to answer.
    this.#stopped.abort();
    return this.#parts.delivery.commit.held;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #run(): Promise<void> {
    const { cleanups, claim } = this.#resources;
    const { delivery, listener, keeper, registryCare } = this.#parts;
    // The last one added is undone first: no new events, then the lanes, then the last commit.
    cleanups.use(delivery);
    cleanups.defer(() => listener.close());
    const isSettled = keeper.start();
    // Not before the webhooks have cursors: theirs begin with the next event.
    delivery.tellUnknownLosses();
    if (this.#clusterCare !== undefined) cleanups.use(this.#clusterCare);
    const link = this.#makeLinkGate();
    const reload = () => this.reload();
    cleanups.use(await serveControl(claim, this.#answers.handlers({ link, reload })));
    cleanups.use(link);
    await this.#startApi();
    listener.enlargeBuffers(keeper.registry.config.receiveBufferBytes);
    listener.start();
    this.#watchRegistry(isSettled);
    this.#startPoolCare();
    this.#startHousekeeping();
    this.#tellReady();
    await registryCare.warnIfOpen();
  }

  async #startApi(): Promise<void> {
    const { cleanups, claim, logger } = this.#resources;
    const { keeper } = this.#parts;
    this.#apiCare = cleanups.use(
      new ApiCare({
        settings: () => keeper.registry.config.api,
        socket: claim.path,
        logger,
        steadyNow: this.#deps.clock.steadyNow,
        schedule,
      }),
    );
    await this.#apiCare.look();
  }

  #makeLinkGate(): LinkGate {
    const { claim, identity, logger } = this.#resources;
    const { clock: { steadyNow }, random } = this.#deps;
    const { path: socket } = claim;
    return new LinkGate({ socket, node: () => identity.id, logger, steadyNow, random, schedule });
  }

  #watchRegistry(isSettled: boolean): void {
    const { cleanups, file, seen } = this.#resources;
    const { registryCare } = this.#parts;
    cleanups.use(
      new RegistryWatch({
        path: file.path,
        seen,
        isSettled,
        clock: this.#deps.clock,
        onChange: (isSettled) => registryCare.notice(isSettled),
      }),
    );
  }

  #startPoolCare(): void {
    const { pool, clock, random } = this.#deps;
    if (pool === undefined) return;
    const { cleanups, file, logger } = this.#resources;
    this.#poolCare = cleanups.use(
      new PoolCare({
        access: pool,
        workdir: this.#options.workdir,
        file,
        clock,
        random,
        logger,
        onTaken: () => this.reload(),
      }),
    );
  }

  #startHousekeeping(): void {
    const { cleanups, identity, logger } = this.#resources;
    const { delivery, listener, spoolCare } = this.#parts;
    const certificates = cleanups.use(this.#parts.certificates);
    this.#housekeeper = cleanups.use(
      new Housekeeper({
        step: () => {
          identity.refresh();
          listener.tellLosses();
          delivery.catchUp();
          certificates.step();
          return spoolCare.step();
        },
        schedule,
        onError: ({ message }) => {
          // A full disk is told of by whoever has something to write.
          if (delivery.isSpoolOk) logger.log("ERROR", "spool not tidied up", { error: message });
        },
      }),
    );
  }

  #tellReady(): void {
    const { file, identity, logger, opened: { spool } } = this.#resources;
    logger.log("INFO", "ready", {
      version: this.#options.version,
      listening: this.addresses.map(formatListenAddress).join(","),
      node: identity.id,
      registry: file.path,
      webhooks: this.#parts.keeper.registry.webhooks.length,
      waiting: Math.max(0, ...spool.cursors().map(({ pending }) => pending)),
    });
    if (!identity.isSubstitute) return;
    const hint = "a made-up one is used until glusterd makes its own";
    logger.log("INFO", "glusterd has no id for this node yet", { hint });
  }
}

/** The same, with a `gluster` that does not outlive the daemon. */
function withEndOf(deps: DaemonDeps, signal: AbortSignal): DaemonDeps {
  const { pool } = deps;
  return pool === undefined
    ? deps
    : { ...deps, pool: { ...pool, gluster: endedBy(signal, pool.gluster) } };
}
