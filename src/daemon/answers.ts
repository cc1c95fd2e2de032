/**
 * What a running daemon tells whoever asks: how it is doing, its figures, what the page has to know.
 *
 * @module
 */
import type { ControlHandlers, ReloadOutcome } from "../api/control_handlers.ts";
import type { ApiStatus, StatusReport } from "../api/status_report.ts";
import type { ClusterCare } from "./cluster_care.ts";
import { controlHandlers } from "./control_handlers.ts";
import type { DaemonDeps, DaemonOptions } from "./daemon_options.ts";
import type { DaemonParts } from "./daemon_parts.ts";
import type { DaemonResources } from "./daemon_resources.ts";
import { describePage } from "./describe_page.ts";
import type { LinkGate } from "./links/link_gate.ts";
import { MetricsDesk } from "./metrics_desk.ts";
import { buildStatus } from "./status.ts";

/** What the answers are taken from. */
export interface AnswersDeps {
  readonly options: DaemonOptions;
  readonly deps: DaemonDeps;
  readonly resources: DaemonResources;
  readonly parts: DaemonParts;
  /** Where the API is served over TCP; `undefined` as long as nobody has seen to it. */
  readonly api: () => ApiStatus | undefined;
  /** Absent if the daemon has nothing to do with a pool. */
  readonly cluster: ClusterCare | undefined;
}

/** Answers from what is there already. */
export class Answers {
  readonly #from: AnswersDeps;
  readonly #startedMs: number;
  readonly #metrics: MetricsDesk;

  constructor(from: AnswersDeps) {
    this.#from = from;
    const { resources, parts, deps: { clock } } = from;
    this.#startedMs = clock.now();
    this.#metrics = new MetricsDesk({ resources, parts, now: clock.now });
  }

  /** Takes note that another registry is in force. */
  registryChanged(): void {
    this.#metrics.registryChanged();
  }

  /** How the daemon is doing. */
  status(): StatusReport {
    const { options, deps: { clock }, resources, parts, api } = this.#from;
    const { file, identity, opened: { spool, setAsides } } = resources;
    const { certificates, delivery, listener, keeper } = parts;
    return buildStatus({
      version: options.version,
      nowMs: clock.now(),
      startedMs: this.#startedMs,
      nodeId: identity.id,
      addresses: listener.addresses,
      api: api() ?? { listening: [], problem: null, refused: 0 },
      registryPath: file.path,
      registry: keeper.registry,
      problems: keeper.problems,
      spoolPath: spool.path,
      spoolOk: delivery.isSpoolOk,
      setAside: setAsides.at(-1)?.movedTo,
      totals: spool.totals,
      denied: listener.denied,
      held: delivery.commit.held,
      lost: delivery.commit.lost,
      kernelDrops: listener.kernelDrops,
      cursors: spool.cursors(),
      laneState: (name) => delivery.dispatcher.stateOf(name),
      expiryOf: (name) => certificates.expiryOf(name),
    });
  }

  /** What is answered on the control socket. */
  handlers(
    { link, reload }: {
      readonly link: LinkGate;
      readonly reload: () => Promise<ReloadOutcome>;
    },
  ): ControlHandlers {
    const { options, deps, resources, parts, cluster } = this.#from;
    return controlHandlers({
      link,
      reload,
      status: () => this.status(),
      metrics: () => this.#metrics.render(this.status()),
      page: async () =>
        describePage({
          version: options.version,
          startedMs: this.#startedMs,
          node: resources.identity,
          config: parts.keeper.registry.config,
          hasPool: await cluster?.isThere() ?? false,
          hasClusterStream: await parts.streams.hasCluster(),
        }),
      ...(cluster === undefined ? {} : { cluster: () => cluster.answer() }),
      desk: parts.desk,
      streams: parts.streams,
      deps,
      logger: resources.logger,
    });
  }
}
