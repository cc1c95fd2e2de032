import type { PostedEvent } from "../../../../src/dispatcher/delivery_request.ts";
import { parseDatagram } from "../../../../src/event/datagram.ts";
import { type Message, type Report, toPayload } from "../../../../src/event/event.ts";
import { readFixtureLines } from "../../event/fixture_lines.ts";

/** The node that received the events. */
export const NODE_ID = "e9bfb6da-6bc7-431f-9139-d20d93663784";

/** 24 November 2026, 08:00:57 UTC. */
export const TS = 1_795_507_257;

/** An event as a lane gets it from the spool. */
export function postedEvent(
  event: string,
  message: Message,
  { ts = TS, host = "gl2", seq = 7, receivedMs = ts * 1000 + 250 }: {
    readonly ts?: number;
    readonly host?: string;
    readonly seq?: number;
    readonly receivedMs?: number;
  } = {},
): PostedEvent {
  return fromReport({ ts, event, message }, { host, seq, receivedMs });
}

/** All events of the fixture, as the nodes kept them. */
export function fixtureEvents(): PostedEvent[] {
  return readFixtureLines().map(({ node, payload }, index) => {
    const report = parseDatagram(payload);
    if (report === undefined) throw new Error(`Not a datagram: ${payload}`);
    return fromReport(report, { host: node, seq: index + 1, receivedMs: report.ts * 1000 + 250 });
  });
}

function fromReport(
  report: Report,
  { host, seq, receivedMs }: { host: string; seq: number; receivedMs: number },
): PostedEvent {
  const id = `01KAPC6Q0R5T5CZ3X6M1J3${String(seq).padStart(4, "0")}`;
  const payload = JSON.stringify(toPayload({ ...report, id, nodeId: NODE_ID, host }));
  return { id, seq, receivedMs, event: report.event, payload };
}

/** Values that a sender of datagrams could think of, and other texts that break things. */
export const HOSTILE_TEXTS: readonly string[] = [
  "a\r\nX-Injected: yes\r\n\r\nbody",
  "\0\x01\x1b[31m\x7f\x85",
  '"quoted" \\ back <!channel> & @here <@U1>',
  "100 % of %0d%0a",
  "x".repeat(60_000),
  "€".repeat(20_000),
  "half \ud83d of one",
  "\udc00\ud800",
  "\u2028\u202e\ufffe\uffff",
  "Euro € 😀",
  "__proto__",
  " ",
  ";=;,",
];
