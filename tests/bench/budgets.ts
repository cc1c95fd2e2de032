/**
 * What the program may cost and has to reach, and whether it does.
 *
 * @module
 */
import { show, showMs } from "../soak/figures.ts";

/** The figures by which the budgets are judged. Rates are events per second, memory megabytes. */
export interface Measured {
  readonly burst?: { readonly sent: number; readonly received: number; readonly drops: number };
  readonly inOrder?: number | undefined;
  readonly inFlight?: number | undefined;
  readonly batches?: number | undefined;
  readonly glustereventsd?: number | undefined;
  readonly syslogNg?: number | undefined;
  readonly latencyP99Ms?: number | undefined;
  readonly glustereventsdP99Ms?: number | undefined;
  readonly idleMb?: number | undefined;
  /** With so many events waiting. */
  readonly backlog?: { readonly events: number; readonly mb: number };
  readonly versionMs?: number | undefined;
  readonly readyMs?: number | undefined;
}

/** A budget with what became of it. */
export interface Judged {
  readonly what: string;
  readonly allowed: string;
  readonly measured: string;
  readonly verdict: "met" | "not met" | "not measured";
}

/** What was seen, and whether it will do. */
interface Seen {
  readonly text: string;
  readonly isMet: boolean;
}

/** One budget. */
interface Budget {
  readonly what: string;
  readonly allowed: string;
  /** `undefined` if not all of it was measured. */
  readonly see: (measured: Measured) => Seen | undefined;
}

const BURST = 100_000;
const BACKLOG = 1_000_000;

const BUDGETS: readonly Budget[] = [
  {
    what: `burst of ${show(BURST)} datagrams`,
    allowed: "0 lost, 0 dropped by the kernel",
    see: ({ burst }) => {
      if (burst === undefined || burst.sent < BURST) return undefined;
      const { sent, received, drops } = burst;
      const lost = sent - received;
      return {
        text: `${show(lost)} lost, ${show(drops)} dropped by the kernel`,
        isMet: lost === 0 && drops === 0,
      };
    },
  },
  atLeast("in order, to glustereventsd", 8, (m) => [m.inOrder, m.glustereventsd]),
  atLeast("in order, to syslog-ng", 1.5, (m) => [m.inOrder, m.syslogNg]),
  atLeast("16 in flight, to glustereventsd", 40, (m) => [m.inFlight, m.glustereventsd]),
  atLeast("batches of 100, to glustereventsd", 100, (m) => [m.batches, m.glustereventsd]),
  atMost("idle latency, p99", 5, showMs, (m) => m.latencyP99Ms),
  {
    what: "idle latency, p99, to glustereventsd",
    allowed: "at most 0.5x",
    see: ({ latencyP99Ms: ours, glustereventsdP99Ms: theirs }) =>
      ratioOf(ours, theirs, (value) => value <= 0.5),
  },
  atMost("resident memory, idle", 80, showMb, (m) => m.idleMb),
  atMost(
    `resident memory, ${show(BACKLOG)} events waiting`,
    160,
    showMb,
    ({ backlog }) => (backlog?.events ?? 0) >= BACKLOG ? backlog?.mb : undefined,
  ),
  atMost("start of --version", 150, showMs, (m) => m.versionMs),
  atMost("start to ready", 400, showMs, (m) => m.readyMs),
];

/** Judges all budgets by what was measured. */
export function judge(measured: Measured): Judged[] {
  return BUDGETS.map(({ what, allowed, see }) => {
    const seen = see(measured);
    return seen === undefined
      ? { what, allowed, measured: "-", verdict: "not measured" }
      : { what, allowed, measured: seen.text, verdict: seen.isMet ? "met" : "not met" };
  });
}

function atLeast(
  what: string,
  times: number,
  pick: (measured: Measured) => readonly [number | undefined, number | undefined],
): Budget {
  const see = (measured: Measured) => ratioOf(...pick(measured), (value) => value >= times);
  return { what, allowed: `at least ${times}x`, see };
}

function ratioOf(
  ours: number | undefined,
  theirs: number | undefined,
  isEnough: (value: number) => boolean,
): Seen | undefined {
  if (ours === undefined || theirs === undefined || theirs === 0) return undefined;
  const value = asShown(ours / theirs);
  return { text: `${show(value)}x`, isMet: isEnough(value) };
}

function atMost(
  what: string,
  most: number,
  showValue: (value: number) => string,
  pick: (measured: Measured) => number | undefined,
): Budget {
  const see = (measured: Measured) => {
    const value = pick(measured);
    if (value === undefined) return undefined;
    return { text: showValue(asShown(value)), isMet: asShown(value) <= most };
  };
  return { what, allowed: `at most ${showValue(most)}`, see };
}

/** As `show` will write it: a verdict has to follow from the figure that people see. */
function asShown(value: number): number {
  return value >= 100 ? Math.round(value) : Math.round(value * 100) / 100;
}

function showMb(megabytes: number): string {
  return `${show(megabytes)} MB`;
}
