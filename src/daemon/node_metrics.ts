/**
 * The figures of a node as a whole. Names that were published stay.
 *
 * @module
 */
import type { Labels, MetricFamily, Sample } from "../api/metrics_text.ts";
import type { StatusReport } from "../api/status_report.ts";
import type { SharedConfig } from "../registry/schema.ts";
import type { Histogram } from "./histogram.ts";
import type { TypeCount } from "./intake_counts.ts";
import type { ProcessUsage } from "./process_usage.ts";

/** In front of all names. */
export const PREFIX = "gluster_eventing_";

/** What it is, which registry it goes by, and how its API is doing. */
export function nodeMetrics(
  { version, node_id, registry, webhooks, api }: StatusReport,
  { host, registryTakenOverMs }: { readonly host: string; readonly registryTakenOverMs: number },
): MetricFamily[] {
  return [
    gauge("build_info", "Always 1, with the version of the daemon.", 1, { version }),
    gauge("node_info", "Always 1, with the UUID and the name of the node.", 1, { node_id, host }),
    gauge(
      "registry_generation",
      "The generation of the registry in force; all nodes of a pool should have the same.",
      registry.generation,
    ),
    gauge(
      "registry_valid",
      "1 if the registry's file could be taken over when it was last read, else 0: then the one " +
        "before is in force.",
      Number(registry.problems.length === 0),
    ),
    gauge(
      "registry_taken_over_timestamp_seconds",
      "When the registry in force was taken over, in seconds since 1970.",
      registryTakenOverMs / 1000,
    ),
    gauge("webhooks", "Webhooks in the registry in force.", webhooks.length),
    gauge(
      "api_ok",
      "1 if the API over TCP is served as the registry wants it, be it not at all, else 0.",
      Number(api.problem === null),
    ),
    counter(
      "api_refused_total",
      "Requests and connections to the API over TCP that were refused since the daemon started.",
      api.refused,
    ),
  ];
}

/** What came in, and what did not. */
export function intakeMetrics(
  { events }: StatusReport,
  received: readonly TypeCount[],
): MetricFamily[] {
  return [
    counter(
      "events_received_total",
      "Events that were taken into the spool since it was made.",
      events.received,
    ),
    {
      name: `${PREFIX}events_received_by_type_total`,
      help: "Events that Gluster sent since the daemon started, by type; UNKNOWN stands for all " +
        "types that the catalog does not know.",
      type: "counter",
      samples: received.map(({ count, ...labels }) => ({ labels, value: count })),
    },
    counter(
      "datagrams_refused_total",
      "Datagrams that were no events, since the spool was made.",
      events.refused,
    ),
    counter(
      "datagrams_denied_total",
      "Datagrams from sources that allow-from does not list, since the daemon started.",
      events.denied,
    ),
    {
      name: `${PREFIX}kernel_drops_total`,
      help: "Datagrams that the kernel threw away before they were read, since the daemon " +
        "started; absent if it does not tell.",
      type: "counter",
      samples: sampleIfKnown(events.kernel_drops),
    },
    counter(
      "events_lost_total",
      "Events that could not be kept because the spool could not be written, since it was made.",
      events.lost,
    ),
    gauge(
      "events_held",
      "Events in memory that are not on disk yet; many if the spool cannot be written.",
      events.held,
    ),
  ];
}

/** How the spool is doing. */
export function spoolMetrics(
  { spool }: StatusReport,
  { usedBytes, setAsides, config, commitDurations }: {
    readonly usedBytes: number;
    readonly setAsides: number;
    readonly config: Pick<SharedConfig, "spoolMaxBytes" | "historyMaxBytes">;
    readonly commitDurations: Histogram;
  },
): MetricFamily[] {
  return [
    gauge(
      "spool_ok",
      "1 if the spool could be written when that was last tried, else 0.",
      Number(spool.ok),
    ),
    gauge(
      "spool_used_bytes",
      "How much of the disk the spool uses: events that wait, history, attempts and dead letters.",
      usedBytes,
    ),
    gauge(
      "spool_limit_bytes",
      "spool-max-size: above it history is forgotten, and then the oldest waiting events dropped.",
      config.spoolMaxBytes,
    ),
    gauge(
      "history_limit_bytes",
      "history-max-size: how much of it may be events that all webhooks are done with.",
      config.historyMaxBytes,
    ),
    counter(
      "spool_set_aside_total",
      "Files of the spool that were no good and were set aside since the daemon started.",
      setAsides,
    ),
    {
      name: `${PREFIX}spool_commit_duration_seconds`,
      help: "How long commits of the spool took since the daemon started, failed ones included.",
      type: "histogram",
      samples: [commitDurations.sample()],
    },
  ];
}

/** What the process takes of the machine. */
export function processMetrics(
  { started_at }: StatusReport,
  { residentBytes, cpuSeconds, openFiles }: ProcessUsage,
): MetricFamily[] {
  return [
    gauge("process_resident_memory_bytes", "Memory of the daemon in RAM.", residentBytes),
    counter("process_cpu_seconds_total", "Processor time that the daemon took.", cpuSeconds),
    gauge(
      "process_start_time_seconds",
      "When the daemon started, in seconds since 1970.",
      Date.parse(started_at) / 1000,
    ),
    {
      name: `${PREFIX}process_open_fds`,
      help: "Files and sockets that the daemon has open; absent if the machine does not tell.",
      type: "gauge",
      samples: sampleIfKnown(openFiles),
    },
  ];
}

/** One sample, or none of what is not known. */
export function sampleIfKnown(value: number | null | undefined, labels?: Labels): Sample[] {
  if (value === null || value === undefined) return [];
  return [labels === undefined ? { value } : { labels, value }];
}

function gauge(name: string, help: string, value: number, labels?: Labels): MetricFamily {
  return { name: PREFIX + name, help, type: "gauge", samples: sampleIfKnown(value, labels) };
}

function counter(name: string, help: string, value: number): MetricFamily {
  return { name: PREFIX + name, help, type: "counter", samples: [{ value }] };
}
