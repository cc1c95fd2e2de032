/**
 * What is odd about the events that come from each node: twice the same, in another order than they
 * were reported in, missing. Each path is a webhook of its own, with its own order.
 *
 * @module
 */
import { GAP_EVENT } from "../event/gap_event.ts";
import { remember } from "../std/remember.ts";
import { isUlid } from "../std/ulid.ts";
import type { ShapedEvent } from "./event_shapes.ts";
import type { HookMark, NodeCounts } from "./hook_report.ts";
import type { Oddity } from "./show_request.ts";

/** How much is remembered: what is beyond is forgotten, the oldest first. */
const MOST_DELIVERIES = 5000;
const MOST_LANES = 512;
const MOST_NODES = 128;
/** Of ids and names of nodes, and of paths: longer ones are not compared. */
const LONGEST_ID = 128;
const LONGEST_PATH = 512;
/** Stands for all nodes beyond the first. */
const OTHER_NODES = "(other nodes)";

const SEQUENCE = /^\d{1,20}$/;

type Counts = { -readonly [Key in keyof NodeCounts]: NodeCounts[Key] };

/** An event that came, and what became of it. */
interface Delivery {
  isTaken: boolean;
}

/** The events of one node for one path. */
interface Lane {
  newestId: string;
  newestSequence: bigint | undefined;
}

/** A delivery whose answer is still to come. */
export interface OpenDelivery {
  /** Says what was answered. */
  answered(status: number | null): void;
}

/** Keeps what was seen of each node. */
export class NodeLedger {
  readonly #deliveries = new Map<string, Delivery>();
  readonly #lanes = new Map<string, Lane>();
  readonly #nodes = new Map<string, Counts>();

  /** What each node's events add up to, by host name. */
  counts(): NodeCounts[] {
    return [...this.#nodes.values()].map((counts) => ({ ...counts }))
      .sort((a, b) => a.host.localeCompare(b.host) || a.nodeid.localeCompare(b.nodeid));
  }

  /** Takes the events of a request. @returns What is odd about each. */
  enter(
    events: readonly ShapedEvent[],
    path: string,
  ): { readonly oddities: readonly Oddity[]; readonly delivery: OpenDelivery } {
    const open = new Set<Delivery>();
    const oddities = events.map((event) => this.#enterOne(event, path, open));
    const answered = (status: number | null) => {
      const isTaken = status !== null && status >= 200 && status <= 299;
      if (isTaken) { for (const delivery of open) delivery.isTaken = true; }
    };
    return { oddities, delivery: { answered } };
  }

  #enterOne(event: ShapedEvent, path: string, open: Set<Delivery>): Oddity {
    const { shown, id } = event;
    // What is no event is counted for no node.
    if (event.payload === undefined && id === "") return { marks: [], note: "" };
    const counts = this.#countsOf(shown);
    counts.events++;
    const lane = laneOf(path, shown.node);
    const known = lane === undefined ? undefined : this.#deliveryOf(id, lane);
    // An event can open one alert and close another, both in one request.
    const isTwice = known !== undefined && open.has(known.delivery);
    if (known !== undefined) open.add(known.delivery);
    if (isTwice) return { marks: [], note: "" };
    if (known?.isNew === false) return again(known.delivery, counts);
    const oddity = shown.node === "-" || lane === undefined
      ? { marks: [], note: "" }
      : this.#follow(event, this.#laneOf(lane), counts);
    const gap = gapOf(event);
    if (gap === undefined) return oddity;
    counts.gaps += gap.missing;
    return { marks: [...oddity.marks, "gap"], note: [gap.note, oddity.note].join(" ").trim() };
  }

  /** Compares an event that was not seen yet with those before it. */
  #follow({ id, sequence }: ShapedEvent, lane: Lane, counts: Counts): Oddity {
    const marks: HookMark[] = [];
    const notes: string[] = [];
    if (isUlid(id)) {
      if (id < lane.newestId) {
        marks.push("out of order");
        notes.push(`A newer event of this node came before, ${lane.newestId}.`);
        counts.disorder++;
      } else lane.newestId = id;
    }
    if (sequence !== undefined && SEQUENCE.test(sequence)) {
      const place = BigInt(sequence);
      const skipped = lane.newestSequence === undefined ? 0n : place - lane.newestSequence - 1n;
      if (skipped > 0n) {
        counts.skipped += Number(skipped);
        notes.push(
          `${skipped} of the node's numbers were left out before it: ` +
            "a filter did not want those events, or they are missing.",
        );
      }
      if (lane.newestSequence === undefined || place > lane.newestSequence) {
        lane.newestSequence = place;
      }
    }
    return { marks, note: notes.join(" ") };
  }

  #countsOf({ node, host = "" }: ShapedEvent["shown"]): Counts {
    const nodeid = node === "-" ? "" : ifShort(node);
    const name = ifShort(host);
    const isFull = this.#nodes.size >= MOST_NODES && !this.#nodes.has(nodeid);
    const key = isFull ? OTHER_NODES : nodeid;
    const known = this.#nodes.get(key);
    if (known !== undefined) {
      if (!isFull && name !== "") known.host = name;
      return known;
    }
    const counts = {
      nodeid: key,
      host: isFull ? "" : name,
      events: 0,
      duplicates: 0,
      retries: 0,
      disorder: 0,
      gaps: 0,
      skipped: 0,
    };
    this.#nodes.set(key, counts);
    return counts;
  }

  #deliveryOf(
    id: string,
    lane: string,
  ): { readonly delivery: Delivery; readonly isNew: boolean } | undefined {
    if (id === "" || id.length > LONGEST_ID) return undefined;
    const key = `${id}\n${lane}`;
    const known = this.#deliveries.get(key);
    if (known !== undefined) return { delivery: known, isNew: false };
    const delivery = { isTaken: false };
    remember(this.#deliveries, [key, delivery], MOST_DELIVERIES);
    return { delivery, isNew: true };
  }

  #laneOf(key: string): Lane {
    const lane = this.#lanes.get(key) ?? { newestId: "", newestSequence: undefined };
    // Those that are used stay.
    remember(this.#lanes, [key, lane], MOST_LANES);
    return lane;
  }
}

/** What stands for the events of one node for one path. */
function laneOf(path: string, node: string): string | undefined {
  if (path.length > LONGEST_PATH || node.length > LONGEST_ID) return undefined;
  return `${path}\n${node}`;
}

/** The beginning of a long text would keep all of it in memory. */
function ifShort(text: string): string {
  return text.length > LONGEST_ID ? "" : text;
}

function again({ isTaken }: Delivery, counts: Counts): Oddity {
  if (isTaken) {
    counts.duplicates++;
    return { marks: ["duplicate"], note: "It came before, and was answered with success." };
  }
  counts.retries++;
  return { marks: ["retry"], note: "It came before, and was not answered with success." };
}

/** What an event says about others that are missing. */
function gapOf({ payload }: ShapedEvent): { missing: number; note: string } | undefined {
  if (payload?.event !== GAP_EVENT) return undefined;
  const { missing, reason } = payload.message;
  const count = typeof missing === "string" && /^\d{1,12}$/.test(missing) ? Number(missing) : 0;
  const what = count === 0 ? "Nobody knows how many events are" : `${count} events are`;
  const why = typeof reason === "string" ? `: ${reason}` : "";
  return { missing: count, note: `${what} missing${why}.` };
}
