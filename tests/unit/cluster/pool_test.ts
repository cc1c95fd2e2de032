import { parsePeerFile, parsePoolList, readOwnUuid, toPool } from "../../../src/cluster/pool.ts";
import { assertEquals } from "../../support/assert.ts";
import { makeTempFolder } from "../../support/temp_folder.ts";

const XML_HEAD = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<cliOutput>
  <opRet>0</opRet>
  <opErrno>0</opErrno>
  <opErrstr/>
  <peerStatus>
`;

/** What glusterfs 10.3 prints. */
function listOf(...peers: readonly (readonly [string, string, 0 | 1])[]): string {
  const texts = peers.map(([uuid, host, connected]) =>
    `    <peer>
      <uuid>${uuid}</uuid>
      <hostname>${host}</hostname>
      <connected>${connected}</connected>
      <state>3</state>
      <hostnames/>
    </peer>
`
  );
  return `${XML_HEAD}${texts.join("")}  </peerStatus>\n</cliOutput>\n`;
}

Deno.test("a node that is alone is a pool of one", () => {
  const only = { uuid: "u-1", host: "localhost", isHere: true, isUp: true };
  assertEquals(parsePoolList(listOf(["u-1", "localhost", 1])), [only]);
});

Deno.test("peers come first, and each says whether it is connected", () => {
  const list = listOf(["u-1", "localhost", 1], ["u-2", "gl2.example.com", 1], [
    "u-3",
    "fd00::3",
    0,
  ]);
  assertEquals(parsePoolList(list), [
    { uuid: "u-2", host: "gl2.example.com", isHere: false, isUp: true },
    { uuid: "u-3", host: "fd00::3", isHere: false, isUp: false },
    { uuid: "u-1", host: "localhost", isHere: true, isUp: true },
  ]);
});

Deno.test("hosts with odd characters are taken as they are", () => {
  for (const host of ["gl-2", "GL2.Example.COM", "10.11.12.13", "gl_2", "höst", "-gl2"]) {
    assertEquals(parsePoolList(listOf(["u-2", host, 1]))[0]?.host, host);
  }
});

Deno.test("what is no list of peers names none", () => {
  const others = [
    "",
    "UUID\tHostname\tState",
    XML_HEAD,
    listOf(["", "gl2", 1]),
    listOf(["u", "", 1]),
  ];
  for (const text of others) assertEquals(parsePoolList(text), [], text);
});

Deno.test("a file of glusterd's names a peer by its first host", () => {
  const text = "uuid=u-2\nstate=3\nhostname1=gl2\nhostname2=10.0.0.2\n";
  assertEquals(parsePeerFile(text), { uuid: "u-2", host: "gl2", isHere: false, isUp: false });
  assertEquals(parsePeerFile("uuid=u-2\nstate=3\n"), undefined);
  assertEquals(parsePeerFile(""), undefined);
});

Deno.test("while glusterd does not answer its files name the pool, and why it cannot be reached", async () => {
  await using folder = await makeTempFolder();
  await Deno.writeTextFile(`${folder.path}/glusterd.info`, "operating-version=100000\nUUID=u-1\n");
  const here = { uuid: "u-1", host: "localhost", isHere: true, isUp: true };
  const down = { code: 1, stdout: "", stderr: "Connection failed." };
  const trouble = "glusterd on this node is not running";
  assertEquals(await toPool(down, folder.path), { nodes: [here], trouble });
  await Deno.mkdir(`${folder.path}/peers`);
  await Deno.writeTextFile(`${folder.path}/peers/u-2`, "uuid=u-2\nstate=3\nhostname1=gl2\n");
  await Deno.writeTextFile(`${folder.path}/peers/u-3`, "");
  const peer = { uuid: "u-2", host: "gl2", isHere: false, isUp: false };
  assertEquals(await toPool(undefined, folder.path), { nodes: [peer, here], trouble });
  assertEquals(
    (await toPool({ ...down, timedOut: true }, folder.path)).trouble,
    "glusterd on this node does not answer",
  );
});

Deno.test("a node that glusterd has given no UUID has none", async () => {
  await using folder = await makeTempFolder();
  assertEquals(await readOwnUuid(folder.path), "");
  await Deno.writeTextFile(`${folder.path}/glusterd.info`, "operating-version=100000\n");
  assertEquals(await readOwnUuid(folder.path), "");
  await Deno.writeTextFile(`${folder.path}/glusterd.info`, "UUID=u-1\r\n");
  assertEquals(await readOwnUuid(folder.path), "u-1");
});
