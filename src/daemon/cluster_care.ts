/**
 * Keeps the picture of the cluster, and asks glusterd for it when somebody wants to see it and it may
 * have changed.
 *
 * @module
 */
import { type ClusterAnswer, NoClusterError } from "../api/cluster_answer.ts";
import { formatTime } from "../api/rfc3339.ts";
import { markChanges } from "../cluster/compare_pictures.ts";
import { busyVolumes, drawCluster } from "../cluster/draw_cluster.ts";
import { toFault } from "../cluster/gluster_faults.ts";
import { endedBy, type GlusterCommand } from "../cluster/gluster_command.ts";
import { type ClusterOutcome, readCluster } from "../cluster/read_cluster.ts";
import { type Clock, sleepUnlessAborted } from "../dispatcher/clock.ts";
import { type ClusterPicture, EMPTY_PICTURE } from "../event/cluster_picture.ts";
import { drawEvent } from "../event/draw_event.ts";
import type { EventPayload } from "../event/event.ts";
import { isWithin } from "../std/async.ts";

/** What the care works with. */
export interface ClusterCareDeps {
  readonly gluster: GlusterCommand;
  /** The host name of this node. */
  readonly hostname: () => string;
  readonly clock: Clock;
}

/** What an event says, as webhooks get it; an older version has stored some without `host`. */
export type NotedEvent = Omit<EventPayload, "host"> & Partial<Pick<EventPayload, "host">>;

/** What changes the cluster, or shows that it has changed. */
const CHANGING = /^(?:PEER|VOLUME|BRICK|SVC|AFR|EC|QUORUM|CLIENT_QUORUM|POSIX|SNAPSHOT|UNKNOWN)_/;
/** What somebody does to a volume, who may do more of it at once. */
const DOING = /^(?:VOLUME|SNAPSHOT)_/;
/**
 * glusterd locks a volume while it tells of it: a command on that volume fails meanwhile. Scripts
 * run one after the other.
 */
const QUIET_MS = 1000;
/** The least between two questions. */
const APART_MS = 1000;
/**
 * The same as a multiple of the time that reading the answers took, during which nothing else is
 * done here: of a cluster of thousands of bricks they take a second.
 */
const APART_TIMES = 10;
/** How long a picture counts if nothing is heard. */
const LONGEST_MS = 300_000;
/** Who wants to see the cluster asks for it after each event. */
const WATCHED_MS = 600_000;
/** What an event has told is answered before glusterd is asked whether it is so. */
const ANSWER_FIRST_MS = 100;
/** How long whoever asks waits for glusterd, if there is a picture already. */
const LONGEST_WAIT_MS = 200;
/** Where something happens all the time, glusterd is right at last. */
const MOST_SKIPPED = 3;
/** How long a question at work may keep the daemon from stopping. */
const LONGEST_STOP_MS = 2000;

/** Knows the cluster. Times are those of the steady clock. */
export class ClusterCare implements AsyncDisposable {
  readonly #deps: ClusterCareDeps;
  readonly #stop = new AbortController();
  #picture: ClusterPicture | undefined;
  #refreshedAt: string | null = null;
  #problem: string | null = null;
  #wantedMs = -Infinity;
  #askedMs = -Infinity;
  #apartMs = APART_MS;
  #doneMs = -Infinity;
  /** Whether something may have changed since glusterd was asked. */
  #isStale = true;
  #asking: Promise<void> | undefined;
  /** How many events have changed the picture, and how many of them glusterd has confirmed. */
  #drawn = 0;
  #confirmed = 0;
  /** How many answers of glusterd in a row were older than what was heard. */
  #skipped = 0;
  /** Those who wait for glusterd, to be told that something was heard. */
  readonly #waiting = new Set<() => void>();
  #isAbsent = false;
  #isPresent = false;

  constructor(deps: ClusterCareDeps) {
    this.#deps = { ...deps, gluster: endedBy(this.#stop.signal, deps.gluster) };
  }

