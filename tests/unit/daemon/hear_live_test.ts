import type { StreamItem } from "../../../src/api/event_stream.ts";
import { hearLive } from "../../../src/daemon/hear_live.ts";
import { assertEquals } from "../../support/assert.ts";
import { historyEvent } from "../../support/fake_daemon.ts";

Deno.test("of a stream only what is new is heard, and all of it goes on", async () => {
  const event = (number: number): StreamItem => {
    return { kind: "event", event: historyEvent(number), position: String(number) };
  };
  const live: StreamItem = {
    kind: "notice",
    notice: { notice: "live", node: "", host: "gl1" },
    position: "",
  };
  const lists = [[event(1), event(2)], [event(3), live, event(4)], [event(5)]];
  const heard: string[] = [];
  const came = await Array.fromAsync(
    hearLive(ReadableStream.from(lists), {
      now: () => 0,
      onHeard: ({ message }) => heard.push(String(message.name)),
    }),
  );
  assertEquals(came, lists);
  assertEquals(heard, ["gv4", "gv5"]);
});

Deno.test("what a node tells late that was away is not taken for what happens now", async () => {
  const [back, received_at] = ["2026-11-23T04:00:00Z", "2026-11-23T03:04:05.000Z"];
  const live: StreamItem = {
    kind: "notice",
    notice: { notice: "live", node: "", host: "gl1" },
    position: "",
  };
  const events = [received_at, "2026-11-23T03:59:59.000Z"].map((time): StreamItem => ({
    kind: "event",
    event: historyEvent(1, { received_at: time }),
    position: "",
  }));
  const late: boolean[] = [];
  await Array.fromAsync(hearLive(ReadableStream.from([[live, ...events]]), {
    now: () => Date.parse(back),
    onHeard: (_, isLate) => late.push(isLate),
  }));
  assertEquals(late, [true, false]);
});
