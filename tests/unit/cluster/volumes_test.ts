import {
  GlusterAnswerError,
  parseVolumeInfo,
  parseVolumeStatus,
} from "../../../src/cluster/volumes.ts";
import { assertEquals, assertThrows } from "../../support/assert.ts";
import { readGlusterXml } from "../../support/gluster_xml.ts";

Deno.test("volumes are read with their states, and how many of their bricks may be gone", async () => {
  const volumes = parseVolumeInfo(await readGlusterXml("volume_info"));
  assertEquals(
    volumes.map(({ name, type, state, setSize, spare }) => [name, type, state, setSize, spare]),
    [
      ["disp", "Disperse", "started", 3, 1],
      ["dist", "Distribute", "stopped", 1, 0],
      ["rep", "Replicate", "started", 3, 1],
    ],
  );
  assertEquals(volumes[2]?.bricks.map(({ name, isArbiter }) => [name, isArbiter]), [
    ["gl1:/bricks/r1", false],
    ["gl2:/bricks/r2", false],
    ["gl3:/bricks/r3", true],
  ]);
  assertEquals(volumes[2]?.bricks[0]?.nodeUuid, "21e10403-2079-40ce-809d-97bbc3eb8209");
});

Deno.test("of three replicas most are needed, unless the volume says otherwise, and of two one", async () => {
  const xml = await readGlusterXml("volume_info");
  const spareOf = (text: string) => parseVolumeInfo(text).at(-1)?.spare;
  const option = "<name>cluster.quorum-type</name>";
  const none = xml.replace(
    /<option>(?![^]*<option>)/,
    `<option>${option}<value>none</value></option>$&`,
  );
  assertEquals(spareOf(none), 2);
  const two = xml.replaceAll("<replicaCount>3<", "<replicaCount>2<");
  assertEquals(spareOf(two), 1);
});

Deno.test("no volumes, or none started, are no fault", async () => {
  assertEquals(parseVolumeInfo(await readGlusterXml("volume_info_none")), []);
  assertEquals(parseVolumeStatus(await readGlusterXml("volume_status_none")).size, 0);
  const created = parseVolumeInfo(await readGlusterXml("volume_info_created"));
  assertEquals(created.map(({ state }) => state), ["created", "created", "created"]);
});

Deno.test("bricks are up or down, and other services of a volume are no bricks", async () => {
  const states = parseVolumeStatus(await readGlusterXml("volume_status_brick_killed"));
  assertEquals([...states.keys()], ["disp", "rep"]);
  assertEquals([...states.get("rep") ?? []], [
    ["gl1:/bricks/r1", true],
    ["gl2:/bricks/r2", false],
    ["gl3:/bricks/r3", true],
  ]);
  assertEquals([...states.get("disp")?.values() ?? []], [true, true, true]);
});

Deno.test("bricks are found again by their names, whatever their hosts and paths are made of", () => {
  const bricks = [
    ["fd00::1", "/bricks/b1"],
    ["gl1.example.com", "/bricks/a b"],
    ["gl1", "/bricks/a:b"],
    ["gl1", "/bricks/&amp;amp;&lt;b&gt;"],
    ["gl1", "/bricks/Zürich"],
    ["gl1", "/run/gluster/snaps/5d6c/brick1/b"],
    ["127.0.0.1", "/007"],
  ] as const;
  const answer = (text: string) => `<cliOutput><opRet>0</opRet>${text}</cliOutput>`;
  const info = bricks.map(([host, path]) =>
    `<brick uuid="u">${host}:${path}<name>${host}:${path}</name><hostUuid>u</hostUuid></brick>`
  ).join("\n");
  const [volume] = parseVolumeInfo(
    answer(
      "<volInfo><volumes><volume><name>007</name><statusStr>Started</statusStr>" +
        `<bricks>${info}</bricks></volume></volumes></volInfo>`,
    ),
  );
  const nodes = bricks.map(([host, path]) =>
    `<node><hostname>${host}</hostname><path>${path}</path><status>1</status></node>`
  ).join("\n");
  const states = parseVolumeStatus(
    answer(
      `<volStatus><volumes><volume><volName>007</volName>${nodes}</volume></volumes></volStatus>`,
    ),
  );
  const names = volume?.bricks.map(({ name }) => name);
  assertEquals([...states.get("007")?.keys() ?? []], names);
  assertEquals(names?.[3], "gl1:/bricks/&amp;<b>");
  assertEquals([volume?.type, volume?.setSize, volume?.spare], ["", 1, 0]);
});

Deno.test("of a node that is not connected nothing is told", async () => {
  const states = parseVolumeStatus(await readGlusterXml("volume_status_node_down"));
  assertEquals([...states.get("disp")?.keys() ?? []], ["gl1:/bricks/e1", "gl2:/bricks/e2"]);
});

Deno.test("what glusterd says instead of an answer is told, and what is none too", () => {
  const failed =
    "<cliOutput><opRet>-1</opRet><opErrstr>Locking failed on gl2</opErrstr></cliOutput>";
  assertThrows(() => parseVolumeInfo(failed), GlusterAnswerError, "Locking failed on gl2");
  const silent = "<cliOutput><opRet>-1</opRet><opErrstr/></cliOutput>";
  assertThrows(() => parseVolumeStatus(silent), GlusterAnswerError, "it says that it failed");
  for (const text of ["", "Connection failed.", "<html></html>"]) {
    assertThrows(() => parseVolumeInfo(text), GlusterAnswerError, "cannot be read");
  }
});