  /**
   * Something happened on this node or another.
   *
   * @param tell What it says; with it the picture shows it at once, and glusterd confirms it later.
   */
  noteEvent(event: string, tell?: () => NotedEvent): void {
    if (!CHANGING.test(event)) return;
    this.#isStale = true;
    const nowMs = this.#deps.clock.steadyNow();
    if (DOING.test(event)) this.#doneMs = nowMs;
    const isWatched = nowMs - this.#wantedMs <= WATCHED_MS;
    if (tell === undefined || this.#picture === undefined || !isWatched) return;
    const before = this.#picture;
    this.#picture = drawEvent(before, { host: "", ...tell() }, this.#deps.clock.now());
    if (this.#picture === before) return;
    this.#drawn++;
    for (const wake of this.#waiting) wake();
  }

  /**
   * The cluster as it is known now; glusterd is asked first if it may be asked and there is a reason
   * to.
   *
   * @throws {NoClusterError} If there is none.
   */
  async answer(): Promise<ClusterAnswer> {
    this.#wantedMs = this.#deps.clock.steadyNow();
    if (this.#isDue()) this.#asking ??= this.#ask();
    if (this.#asking !== undefined) await this.#wait(this.#asking);
    if (this.#isAbsent) throw new NoClusterError();
    return {
      ...this.#picture ?? EMPTY_PICTURE,
      refreshed_at: this.#refreshedAt,
      confirmed: this.#asking === undefined && !this.#isOld(),
      problem: this.#problem,
    };
  }

  /** Whether this machine has a `gluster` command; once it has, it is not asked again. */
  async isThere(): Promise<boolean> {
    this.#isPresent ||= await this.#deps.gluster(["--version"]) !== undefined;
    return this.#isPresent;
  }

  /** Ends what glusterd is being asked. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    if (this.#asking !== undefined) await isWithin(LONGEST_STOP_MS, this.#asking);
  }

  /** glusterd answers nobody while it starts or stops a volume, which takes seconds. */
  async #wait(asking: Promise<void>): Promise<void> {
    if (this.#picture === undefined) return await asking;
    // What has been heard is newer than what glusterd is about to tell.
    if (this.#drawn !== this.#confirmed) return;
    const { promise: heard, resolve } = Promise.withResolvers<void>();
    this.#waiting.add(resolve);
    await isWithin(LONGEST_WAIT_MS, Promise.race([asking, heard]));
    this.#waiting.delete(resolve);
  }

  #isDue(): boolean {
    const nowMs = this.#deps.clock.steadyNow();
    const isQuiet = nowMs - this.#doneMs >= QUIET_MS || this.#picture === undefined;
    return isQuiet && this.#isOld() && nowMs - this.#askedMs >= this.#apartMs &&
      !this.#stop.signal.aborted;
  }

  #isOld(): boolean {
    return this.#isStale || this.#isAbsent || this.#problem !== null ||
      this.#deps.clock.steadyNow() - this.#askedMs >= LONGEST_MS;
  }

  async #ask(): Promise<void> {
    const { clock, gluster } = this.#deps;
    this.#askedMs = clock.steadyNow();
    let answeredMs: number | undefined;
    try {
      // To start three commands holds everything up, and what was heard can be told meanwhile.
      const isHeard = this.#picture !== undefined && this.#drawn !== this.#confirmed;
      const rest = { ms: ANSWER_FIRST_MS, signal: this.#stop.signal };
      if (isHeard && !await sleepUnlessAborted(clock, rest)) return;
      this.#isStale = false;
      const drawn = this.#drawn;
      const outcome = await readCluster(gluster, () => answeredMs = clock.steadyNow());
      // What was heard meanwhile may be missing from it, and would vanish for a moment.
      const isOlder = this.#drawn !== drawn && this.#skipped < MOST_SKIPPED;
      this.#skipped = isOlder ? this.#skipped + 1 : 0;
      if (isOlder) return;
      this.#take(outcome);
      this.#confirmed = drawn;
    } catch (error) {
      this.#problem = error instanceof Error ? error.message : String(error);
    } finally {
      const readMs = answeredMs === undefined ? 0 : clock.steadyNow() - answeredMs;
      this.#apartMs = Math.max(APART_MS, APART_TIMES * readMs);
      this.#asking = undefined;
    }
  }

  #take(outcome: ClusterOutcome | undefined): void {
    // A command that was there before is not gone, but cannot be run at the moment.
    this.#isAbsent = outcome === undefined && this.#picture === undefined;
    if (this.#isAbsent) return;
    if (outcome === undefined || "problem" in outcome) {
      this.#problem = outcome?.problem ?? toFault(undefined).error;
      return;
    }
    const at = formatTime(this.#deps.clock.now());
    const facts = { ...outcome, ownHost: this.#deps.hostname() };
    const before = this.#picture;
    this.#picture = markChanges({ before, now: drawCluster(facts, before) }, at);
    const busy = busyVolumes(facts);
    this.#problem = busy.length === 0
      ? null
      : `glusterd was busy with ${busy.join(", ")}: whether the bricks run is not known`;
    this.#refreshedAt = at;
  }
}
