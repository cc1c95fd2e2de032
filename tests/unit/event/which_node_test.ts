/**
 * Which node sees what, and how the same fact is recognised, as a real cluster of three nodes shows
 * it: what two of them received.
 *
 * @module
 */
import { parseDatagram } from "../../../src/event/datagram.ts";
import { assert, assertEquals } from "../../support/assert.ts";
import { readFixtureLines } from "./fixture_lines.ts";

const SEEN = readFixtureLines().map(({ node, payload }) => {
  const report = parseDatagram(payload);
  if (report === undefined) throw new Error(`No datagram: ${payload}`);
  return { node, ...report };
});

/** What is equal by a key, with the nodes that reported it and how many seconds lie between. */
function factsBy(
  events: readonly string[],
  keyOf: (seen: typeof SEEN[number]) => string,
): { readonly key: string; readonly nodes: readonly string[]; readonly spread: number }[] {
  const groups = Map.groupBy(SEEN.filter(({ event }) => events.includes(event)), keyOf);
  return [...groups].map(([key, group]) => {
    const times = group.map(({ ts }) => ts);
    const nodes = [...new Set(group.map(({ node }) => node))].sort();
    return { key, nodes, spread: Math.max(...times) - Math.min(...times) };
  });
}

Deno.test("what the gluster command did comes from one node; what nodes watch comes from several", () => {
  const names = [...new Set(SEEN.map(({ event }) => event))].sort();
  const several = factsBy(names, ({ event }) => event).filter(({ nodes }) => nodes.length > 1);
  assertEquals(several.map(({ key }) => key).sort(), [
    "AFR_QUORUM_FAIL",
    "AFR_QUORUM_MET",
    "AFR_SUBVOLS_DOWN",
    "AFR_SUBVOL_UP",
    "BRICK_CONNECTED",
    "CLIENT_CONNECT",
    "CLIENT_DISCONNECT",
    "EC_MIN_BRICKS_UP",
    "PEER_CONNECT",
    "PEER_DISCONNECT",
    "SVC_CONNECTED",
    "VOLUME_REBALANCE_COMPLETE",
  ]);
});

Deno.test("a brick is reported by its own node only", () => {
  const bricks = SEEN.filter(({ event }) => /^BRICK_(DIS)?CONNECTED$/.test(event));
  assertEquals(bricks.length, 9);
  for (const { node, message } of bricks) assertEquals(message["peer"], node);
});

Deno.test("what happens to a peer is told by the other nodes, under its uuid and within seconds", () => {
  const facts = factsBy(
    ["PEER_CONNECT", "PEER_DISCONNECT"],
    ({ event, message }) => `${event} ${message["uuid"]}`,
  );
  const gl3 = facts.filter(({ key }) => key.includes("6139dcd1-34a9-4f26-9341-9b6196fa6aee"));
  assertEquals(gl3.map(({ nodes }) => nodes), [["gl1", "gl2"], ["gl1", "gl2"]]);
  for (const { key, spread } of gl3) assert(spread <= 10, `${key}: ${spread} s`);
  const others = facts.filter((fact) => !gl3.includes(fact));
  assertEquals(others.map(({ nodes }) => nodes.length), others.map(() => 1));
});

Deno.test("services and rebalances say the same on each node, and mean that node's own", () => {
  const names = ["SVC_CONNECTED", "VOLUME_REBALANCE_COMPLETE"];
  const facts = factsBy(names, ({ message }) => JSON.stringify(message));
  assert(facts.some(({ nodes }) => nodes.length > 1), Deno.inspect(facts));
  for (const { event, message } of SEEN.filter(({ event }) => names.includes(event))) {
    assertEquals(Object.keys(message), [event === "SVC_CONNECTED" ? "svc_name" : "volume"]);
  }
});
