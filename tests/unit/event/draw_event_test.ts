import { type ClusterPicture, EMPTY_PICTURE } from "../../../src/event/cluster_picture.ts";
import { parseDatagram } from "../../../src/event/datagram.ts";
import { drawEvent } from "../../../src/event/draw_event.ts";
import { type Message, toPayload } from "../../../src/event/event.ts";
import { assertEquals } from "../../support/assert.ts";
import { readFixtureLines } from "./fixture_lines.ts";

const IDS = {
  gl1: "2c6ea128-08c8-4245-b056-d2508e8106a4",
  gl2: "e9bfb6da-6bc7-431f-9139-d20d93663784",
  gl3: "6139dcd1-34a9-4f26-9341-9b6196fa6aee",
};

type Told = readonly [node: string, event: string, message: Message];

function draw(picture: ClusterPicture, [host, event, message]: Told, atMs = 0): ClusterPicture {
  const nodeId = new Map(Object.entries(IDS)).get(host) ?? `id of ${host}`;
  const payload = toPayload({ id: "", nodeId, host, ts: 0, event, message });
  return drawEvent(picture, payload, atMs);
}

function drawAll(told: readonly Told[], from: ClusterPicture = EMPTY_PICTURE): ClusterPicture {
  return told.reduce((picture, each, index) => draw(picture, each, index * 1000), from);
}

/** A picture in a few lines. */
function show({ peers, volumes }: ClusterPicture): string[] {
  return [
    ...peers.map(({ name, state, detail }) => `${name} ${state}: ${detail}`),
    ...volumes.flatMap(({ name, state, health, bricks }) => [
      `${name} ${state}, ${health}`,
      ...bricks.map((brick) => `  ${brick.name} ${brick.state}: ${brick.detail}`),
    ]),
  ];
}

const CREATED: Told = ["gl1", "VOLUME_CREATE", { name: "gv1", bricks: "gl1:/b1 gl2:/b 2" }];
const STARTED: Told = ["gl1", "VOLUME_START", { name: "gv1", force: false }];
const UP1: Told = ["gl1", "BRICK_CONNECTED", { peer: "gl1", volume: "gv1", brick: "/b1" }];
const UP2: Told = ["gl2", "BRICK_CONNECTED", { peer: "gl2", volume: "gv1", brick: "/b 2" }];
const DOWN2: Told = ["gl2", "BRICK_DISCONNECTED", { peer: "gl2", volume: "gv1", brick: "/b 2" }];
const RUNNING = [CREATED, UP1, STARTED, UP2];
const PEERS = ["gl1 up: reports events", "gl2 up: reports events"];

Deno.test("a volume goes through its life", () => {
  assertEquals(show(drawAll([CREATED])), [
    "gl1 up: reports events",
    "gv1 created, unknown",
    "  gl1:/b1 unknown: belongs to a volume that is not started",
    "  gl2:/b 2 unknown: belongs to a volume that is not started",
  ]);
  assertEquals(show(drawAll([CREATED, UP1, STARTED])).slice(1), [
    "gv1 started, unknown",
    "  gl1:/b1 up: connected",
    "  gl2:/b 2 unknown: has not connected yet",
  ]);
  assertEquals(show(drawAll(RUNNING)), [
    ...PEERS,
    "gv1 started, ok",
    "  gl1:/b1 up: connected",
    "  gl2:/b 2 up: connected",
  ]);
  const stopped = drawAll(
    [["gl1", "VOLUME_STOP", { name: "gv1", force: false }]],
    drawAll(RUNNING),
  );
  assertEquals(show(stopped).slice(2), [
    "gv1 stopped, unknown",
    "  gl1:/b1 unknown: the volume is stopped",
    "  gl2:/b 2 unknown: the volume is stopped",
  ]);
  assertEquals(show(drawAll([["gl1", "VOLUME_DELETE", { name: "gv1" }]], stopped)), PEERS);
});

Deno.test("a killed brick is down, and up again when it comes back", () => {
  const killed = draw(drawAll(RUNNING), DOWN2, 9000);
  assertEquals(show(killed).slice(2), [
    "gv1 started, degraded",
    "  gl1:/b1 up: connected",
    "  gl2:/b 2 down: lost touch with its glusterd",
  ]);
  assertEquals(killed.last_change, {
    kind: "brick",
    name: "gl2:/b 2",
    what: "lost touch with its glusterd",
    changed_at: "1970-01-01T00:00:09.000Z",
  });
  assertEquals(killed.volumes[0]?.bricks.map(({ changed_at: at }) => at), [
    "1970-01-01T00:00:01.000Z",
    "1970-01-01T00:00:09.000Z",
  ]);
  assertEquals(show(draw(killed, UP2, 10_000)), show(drawAll(RUNNING)));
});

