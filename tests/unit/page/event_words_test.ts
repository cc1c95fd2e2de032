import { CATALOG_ROWS } from "../../../src/event/catalog_data.ts";
import { parseDatagram } from "../../../src/event/datagram.ts";
import { type EventPayload, toPayload } from "../../../src/event/event.ts";
import { factsOf } from "../../../src/event/event_facts.ts";
import { happeningOf } from "../../../src/event/headline.ts";
import { HEADLINES } from "../../../src/event/headline_data.ts";
import { toNotice, toRow } from "../../../src/page/assets/daemon_rows.js";
import { eventWords } from "../../../src/page/assets/event_words.js";
import { assertEquals } from "../../support/assert.ts";

const NODE = { id: "01J00000000000000000000000", nodeId: "e9bfb6da", host: "gl1" };

function payloadOf(datagram: string): EventPayload | undefined {
  const report = parseDatagram(datagram);
  return report === undefined ? undefined : toPayload({ ...report, ...NODE });
}

Deno.test("the page says of every event what the daemon says of it elsewhere", async () => {
  const file = new URL("../../fixtures/datagrams_10.3.tsv", import.meta.url);
  const real = (await Deno.readTextFile(file)).split("\n").flatMap((line) =>
    line.split("\t").flatMap((cell) => payloadOf(cell) ?? [])
  );
  const made = CATALOG_ROWS.flatMap(([, , , , fields], index) => {
    const pairs = fields.split(" ").filter((name) => name !== "").map((name) =>
      `${name.replace(/[?|].*/, "").replace("N", "0")}=/a-replicate-0`
    );
    return [
      payloadOf(`1 ${index} ${pairs.join(";")}`) ?? [],
      payloadOf(`1 ${index} x=(null)`) ?? [],
    ]
      .flat();
  });
  assertEquals([real.length > 20, made.length > 200], [true, true]);
  for (const payload of [...real, ...made]) {
    const said = happeningOf(factsOf(payload));
    assertEquals(eventWords(payload, HEADLINES), said, JSON.stringify(payload));
  }
});

Deno.test("of an event that nobody knows the page says what is in it", () => {
  const event = { event: "UNKNOWN_999", event_group: "UNKNOWN", message: { a: "b", c: true } };
  assertEquals(eventWords(event, HEADLINES), "a=b c=true");
  assertEquals(eventWords({ ...event, event: "toString", message: null }, HEADLINES), "");
});

Deno.test("a row has what came when it came, and one key on every way", () => {
  const payload = payloadOf("1795330857 3 name=gv1;force=0");
  if (payload === undefined) throw new Error("This is a datagram");
  const event = { ...payload, received_at: "2026-11-22T07:00:57.123Z" };
  const row = toRow(event, HEADLINES);
  assertEquals(row.at, Date.parse(event.received_at));
  assertEquals([row.key, row.text], [`event/e9bfb6da/${NODE.id}`, "volume gv1 was started"]);
  const { host: _host, ...older } = event;
  const { node, at } = toRow({ ...older, received_at: "" }, HEADLINES);
  assertEquals([node, at], ["", 1795330857000]);
});

Deno.test("notices are told in words, and that all is well in none", () => {
  const notice = (kind: "live" | "gap" | "away" | "back") =>
    toNotice({ notice: kind, node: "e9bfb6da", host: "gl2", reason: "it is gone" }, 1);
  assertEquals(notice("live"), undefined);
  assertEquals(notice("away")?.notice, "Nothing can be heard of gl2: it is gone");
  assertEquals([notice("gap")?.isProblem, notice("back")?.isProblem], [true, false]);
});
