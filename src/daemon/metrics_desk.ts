/**
 * Answers what the daemon's figures are at the moment. All of them are there already: asking costs
 * no more than writing them down.
 *
 * @module
 */
import { renderMetrics } from "../api/metrics_text.ts";
import type { StatusReport } from "../api/status_report.ts";
import type { DaemonParts } from "./daemon_parts.ts";
import type { DaemonResources } from "./daemon_resources.ts";
import { intakeMetrics, nodeMetrics, processMetrics, spoolMetrics } from "./node_metrics.ts";
import { readProcessUsage } from "./process_usage.ts";
import { webhookMetrics } from "./webhook_metrics.ts";

/** What the figures are taken from, beside the status. */
export interface MetricsDeskDeps {
  readonly resources: Pick<DaemonResources, "identity" | "opened">;
  readonly parts: Pick<DaemonParts, "delivery" | "intake" | "keeper">;
  readonly now: () => number;
}

/** Writes the figures down when somebody asks. */
export class MetricsDesk {
  readonly #deps: MetricsDeskDeps;
  #registryTakenOverMs: number;

  constructor(deps: MetricsDeskDeps) {
    this.#deps = deps;
    this.#registryTakenOverMs = deps.now();
  }

  /** Takes note that another registry is in force: webhooks that are gone have no figures. */
  registryChanged(): void {
    const { parts: { delivery, keeper }, now } = this.#deps;
    this.#registryTakenOverMs = now();
    delivery.counts.retain(keeper.registry.webhooks);
  }

  /** The figures in Prometheus' text format. */
  render(status: StatusReport): string {
    const { resources: { identity, opened }, parts: { delivery, intake, keeper } } = this.#deps;
    const { spool, setAsides } = opened;
    // A request that was cut off may have brought back one that is gone.
    delivery.counts.retain(keeper.registry.webhooks);
    return renderMetrics([
      ...nodeMetrics(status, {
        host: identity.host,
        registryTakenOverMs: this.#registryTakenOverMs,
      }),
      ...intakeMetrics(status, intake.all()),
      ...spoolMetrics(status, {
        usedBytes: spool.usedBytes,
        setAsides: setAsides.length,
        config: keeper.registry.config,
        commitDurations: delivery.commitDurations,
      }),
      ...webhookMetrics(status, {
        countsOf: (name) => delivery.counts.of(name),
        deadLettersOf: (name) => spool.deadLettersOf(name),
      }),
      ...processMetrics(status, readProcessUsage()),
    ]);
  }
}
