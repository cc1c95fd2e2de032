import { encodeEvents } from "../../../../src/dispatcher/encode.ts";
import type { PostedEvent } from "../../../../src/dispatcher/delivery_request.ts";
import { assert, assertEquals, assertMatch } from "../../../support/assert.ts";
import { fixtureEvents, HOSTILE_TEXTS, postedEvent, TS } from "./posted_events.ts";

interface SlackMessage {
  readonly text: string;
  readonly mrkdwn: boolean;
  readonly attachments: readonly {
    readonly fallback: string;
    readonly color: string;
    readonly title: string;
    readonly text?: string;
    readonly fields: readonly { title: string; value: string; short: boolean }[];
    readonly footer: string;
  }[];
}

function encode(events: readonly PostedEvent[], batch = 1): SlackMessage {
  const { headers, body } = encodeEvents({ format: "slack", batch }, events);
  assertEquals(headers, { "content-type": "application/json" });
  return JSON.parse(body);
}

const EVENT = postedEvent("BRICK_DISCONNECTED", {
  peer: "gl2",
  volume: "gv0",
  brick: "/bricks/b1",
});

Deno.test("an event is a line, and an attachment with what it means and says", () => {
  const line = "gl2: brick gl2:/bricks/b1 of volume gv0 disconnected (alert)";
  assertEquals(encode([EVENT]) as unknown, {
    text: line,
    mrkdwn: false,
    attachments: [{
      fallback: line,
      color: "#e65100",
      title: "BRICK_DISCONNECTED",
      text: "A running brick lost its connection to glusterd (crash, kill, disk or network)",
      fields: [
        { title: "peer", value: "gl2", short: true },
        { title: "volume", value: "gv0", short: true },
        { title: "brick", value: "/bricks/b1", short: true },
      ],
      footer: "01KAPC6Q0R5T5CZ3X6M1J30007",
      ts: TS,
      mrkdwn_in: [],
    }],
  });
});

Deno.test("several events are one message with an attachment for each", () => {
  const { text, attachments } = encode([EVENT, postedEvent("VOLUME_START", { name: "gv0" })], 20);
  assertEquals(text, "2 events");
  assertEquals(attachments.map(({ title, footer }) => [title, footer]), [
    [
      "gl2: brick gl2:/bricks/b1 of volume gv0 disconnected (alert)",
      "BRICK_DISCONNECTED 01KAPC6Q0R5T5CZ3X6M1J30007",
    ],
    ["gl2: volume gv0 was started (info)", "VOLUME_START 01KAPC6Q0R5T5CZ3X6M1J30007"],
  ]);
  assertEquals(encode([EVENT], 20), encode([EVENT]));
});

Deno.test("each severity has a colour", () => {
  const names = ["VOLUME_CREATE", "VOLUME_STOP", "BRICK_DISCONNECTED", "QUORUM_LOST"];
  const colours = names.map((name) => encode([postedEvent(name, {})]).attachments[0]?.color ?? "");
  assertEquals(new Set(colours).size, 4);
  for (const colour of colours) assertMatch(colour, /^#[0-9a-f]{6}$/);
});

Deno.test("values are shown as people read them", () => {
  const set = postedEvent("VOLUME_SET", {
    name: "gv0",
    options: [["auth.allow", "a,b"], ["x.y", "z"]],
  });
  assertEquals(encode([set]).attachments[0]?.fields[1], {
    title: "options",
    value: "auth.allow: a,b\nx.y: z",
    short: true,
  });
  const start = postedEvent("VOLUME_START", { name: "gv0", force: true });
  assertEquals(encode([start]).attachments[0]?.fields[1]?.value, "yes");
});

Deno.test("nothing in an event is markup, and nobody is called by one", () => {
  const error = "<!channel> <@U1> &amp; @here, (@all) root@gl2 <http://x|y> me@here @größe";
  const [{ fields: [field] } = { fields: [] }] =
    encode([postedEvent("SNAPSHOT_CONFIG_UPDATE_FAILED", { error })]).attachments;
  assertEquals(
    field?.value,
    "&lt;!channel&gt; &lt;@\u2060U1&gt; &amp;amp; @\u2060here, (@\u2060all) root@gl2 " +
      "&lt;http://x|y&gt; me@here @\u2060größe",
  );
});

Deno.test("a message stays short, whatever an event holds, and is cut between characters", () => {
  const many = Object.fromEntries(HOSTILE_TEXTS.map((text, index) => [`key${index}`, text]));
  const events = HOSTILE_TEXTS.map((text) =>
    postedEvent("VOLUME_CREATE", { name: text, bricks: text, ...many })
  );
  const { attachments } = encode(events, 20);
  assertEquals(attachments.length, HOSTILE_TEXTS.length);
  assert(JSON.stringify(attachments).length < 200_000);
  for (const { title, fallback, fields } of attachments) {
    assertEquals(fields.length, 10);
    for (const text of [title, fallback, ...fields.flatMap(({ title, value }) => [title, value])]) {
      // deno-lint-ignore no-control-regex
      assertMatch(text, /^[^<>\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]*$/);
      assert(text.isWellFormed() && [...text].length <= 1500, text);
      assertEquals(/(?:^|[^\p{L}\p{N}])@[\p{L}\p{N}]/u.test(text), false, text);
    }
    assertMatch(title, /^[^\n]*$/);
  }
  const [long] = encode([postedEvent("VOLUME_DELETE", { name: "😀".repeat(1000) })]).attachments;
  assertEquals(long?.fields[0]?.value, `${"😀".repeat(499)}…`);
});

Deno.test("every event of a real cluster is a message with words", () => {
  for (const event of fixtureEvents()) {
    const { text, attachments: [attachment] } = encode([event]);
    assertMatch(text, /^gl[123]: .+ \((?:info|warning|alert|critical)\)$/);
    assertEquals(attachment?.title, event.event);
    assert((attachment?.text ?? "") !== "", event.event);
  }
});
