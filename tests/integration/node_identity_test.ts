import {
  NodeIdentity,
  NodeIdentityError,
  parseGlusterdInfo,
} from "../../src/daemon/node_identity.ts";
import { assertEquals, assertThrows } from "../support/assert.ts";
import { makeTempFolder } from "../support/temp_folder.ts";

const REAL = "4634cc14-be84-4e20-8b4f-6854c32ddc12";
const OTHER = "458776f3-d367-4481-905b-cae3bcfdd36c";

let nowMs = 0;
const steadyNow = () => nowMs;
const readHost = () => "gl1";

Deno.test("the id is read from the text of glusterd.info", () => {
  assertEquals(parseGlusterdInfo(`UUID=${REAL}\noperating-version=100000\n`), REAL);
  assertEquals(parseGlusterdInfo(`operating-version=100000\nUUID=${REAL}`), REAL);
  assertEquals(parseGlusterdInfo("operating-version=100000\n"), undefined);
  assertEquals(parseGlusterdInfo("UUID=none\n"), undefined);
});

Deno.test("what the operator gives goes before glusterd, and glusterd before a made-up id", async () => {
  await using folder = await makeTempFolder();
  const places = { workdir: folder.path, stateDir: folder.path, steadyNow, readHost };
  const made = NodeIdentity.find(places);
  assertEquals(made.isSubstitute, true);
  assertEquals(NodeIdentity.find(places).id, made.id);
  await Deno.writeTextFile(`${folder.path}/glusterd.info`, `UUID=${REAL}\n`);
  assertEquals(NodeIdentity.find(places).id, REAL);
  assertEquals(NodeIdentity.find({ ...places, nodeId: OTHER }).id, OTHER);
});

Deno.test("a made-up id gives way to glusterd's at once, and a changed one at the next refresh", async () => {
  await using folder = await makeTempFolder();
  const identity = NodeIdentity.find({
    workdir: folder.path,
    stateDir: folder.path,
    steadyNow,
    readHost,
  });
  await Deno.writeTextFile(`${folder.path}/glusterd.info`, `UUID=${REAL}\n`);
  const made = identity.id;
  assertEquals(made === REAL, false);
  nowMs += 2;
  assertEquals([identity.id, identity.isSubstitute], [REAL, false]);
  await Deno.writeTextFile(`${folder.path}/glusterd.info`, `UUID=${OTHER}\n`);
  assertEquals(identity.id, REAL);
  identity.refresh();
  assertEquals(identity.id, OTHER);
});

Deno.test("the host name is that of the start until the next refresh", async () => {
  await using folder = await makeTempFolder();
  let host = "gl1";
  const { path } = folder;
  const places = { workdir: path, stateDir: path, steadyNow, readHost: () => host };
  const identity = NodeIdentity.find({ ...places, nodeId: REAL });
  host = "gl1.example.com";
  assertEquals(identity.host, "gl1");
  identity.refresh();
  assertEquals([identity.host, identity.id], [host, REAL]);
});

Deno.test("an id that cannot be kept is an error at the start, and one that cannot be read later is not", async () => {
  await using folder = await makeTempFolder();
  const missing = { workdir: folder.path, stateDir: `${folder.path}/missing`, steadyNow, readHost };
  assertThrows(() => NodeIdentity.find(missing), NodeIdentityError, "Cannot keep this node's id");
  const identity = NodeIdentity.find({
    workdir: folder.path,
    stateDir: folder.path,
    steadyNow,
    readHost,
  });
  const { id } = identity;
  await Deno.mkdir(`${folder.path}/glusterd.info`);
  nowMs += 2;
  assertEquals(identity.id, id);
});
