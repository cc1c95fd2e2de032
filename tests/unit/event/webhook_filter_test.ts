import { compileWebhookFilter, type WantedEvents } from "../../../src/event/webhook_filter.ts";
import { InvalidFilterError } from "../../../src/event/event_filter.ts";
import { assert, assertEquals, assertThrows } from "../../support/assert.ts";
import { eventOf, NODE_ID } from "./received_payload.ts";

const CREATE = "1795333034 2 name=gv1;bricks= gl1:/data/n1/b";
const START = "1795333034 3 name=gv1;force=0";
const START_BY_FORCE = "1795333034 3 name=gv1;force=1";
const SET =
  "1795333034 6 name=gv1;options=,performance.cache-size,256MB,auth.allow,10.0.0.1,10.0.0.2";
const BRICK_DOWN = "1795333034 76 peer=gl2;volume=ec1;brick=/data/n2/e";
const BRICK_UP = "1795333034 77 peer=gl2;volume=ec1;brick=/data/n2/e";
const QUORUM_LOST = "1795333034 80 volume=gv1";
const SUBVOL_DOWN = "1795333034 109 client-pid=-6; subvol=gv1-replicate-0";
const RESET = "1795333034 8 Volume=gv1;source-brick=gl2:/data/n2/b";
const PEER = "1795333034 71 peer=gl2;uuid=e9bf;state=Peer in Cluster";
const GEOREP = "1795333034 91 primary_volume=gv1;primary_node=gl1;brick_path=/data/n1/b";
const NOTHING = "1795333034 19 (null)";
const UNKNOWN = "1795333034 4242 a=b";
const ALL = {
  ...{ CREATE, START, START_BY_FORCE, SET, BRICK_DOWN, BRICK_UP, QUORUM_LOST, SUBVOL_DOWN },
  ...{ RESET, PEER, GEOREP, NOTHING, UNKNOWN },
};

function wanted(parts: Partial<WantedEvents>): WantedEvents {
  return { events: [], volumes: [], fields: [], ...parts };
}

/** Which of all these get through. */
function through(parts: Partial<WantedEvents>): string {
  const filter = compileWebhookFilter(wanted(parts));
  return Object.entries(ALL)
    .filter(([, datagram]) => filter === undefined || filter(eventOf(datagram)))
    .map(([name]) => name).join(" ");
}

const EVERY = Object.keys(ALL).join(" ");
const CASES: readonly (readonly [what: string, Partial<WantedEvents>, through: string])[] = [
  ["no filter", {}, EVERY],
  ["names in any case", { events: ["volume_Create", "Brick_Connected"] }, "CREATE BRICK_UP"],
  ["a glob and what it leaves out", {
    events: ["VOLUME_*", "!VOLUME_SET"],
  }, "CREATE START START_BY_FORCE"],
  ["a group", { events: ["group:brick"] }, "BRICK_DOWN BRICK_UP RESET"],
  ["only what is left out", {
    events: ["!VOLUME_*", "!group:BRICK", "!*_LOST"],
  }, "SUBVOL_DOWN PEER GEOREP NOTHING UNKNOWN"],
  ["the severity alert", { severity: "alert" }, "BRICK_DOWN QUORUM_LOST SUBVOL_DOWN PEER GEOREP"],
  ["the severity critical", { severity: "critical" }, "QUORUM_LOST SUBVOL_DOWN"],
  ["the severity info", { severity: "info" }, EVERY],
  ["events and severity", { events: ["BRICK_*"], severity: "warning" }, "BRICK_DOWN RESET"],
  ["a volume", {
    volumes: ["gv1"],
  }, "CREATE START START_BY_FORCE SET QUORUM_LOST SUBVOL_DOWN RESET GEOREP"],
  ["volumes are exact", { volumes: ["GV1", "gv"] }, ""],
  ["a glob of volumes", { volumes: ["ec*"] }, "BRICK_DOWN BRICK_UP"],
  ["any volume, but one", { volumes: ["*", "!gv1"] }, "BRICK_DOWN BRICK_UP"],
  ["volumes that are left out", {
    volumes: ["!gv1"],
  }, "BRICK_DOWN BRICK_UP PEER NOTHING UNKNOWN"],
  ["all volumes are left out", { volumes: ["!*"] }, "PEER NOTHING UNKNOWN"],
  ["a boolean field", { fields: ["message.force=true"] }, "START_BY_FORCE"],
  ["a boolean field that is false", { fields: ["message.force=false"] }, "START"],
  ["a boolean field as Gluster sends it", { fields: ["message.force=1"] }, ""],
  ["a field that must not be so", {
    events: ["VOLUME_START", "PEER_*"],
    fields: ["message.force!=true"],
  }, "START PEER"],
  ["a field with a glob", { fields: ["message.brick=/data/n2/*"] }, "BRICK_DOWN BRICK_UP"],
  ["any value of a field", { fields: ["message.force=*"] }, "START START_BY_FORCE"],
  ["no value of a field", {
    events: ["VOLUME_*"],
    fields: ["message.force!=*"],
  }, "CREATE SET"],
  ["a value with blanks", { fields: ["message.state=Peer in Cluster"] }, "PEER"],
  ["values of the message are exact", { fields: ["message.peer=GL2"] }, ""],
  ["two fields", {
    fields: ["message.peer=gl2", "message.volume=ec1"],
  }, "BRICK_DOWN BRICK_UP"],
  ["an option of a volume", { fields: ["message.options.performance.cache-size=256MB"] }, "SET"],
  ["an option with commas", {
    fields: ["message.options.auth.allow=10.0.0.1,10.0.0.2"],
  }, "SET"],
  ["another value of an option", { fields: ["message.options.auth.allow=10.0.0.1"] }, ""],
  ["another option", { fields: ["message.options.auth=*"] }, ""],
  ["all options", { fields: ["message.options=*performance.cache-size=*"] }, "SET"],
  ["this node", { fields: [`nodeid=${NODE_ID.toUpperCase()}`] }, EVERY],
  ["another node", { fields: [`nodeid!=${NODE_ID}`] }, ""],
  ["this host", { fields: ["host=GL1"] }, EVERY],
  ["a field for the group", { fields: ["event_group=peer"] }, "PEER"],
  ["a field for the severity", { fields: ["severity=critical"] }, "QUORUM_LOST SUBVOL_DOWN"],
  ["a field for the name", { fields: ["event=UNKNOWN_*"] }, "UNKNOWN"],
  ["a field no event has", { fields: ["message.nothing!=x"] }, EVERY],
  ["what every object has", { fields: ["message.constructor=*"] }, ""],
  ["everything at once", {
    events: ["group:BRICK", "QUORUM_LOST"],
    severity: "alert",
    volumes: ["ec1"],
    fields: ["message.peer!=gl1", "host=gl*"],
  }, "BRICK_DOWN"],
];

