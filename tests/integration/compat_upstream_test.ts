/**
 * Compares what webhooks of the format `compat` get with what upstream's own code posts.
 */
import { encodeEvents } from "../../src/dispatcher/encode.ts";
import { EVENT_TYPES } from "../../src/event/catalog.ts";
import { parseDatagram } from "../../src/event/datagram.ts";
import { toPayload } from "../../src/event/event.ts";
import { assert, assertEquals } from "../support/assert.ts";
import { withRandom } from "../support/random.ts";
import { testNeeding } from "../support/requirements.ts";
import { parseAsUpstream } from "../support/upstream_parser.ts";
import { readFixtureLines } from "../unit/event/fixture_lines.ts";

const NODE_ID = "e9bfb6da-6bc7-431f-9139-d20d93663784";

/** What a webhook gets of a datagram that a node received. */
function compatOf(datagram: string | Uint8Array): string {
  const report = parseDatagram(datagram);
  if (report === undefined) throw new Error(`Not a datagram: ${datagram}`);
  const about = { id: "01KAPC6Q0R5T5CZ3X6M1J3M4W7", nodeId: NODE_ID, host: "gl1" };
  const payload = JSON.stringify(toPayload({ ...report, ...about }));
  const event = { id: about.id, seq: 1, receivedMs: 0, event: report.event, payload };
  return encodeEvents({ format: "compat", batch: 1 }, [event]).body;
}

/** The datagrams of which upstream posts nothing; of all others it posts the same as we do. */
async function droppedByUpstream(datagrams: readonly string[]): Promise<string[]> {
  const posted = await parseAsUpstream(datagrams, NODE_ID);
  return datagrams.filter((datagram, index) => {
    const wanted = posted[index];
    if (wanted !== undefined) assertEquals(compatOf(datagram), wanted, datagram);
    return wanted === undefined;
  });
}

testNeeding(
  ["glustereventsd"],
  "compat is byte for byte what upstream posts of every datagram of a real cluster",
  async () => {
    const datagrams = readFixtureLines().map(({ payload }) => payload);
    assertEquals(datagrams.length, 298);
    // Those that upstream cannot read: no pair at all, and values with "=" and ";" in them.
    assertEquals(await droppedByUpstream(datagrams), [
      "1795333034 6 name=gv1;options=,user.note,a=b;c=d",
      "1795333039 19 (null)",
      "1795333039 20 (null)",
      "1795333077 10 Volume=gv1;source-brick=gl3:/data/n3/b;destination-brick=gl3:/data/n3/b=2;x",
    ]);
  },
);

testNeeding(
  ["glustereventsd"],
  "compat is what upstream posts of every kind of event",
  async () => {
    const datagrams = EVENT_TYPES.flatMap(({ index, fields }) => {
      const keys = fields.length === 0 ? ["error"] : fields.map(({ name }) => name);
      const former = fields.map(({ name, formerName }) => formerName ?? name);
      return [keys, former.length === 0 ? keys : former].map((names) =>
        `1795333034 ${index} ${senderText(index, names)}`
      );
    });
    assertEquals(await droppedByUpstream(datagrams), []);
  },
);

/** The text as Gluster's senders write it. */
function senderText(index: number, names: readonly string[]): string {
  const { name: event = "" } = EVENT_TYPES[index] ?? {};
  const text = names.map((name) => {
    const key = name.replace(/-N$/, "-0");
    if (event === "VOLUME_SET" && key === "options") return "options=,auth.allow,*,nfs.disable,on";
    if (event === "VOLUME_CREATE" && key === "bricks") return "bricks=h1:/a h2:/b ";
    return key === "force" ? "force=1" : `${key}=größe "😀" \\ (null)`;
  }).join(";");
  return senderBlanks(index, text);
}

/** The text with the blanks that some senders put into it. */
function senderBlanks(index: number, text: string): string {
  const { name = "" } = EVENT_TYPES[index] ?? {};
  if (name === "VOLUME_CREATE") return text.replaceAll("bricks=", "bricks= ");
  return /^AFR_(?:QUORUM_|SUBVOL)/.test(name) ? text.replaceAll("subvol=", " subvol=") : text;
}

