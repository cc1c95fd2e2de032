import { EVENT_TYPES, eventTypeByName } from "../../../src/event/catalog.ts";
import { parseDatagram } from "../../../src/event/datagram.ts";
import { volumeOf } from "../../../src/event/volume_of.ts";
import { assertEquals } from "../../support/assert.ts";
import { readFixtureLines } from "./fixture_lines.ts";

function volumeIn(group: string, message: unknown): string {
  return volumeOf(JSON.stringify({ event: "X", message, event_group: group }));
}

Deno.test("an event is about the volume that its message names", () => {
  const fields = ["volume", "volume_name", "vol", "primary_volume", "master_volume", "primary"];
  for (const field of [...fields, "master"]) {
    assertEquals(volumeIn("GEOREP", { other: "x", [field]: "gv1" }), "gv1", field);
  }
});

Deno.test("what is called a name is a volume's only in events about volumes", () => {
  assertEquals(volumeIn("VOLUME", { name: "gv1", force: false }), "gv1");
  assertEquals(volumeIn("BITROT", { name: "gv1" }), "gv1");
  assertEquals(volumeIn("PEER", { name: "gl2" }), "");
});

Deno.test("a part of a volume is of the volume it is named after", () => {
  const parts = {
    "gv1-replicate-0": "gv1",
    "gv1-disperse-12": "gv1",
    "gv1-client-3": "gv1",
    "gv-1-shard-0": "gv-1",
    "a-client-1-replicate-0": "a-client-1",
    "gv1-dht": "gv1-dht",
    "gv1": "gv1",
  };
  for (const [subvol, volume] of Object.entries(parts)) {
    assertEquals(volumeIn("AFR", { subvol }), volume, subvol);
  }
  assertEquals(volumeIn("AFR", { subvol: "gv1-replicate-0", volume: "gv2" }), "gv2");
});

Deno.test("an event that names no volume is about none", () => {
  const messages = [{}, undefined, null, { host: "gl2" }, { volume: "" }, { volume: 7 }, [], "gv1"];
  for (const message of messages) {
    assertEquals(volumeIn("VOLUME", message), "", JSON.stringify(message));
  }
});

Deno.test("every event of the catalog whose fields name a volume is of that volume", () => {
  const names = /^(volume|volume_name|vol|primary_volume|primary|subvol)$/i;
  for (const { name, group, fields } of EVENT_TYPES) {
    const isVolume = (field: string) =>
      names.test(field) || (field === "name" && ["VOLUME", "BITROT"].includes(group));
    const message = Object.fromEntries(
      fields.map((field) => [field.name, isVolume(field.name) ? "gv1" : "other"]),
    );
    const hasVolume = fields.some((field) => isVolume(field.name));
    assertEquals(volumeIn(group, message), hasVolume ? "gv1" : "", name);
  }
});

Deno.test("a client's connection is about the volume whose part it stands for", () => {
  const uid = (name: string) =>
    `CTX_ID:4634cc14-be84-4e20-8b4f-6854c32ddc12-GRAPH_ID:0-PID:27305-HOST:gl1-PC_NAME:${name}` +
    "-RECON_NO:-0";
  const names = {
    "gv1-client-0": "gv1",
    "a-client-1-client-12": "a-client-1",
    "gv1-snapd-client": "",
    "gv1": "",
  };
  for (const [name, volume] of Object.entries(names)) {
    assertEquals(volumeIn("CLIENT", { client_uid: uid(name) }), volume, name);
  }
});

Deno.test("a name that Gluster does not have is no volume's", () => {
  assertEquals(volumeIn("SVC", { volume: "(null)", svc_name: "glustershd" }), "");
});

Deno.test("of all that a real cluster sent, only what is about no volume has none", () => {
  const without = new Set<string>();
  const volumes = new Set<string>();
  for (const { payload } of readFixtureLines()) {
    const { event = "", message = {} } = parseDatagram(payload) ?? {};
    const volume = volumeIn(eventTypeByName(event)?.group ?? "", message);
    if (volume === "") without.add(event);
    else volumes.add(volume);
  }
  assertEquals([...volumes].toSorted(), ["ec1", "gv1"]);
  assertEquals([...without].toSorted(), [
    // "(null)" is all that they say.
    "BITROT_DISABLE",
    "BITROT_ENABLE",
    "PEER_CONNECT",
    "PEER_DETACH",
    "PEER_DISCONNECT",
    "SNAPSHOT_CONFIG_UPDATE_FAILED",
    "SVC_CONNECTED",
  ]);
});