Deno.test("without any brick a volume is down", () => {
  const told: Told[] = [
    ...RUNNING,
    ["gl1", "BRICK_DISCONNECTED", { peer: "gl1", volume: "gv1", brick: "/b1" }],
    DOWN2,
  ];
  assertEquals(drawAll(told).volumes[0]?.health, "down");
});

Deno.test("what says nothing new changes nothing", () => {
  const picture = drawAll(RUNNING);
  for (const told of [UP1, UP2, ["gl1", "SVC_CONNECTED", { svc_name: "bitd" }] as Told]) {
    assertEquals(draw(picture, told, 99_000) === picture, true);
  }
  const unknown: Told[] = [["gl1", "NEW_EVENT", { x: "y" }], ["gl1", "toString", {}]];
  for (const told of unknown) assertEquals(draw(picture, told) === picture, true);
});

Deno.test("a peer that the others lose stays down until they have it back", () => {
  const lost = drawAll([
    ...RUNNING,
    ["gl1", "PEER_DISCONNECT", { peer: "gl2", uuid: IDS.gl2, state: "Peer in Cluster" }],
    DOWN2,
  ]);
  assertEquals(show(lost)[1], "gl2 down: gl1 lost touch with it (Peer in Cluster)");
  const back = draw(lost, ["gl1", "PEER_CONNECT", { host: "gl2", uuid: IDS.gl2 }]);
  assertEquals(show(back)[1], "gl2 up: is connected to gl1");
});

Deno.test("a peer has one place, whatever it is called by", () => {
  const joined = drawAll([["gl1", "PEER_ATTACH", { host: "gl2" }]]);
  assertEquals(joined.peers.map(({ name, uuid }) => [name, uuid]), [
    ["gl1", IDS.gl1],
    ["gl2", null],
  ]);
  const payload = { nodeid: IDS.gl2, ts: 0, event: "SVC_CONNECTED", message: {}, id: "" };
  const rest = { event_group: "SVC", severity: "info" } as const;
  const reports = drawEvent(joined, { ...payload, ...rest, host: "gl2.example.com" }, 0);
  assertEquals(reports.peers.map(({ name, uuid }) => [name, uuid]), [
    ["gl1", IDS.gl1],
    ["gl2", IDS.gl2],
  ]);
  // The format compat names no host.
  const nameless = drawEvent(EMPTY_PICTURE, { ...payload, ...rest, host: "" }, 0);
  assertEquals(nameless.peers.map(({ name }) => name), [IDS.gl2]);
  const known = draw(nameless, ["gl1", "PEER_CONNECT", { host: "gl2", uuid: IDS.gl2 }]);
  assertEquals(known.peers.map(({ name }) => name), ["gl1", "gl2"]);
  const gone = draw(known, ["gl1", "PEER_DETACH", { host: "gl2" }]);
  assertEquals(gone.peers.map(({ name }) => name), ["gl1"]);
});

Deno.test("bricks are added, removed, replaced and reset", () => {
  const after = (...told: Told[]) =>
    drawAll(told, drawAll(RUNNING)).volumes[0]?.bricks
      .map(({ name, state, detail }) => `${name} ${state}: ${detail}`);
  const [first, second] = ["gl1:/b1 up: connected", "gl2:/b 2 up: connected"];
  const added: Told = ["gl1", "VOLUME_ADD_BRICK", { volume: "gv1", bricks: "gl1:/b3 " }];
  const third: Told = ["gl1", "BRICK_CONNECTED", { peer: "gl1", volume: "gv1", brick: "/b3" }];
  assertEquals(after(added), [first, "gl1:/b3 unknown: has not connected yet", second]);
  // Gluster says first that a brick connects, and then that it was added.
  assertEquals(after(third, added), [first, "gl1:/b3 up: connected", second]);
  const removing: Told[] = [
    ["gl1", "VOLUME_REMOVE_BRICK_START", { volume: "gv1", bricks: "gl2:/b 2" }],
    ["gl1", "VOLUME_REMOVE_BRICK_COMMIT", { volume: "gv1", bricks: "gl2:/b 2" }],
  ];
  assertEquals(after(...removing.slice(0, 1)), [first, "gl2:/b 2 up: is being emptied"]);
  assertEquals(after(...removing), [first]);
  assertEquals(
    after(["gl1", "BRICK_REPLACE", {
      "Volume": "gv1",
      "source-brick": "gl2:/b 2",
      "destination-brick": "gl3:/b1",
    }]),
    [first, "gl3:/b1 unknown: has not connected yet"],
  );
  const reset: Told = ["gl1", "BRICK_RESET_START", { "Volume": "gv1", "source-brick": "gl2:/b 2" }];
  assertEquals(after(reset), [first, "gl2:/b 2 unknown: is taken out for a reset"]);
  assertEquals(after(reset, UP2), [first, second]);
});

