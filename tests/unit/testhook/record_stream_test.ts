import { HookRecord } from "../../../src/testhook/hook_record.ts";
import { NodeLedger } from "../../../src/testhook/node_ledger.ts";
import { streamRecord, type StreamTimes } from "../../../src/testhook/record_stream.ts";
import { assertEquals, assertMatch } from "../../support/assert.ts";
import { until } from "../../support/until.ts";
import { shownRequest } from "./shown_request.ts";

const QUICK: StreamTimes = { pauseMs: 0, reportMs: 0, keepAliveMs: 60_000, stallMs: 60_000 };

const newRecord = (keeps = 1000) =>
  new HookRecord({ keeps, startedAtMs: 0, ledger: new NodeLedger() });

/** A stream that is read piece by piece, and what happens to it. */
function open(record: HookRecord, { since = 0, times = QUICK } = {}) {
  const stopping = new AbortController();
  const happened: string[] = [];
  const stream = streamRecord(record, {
    since,
    signal: stopping.signal,
    onStall: () => happened.push("stalled"),
    onEnd: () => happened.push("ended"),
    times,
  });
  const reader = stream.getReader();
  const next = async (): Promise<string> => {
    const { value } = await reader.read();
    return new TextDecoder().decode(value);
  };
  return { reader, next, happened, stop: () => stopping.abort() };
}

const idsIn = (text: string) => [...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));

Deno.test("what is ready goes out together, and what is large in pieces", async () => {
  const record = newRecord();
  for (let number = 1; number <= 5; number++) record.add(shownRequest(number));
  const { reader, next, happened } = open(record);
  const first = await next();
  assertEquals(idsIn(first), [1, 2, 3, 4, 5]);
  assertMatch(first, /event: summary\ndata: .*\n\nevent: cluster\ndata: /);
  for (let number = 6; number <= 9; number++) record.add(shownRequest(number, "x".repeat(40_000)));
  assertEquals([idsIn(await next()), idsIn(await next())], [[6, 7], [8, 9]]);
  await reader.cancel();
  assertEquals(happened, ["ended"]);
});

Deno.test("a request that comes again has no id, and does not make others come again", async () => {
  const record = newRecord();
  const { reader, next } = open(record);
  await next();
  record.add(shownRequest(1));
  record.add(shownRequest(2));
  record.change({ ...shownRequest(1), status: null });
  const text = await next();
  assertEquals([idsIn(text), text.match(/event: request/g)?.length], [[2], 2]);
  assertMatch(text, /event: request\ndata: \{"number":1,/);
  await reader.cancel();
});

Deno.test("nothing waits for a reader that reads nothing, and it goes on with what is kept", async () => {
  const record = newRecord(3);
  const { reader, next } = open(record);
  await next();
  for (let number = 1; number <= 100; number++) record.add(shownRequest(number));
  assertEquals(idsIn(await next()), [98, 99, 100]);
  await reader.cancel();
});

Deno.test("who takes nothing for too long is cut off", async () => {
  const record = newRecord();
  const { reader, next, happened } = open(record, { times: { ...QUICK, stallMs: 1 } });
  await next();
  await until("it is cut off", () => happened.includes("stalled"));
  assertEquals(happened, ["ended", "stalled"]);
  const error = await reader.read().catch((error: unknown) => String(error));
  assertEquals(error, "Error: The client takes nothing");
});

Deno.test("a stream with nothing to say says that it lives, and ends when it is told to", async () => {
  const { next, stop, happened, reader } = open(newRecord(), {
    times: { ...QUICK, keepAliveMs: 1 },
  });
  await next();
  assertEquals(await next(), ": still here\n\n");
  stop();
  assertEquals((await reader.read()).done, true);
  assertEquals(happened, ["ended"]);
});