for (const [what, parts, expected] of CASES) {
  Deno.test(`what a webhook gets: ${what}`, () => {
    assertEquals(through(parts), expected);
  });
}

Deno.test("without a filter there is nothing to be asked", () => {
  assertEquals(compileWebhookFilter(wanted({})), undefined);
  assertEquals(compileWebhookFilter(wanted({ severity: "info" })), undefined);
  assert(compileWebhookFilter(wanted({ severity: "warning" })) !== undefined);
});

Deno.test("an event that tells of a gap gets through any filter", () => {
  const gap = { event: "EVENTING_GAP", payload: '{"message":{"missing":"7"}}' };
  const filters: Partial<WantedEvents>[] = [
    { events: ["VOLUME_CREATE"] },
    { events: ["!EVENTING_GAP"] },
    { severity: "critical" },
    { volumes: ["gv1"] },
    { fields: ["message.force=true"] },
  ];
  for (const parts of filters) {
    assertEquals(compileWebhookFilter(wanted(parts))?.(gap), true, JSON.stringify(parts));
  }
});

Deno.test("a payload is only read where volumes or fields ask for it", () => {
  const filter = compileWebhookFilter(wanted({ events: ["VOLUME_*"], severity: "warning" }));
  assertEquals(filter?.({ event: "VOLUME_STOP", payload: "no JSON" }), true);
  assertEquals(filter?.({ event: "VOLUME_START", payload: "no JSON" }), false);
  const ofVolume = compileWebhookFilter(wanted({ events: ["VOLUME_STOP"], volumes: ["gv1"] }));
  assertEquals(ofVolume?.({ event: "VOLUME_START", payload: "no JSON" }), false);
});

Deno.test("a filter that is not written right is refused", () => {
  const bad: [Partial<WantedEvents>, message: string, hint: string][] = [
    [{ events: ["VOLUME_CREAT"] }, 'No event matches "VOLUME_CREAT"', "VOLUME_CREATE"],
    [{ fields: ["mesage.force=1"] }, 'no field "mesage.force"', "did you mean: message.force"],
    [{ fields: ["nodid=x"] }, 'no field "nodid"', "did you mean: nodeid"],
    [{ fields: ["force=true"] }, 'no field "force"', "such as message.force"],
    [{ fields: ["message.=x"] }, 'no field "message."', "nodeid, host"],
    [{ fields: ["message"] }, '"message" is no rule', "message.force=true"],
  ];
  for (const [parts, message, hint] of bad) {
    const compile = () => compileWebhookFilter(wanted(parts));
    const error = assertThrows(compile, InvalidFilterError, message);
    assert(error.hint.includes(hint), error.hint);
  }
});
