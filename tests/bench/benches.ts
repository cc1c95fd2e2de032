/**
 * All benchmarks, in the order in which they run.
 *
 * @module
 */
import { backlog } from "./backlog.ts";
import type { Bench } from "./bench.ts";
import { burst } from "./burst.ts";
import { cost } from "./cost.ts";
import { latency } from "./latency.ts";
import { batches, inFlight, inOrder } from "./one_webhook.ts";
import { start } from "./start.ts";
import { webhooks } from "./webhooks.ts";

/** The benchmarks. */
export const BENCHES: readonly Bench[] = [
  { name: "burst", summary: "a burst as fast as one process can send it", run: burst },
  { name: "in-order", summary: "delivery to one webhook, in order", run: inOrder },
  { name: "in-flight", summary: "delivery to one webhook, 16 requests at a time", run: inFlight },
  { name: "batches", summary: "delivery to one webhook, 100 events in a request", run: batches },
  { name: "latency", summary: "from datagram to POST while nothing else happens", run: latency },
  { name: "webhooks", summary: "the same deliveries to few and to many webhooks", run: webhooks },
  { name: "backlog", summary: "events that wait for a paused webhook", run: backlog },
  { name: "cost", summary: "memory and processor time of a steady load", run: cost },
  { name: "start", summary: "how long it takes to start", run: start },
];
