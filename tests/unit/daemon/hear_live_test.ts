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
    hearLive(ReadableStream.from(lists), ({ message }) => heard.push(String(message.name))),
  );
  assertEquals(came, lists);
  assertEquals(heard, ["gv4", "gv5"]);
});
