import { LogWriter } from "../../../src/cli/log_writer.ts";
import { assertEquals } from "../../support/assert.ts";
import { until } from "../../support/until.ts";

/** A log whose reader reads when the test says. */
function makeLog() {
  const decoder = new TextDecoder();
  const reads: (() => void)[] = [];
  let text = "";
  const writer = new LogWriter((bytes) =>
    new Promise((resolve) => {
      reads.push(() => {
        text += decoder.decode(bytes);
        resolve(bytes.length);
      });
    })
  );
  return { writer, reads, text: () => text };
}

Deno.test("lines are written in order, those that come meanwhile together", async () => {
  const { writer, reads, text } = makeLog();
  for (const line of ["a", "b", "c"]) writer.line(line);
  reads[0]?.();
  await until("the rest is being written", () => reads.length === 2);
  reads[1]?.();
  await writer.flush(5000);
  assertEquals([text(), reads.length], ["a\nb\nc\n", 2]);
});

Deno.test("while nobody reads, lines beyond a limit are dropped, and the log says how many", async () => {
  const { writer, reads, text } = makeLog();
  for (let number = 0; number < 1501; number++) writer.line(`line ${number}`);
  reads[0]?.();
  await until("the rest is being written", () => reads.length === 2);
  reads[1]?.();
  await writer.flush(5000);
  const lines = text().trimEnd().split("\n");
  assertEquals([lines.length, lines[0], lines.at(-2)], [1002, "line 0", "line 1000"]);
  assertEquals(lines.at(-1), "(500 log lines were dropped: nobody read them in time)");
});

Deno.test("a reader that never reads does not hold up the end", async () => {
  const { writer, text } = makeLog();
  writer.line("a");
  await writer.flush(10);
  assertEquals(text(), "");
});

Deno.test("a log that cannot be written harms nobody", async () => {
  const writer = new LogWriter(() => Promise.reject(new Error("No space left on device")));
  writer.line("a");
  await writer.flush(5000);
  writer.line("b");
  await writer.flush(5000);
});