testNeeding(
  ["glustereventsd"],
  "compat is what upstream posts where upstream reads something else than was meant",
  async () => {
    const datagrams = [
      "6 name=gv0;options=,auth.allow,10.0.0.1,10.0.0.2",
      "6 name=gv0;options=,auth.allow,10.0.0.1,10.0.0.2,nfs.disable,on",
      "6 name=gv0;options=,user.note,",
      "6 name=gv0;options=,",
      "6 name=gv0;options=",
      "6 name=gv0",
      "6 name=gv0;options=single",
      "6 name=gv0;options=,a,b,,c,,d,",
      ...["0", "1", "true", "false", "True", "TRUE", "on", "On", "yes", "no", "2", ""]
        .map((value) => `3 name=gv0;force=${value}`),
      ...["22", "+22", "-1", "22 ", "x", "", "1.5"].map((port) =>
        `11 ssh-port=${port};primary=gv0`
      ),
      "11 push-pem=yes;no-verify=0;primary=gv0;secondary=h::v",
      "5 name=first;name=last",
      "25 volume=gv0;unlisted=1;other=2",
      "25 volume=gv0;a b=1",
      "25 volume=",
      "25 volume=(null)",
      "25 volume=gv0\n",
      "25 volume=tab\there",
      "50 error=line one\nline two",
      "105 op=open;path=/b/.health;error=Input/output error;brick=h:/b timeout is 20",
      `36 snapshot_name=s;volume_name=v;error=${"x".repeat(8000)}`,
      "25 __proto__=1;volume=gv0",
    ].map((text) => `1795333034 ${text}`);
    assertEquals(await droppedByUpstream(datagrams), []);
  },
);

testNeeding(
  ["glustereventsd"],
  "what upstream drops or cuts off is delivered whole, and nothing else differs",
  async () => {
    const dropped = [
      "25 volume=gv0;",
      "27 volume=gv0;path=/a=b;limit=1GB",
      "27 volume=gv0;path=/a;b;limit=1GB",
      "19 (null)",
      "19 ",
      "19",
      "142 from=the future",
    ].map((text) => `1795333034 ${text}`);
    assertEquals(await droppedByUpstream(dropped), dropped);
    assertEquals(
      dropped.slice(1, 3).map((datagram) => JSON.parse(compatOf(datagram)).message.path),
      ["/a=b", "/a;b"],
    );
    const long = `1795333034 50 error=${"x".repeat(9000)}`;
    const latin1 = Uint8Array.of(...new TextEncoder().encode("1795333034 50 error=caf"), 0xe9);
    const [cut, undecoded, negative, blank] = await parseAsUpstream(
      [long, latin1, "1795333034 -1 subvol=gv0-dht", "1795333034 29 volume=gv0 ;path=/a"],
      NODE_ID,
    );
    assert(cut !== undefined && cut.length < 8500 && compatOf(long).length > 9000);
    assertEquals([undecoded, JSON.parse(compatOf(latin1)).message.error], [undefined, "caf\ufffd"]);
    // It counts from the end of its list.
    assertEquals(JSON.parse(negative ?? "").event, "DHT_INODES_USAGE");
    assertEquals(JSON.parse(compatOf("1795333034 -1 subvol=gv0-dht")).event, "UNKNOWN_-1");
    assertEquals(JSON.parse(blank ?? "").message.volume, "gv0 ");
  },
);

testNeeding(
  ["glustereventsd"],
  "compat is what upstream posts of random pairs of any event, where it posts anything",
  () =>
    withRandom(async (random) => {
      const values = [
        "",
        "gv0",
        "a,b",
        ",",
        "a;b",
        "c=d",
        "x;name=y",
        "1",
        "on",
        "(null)",
        "a b",
        "é",
      ];
      const datagrams = Array.from({ length: 2000 }, () => {
        const { index, fields } = random.pick(EVENT_TYPES);
        const keys = [
          "name",
          "options",
          "force",
          "volume",
          "other",
          ...fields.map(({ name }) => name),
        ];
        const pairs = Array.from({ length: 1 + random.below(4) }, () => {
          const key = random.pick(keys);
          // No sender writes an option without a value.
          return `${key}=${key === "options" ? ",auth.allow," : ""}${random.pick(values)}`;
        });
        return `1795333034 ${index} ${senderBlanks(index, pairs.join(";"))}`;
      });
      const dropped = await droppedByUpstream(datagrams);
      assert(dropped.length > 100 && dropped.length < 1900, String(dropped.length));
    }),
);