Deno.test("a disk that fails is found by its path, whatever its node calls itself", () => {
  const told: Told = ["gl2.example.com", "POSIX_HEALTH_CHECK_FAILED", {
    op: "open",
    error: "Input/output error",
    brick: "gl2.example.com:/b 2 timeout is 10",
  }];
  assertEquals(
    show(draw(drawAll(RUNNING), told)).at(-1),
    [
      "  gl2:/b 2 down: its disk fails: Input/output error",
    ][0],
  );
  const other: Told = ["gl9", "POSIX_HEALTH_CHECK_FAILED", { brick: "gl9:/elsewhere" }];
  assertEquals(drawAll(RUNNING).volumes, draw(drawAll(RUNNING), other).volumes);
});

Deno.test("parts that clients cannot use are faults until they can", () => {
  const told = (
    event: string,
  ): Told => ["gl1", event, { "client-pid": "0", "subvol": "gv1-replicate-0" }];
  const after = (...events: string[]) => {
    const { health, type, faults = [] } = drawAll(events.map(told), drawAll(RUNNING)).volumes[0] ??
      {};
    return [health, type, ...faults.map(({ detail }) => detail)];
  };
  assertEquals(after("AFR_QUORUM_FAIL"), [
    "degraded",
    "Replicate",
    "gv1-replicate-0 cannot be written to",
  ]);
  assertEquals(after("AFR_QUORUM_FAIL", "AFR_SUBVOLS_DOWN"), [
    "degraded",
    "Replicate",
    "gv1-replicate-0 has no brick left",
  ]);
  assertEquals(after("AFR_QUORUM_FAIL", "AFR_SUBVOLS_DOWN", "AFR_SUBVOL_UP", "AFR_QUORUM_MET"), [
    "ok",
    "Replicate",
  ]);
  const lost = drawAll([["gl1", "QUORUM_LOST", { volume: "gv1" }]], drawAll(RUNNING));
  assertEquals(lost.volumes[0]?.faults?.map(({ detail }) => detail), [
    "gl1 lost the server quorum",
  ]);
  const back = drawAll([["gl1", "QUORUM_REGAINED", { volume: "gv1" }]], lost);
  assertEquals([back.volumes[0]?.health, back.volumes[0]?.faults], ["ok", []]);
});

Deno.test("a cluster of three is drawn from what two of its nodes really said", () => {
  const states: Record<string, string[]> = {};
  let picture = EMPTY_PICTURE;
  const lines = readFixtureLines().map(({ node, payload }) => {
    const report = parseDatagram(payload);
    if (report === undefined) throw new Error(`No datagram: ${payload}`);
    return { node, ...report };
  }).sort((a, b) => a.ts - b.ts);
  for (const { node, event, message, ts } of lines) {
    picture = draw(picture, [node, event, message], ts * 1000);
    for (const { name, state, health } of picture.volumes) {
      const last = `${state} ${health}`;
      if (states[name]?.at(-1) !== last) (states[name] ??= []).push(last);
    }
    const brick = picture.volumes.find(({ name }) => name === "ec1")?.bricks
      .find(({ name }) => name === "gl2:/data/n2/e");
    if (brick === undefined) continue;
    const seen = states["gl2:/data/n2/e"] ??= [];
    if (seen.at(-1) !== brick.state) seen.push(brick.state);
  }
  assertEquals(picture.volumes, []);
  assertEquals(picture.peers.map(({ name, state }) => `${name} ${state}`), ["gl1 up", "gl2 up"]);
  assertEquals(states["gl2:/data/n2/e"], ["unknown", "up", "down", "up", "unknown"]);
  assertEquals(states["ec1"]?.at(-1), "stopped unknown");
  assertEquals(states["gv1"]?.at(-1), "stopped unknown");
});

Deno.test("a picture has bounds, whatever is said", () => {
  let picture = EMPTY_PICTURE;
  for (let number = 0; number < 600; number++) {
    picture = draw(picture, [`h${number}`, "VOLUME_CREATE", {
      name: `v${number}`,
      bricks: Array.from({ length: 20 }, (_, brick) => `h${number}:/b${brick}`).join(" "),
    }]);
  }
  const bricks = picture.volumes.reduce((sum, volume) => sum + volume.bricks.length, 0);
  assertEquals([picture.peers.length, picture.volumes.length, bricks], [256, 512, 4096]);
  const long = "x".repeat(60_000);
  const after = draw(picture, ["h0", "VOLUME_CREATE", { name: long, bricks: `${long}:/b` }]);
  assertEquals(after.volumes, picture.volumes);
});
