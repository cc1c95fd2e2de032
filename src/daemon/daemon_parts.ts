/**
 * The parts of a daemon, connected with each other; none of them runs by itself yet.
 *
 * @module
 */
import type { GlusterEvent } from "../event/event.ts";
import { KernelSockets } from "../listener/kernel_sockets.ts";
import { Listener } from "../listener/listener.ts";
import { SourceFilter } from "../listener/source_filter.ts";
import type { FollowEvents } from "../api/event_stream.ts";
import type { SharedConfig } from "../registry/schema.ts";
import { CertificateCare } from "./certificate_care.ts";
import type { DaemonDeps, DaemonOptions } from "./daemon_options.ts";
import type { DaemonResources } from "./daemon_resources.ts";
import { DeliveryPath } from "./delivery_path.ts";
import { EventFeed } from "./event_feed.ts";
import { EventStreams } from "./event_streams.ts";
import { hearLive, type HearLiveOptions } from "./hear_live.ts";
import { IntakeCounts } from "./intake_counts.ts";
import { connectCluster } from "./links/connect_cluster.ts";
import type { NodeLinks } from "./links/node_links.ts";
import { logListenerNotice } from "./notices.ts";
import { RegistryCare } from "./registry_care.ts";
import { RegistryKeeper } from "./registry_keeper.ts";
import { schedule } from "./schedule.ts";
import { SpoolCare } from "./spool_care.ts";
import { SpoolDesk } from "./spool_desk.ts";

/** What they are made of. */
export interface PartsOptions {
  readonly options: DaemonOptions;
  readonly deps: DaemonDeps;
  readonly resources: DaemonResources;
  /** Called with each event that comes in. */
  readonly onEvent: (event: GlusterEvent) => void;
  /** Called with each event of another node that is heard because somebody follows all nodes. */
  readonly onHeard: HearLiveOptions["onHeard"];
  /** Called when another registry is in force. */
  readonly onRegistryChanged: () => void;
  /** Called when the spool has to be seen to at once. */
  readonly onSpoolUrgent: () => void;
}

/** The parts. */
export interface DaemonParts {
  readonly delivery: DeliveryPath;
  readonly listener: Listener;
  readonly intake: IntakeCounts;
  readonly keeper: RegistryKeeper;
  readonly registryCare: RegistryCare;
  readonly spoolCare: SpoolCare;
  readonly desk: SpoolDesk;
  readonly streams: EventStreams;
  readonly certificates: CertificateCare;
  /** The ways to the other nodes, if there is a pool. */
  readonly links?: NodeLinks;
}

/** Connects them. */
export function connectParts(given: PartsOptions): DaemonParts {
  const { options, deps, resources } = given;
  const { file, initial, defaults, identity, logger, opened, sockets } = resources;
  const { spool } = opened;
  const { clock, newId } = deps;
  const config = (): SharedConfig => keeper.registry.config;
  const delivery = new DeliveryPath({
    ...deps,
    version: options.version,
    opened,
    identity,
    logger,
    onCommit: (events) => {
      if (spoolCare.isUrgent) given.onSpoolUrgent();
      feed.committed(events);
    },
  });
  const { commit, dispatcher } = delivery;
  const keeper = new RegistryKeeper({
    file,
    initial,
    defaults,
    spool,
    commit,
    dispatcher,
    logger,
  });
  const intake = new IntakeCounts();
  const sources = new SourceFilter(() => config().allowFrom);
  const listener = new Listener({
    sockets,
    kernel: KernelSockets.find(sockets),
    sink: commit,
    isAllowed: (address) => sources.allows(address),
    node: identity,
    newId,
    now: clock.now,
    steadyNow: clock.steadyNow,
    notify: (notice) => {
      logListenerNotice(logger, notice, !config().disableEventsLog);
      if (notice.kind !== "event_received") return;
      intake.add(notice.event.event);
      given.onEvent(notice.event);
      cluster?.links.noteEvent(notice.event.event);
    },
  });
  const registryCare = new RegistryCare({
    keeper,
    identity,
    logger,
    path: file.path,
    isPortConfigured: options.listen === undefined,
    onBufferSize: (bytes) => listener.enlargeBuffers(bytes),
    onChanged: given.onRegistryChanged,
  });
  const spoolCare = new SpoolCare({
    spool,
    clock,
    newId,
    logger,
    config,
    webhooks: () => keeper.registry.webhooks,
    onDropped: () => dispatcher.forgetDropped(),
  });
  const breathe = () => new Promise<void>((resolve) => setTimeout(resolve));
  const feed = new EventFeed({ spool, commit, node: identity, clock, breathe, schedule });
  const local: FollowEvents = (query, signal) => feed.follow(query, signal);
  const cluster = deps.pool === undefined
    ? undefined
    : connectCluster({ ...deps, access: deps.pool, workdir: options.workdir, local });
  const streams = new EventStreams({
    node: local,
    ...(cluster === undefined ? {} : {
      cluster: {
        isThere: () => cluster.feed.isThere(),
        prepare: () => cluster.feed.prepare(),
        follow: (query, signal) => {
          const { now } = clock;
          return hearLive(cluster.feed.follow(query, signal), { now, onHeard: given.onHeard });
        },
      },
    }),
    logger,
  });
  const desk = new SpoolDesk({
    spool,
    commit,
    dispatcher,
    webhooks: () => keeper.registry.webhooks,
    clock,
    breathe,
  });
  const certificates = new CertificateCare({
    webhooks: () => keeper.registry.webhooks,
    look: deps.lookAtCertificate ?? (() => Promise.resolve(undefined)),
    clock,
    logger,
  });
  return {
    delivery,
    listener,
    intake,
    keeper,
    registryCare,
    spoolCare,
    desk,
    streams,
    certificates,
    ...(cluster === undefined ? {} : { links: cluster.links }),
  };
}
