import { formatLogLine, Logger } from "../../../src/daemon/logger.ts";
import { assertEquals } from "../../support/assert.ts";

Deno.test("a log line has time, level, message and fields, quoted where they need it", () => {
  const line = formatLogLine({
    nowMs: Date.parse("2026-11-22T16:40:00.123Z"),
    level: "WARNING",
    message: "webhook fails",
    fields: { webhook: "ops", reason: "503 Service Unavailable", count: 3, gone: undefined },
  });
  const head = "2026-11-22T16:40:00.123Z WARNING webhook fails";
  assertEquals(line, `${head} webhook=ops reason="503 Service Unavailable" count=3`);
});

Deno.test("values with quotes, equal signs, line breaks or escapes cannot forge another line", () => {
  const fields = { a: 'x" b="y', c: "1\n2026 ERROR forged", d: "\x1b[31mred", e: "" };
  const line = formatLogLine({ nowMs: 0, level: "INFO", message: "m", fields });
  assertEquals(line.includes("\n"), false);
  assertEquals(line.includes("\x1b"), false);
  const tail = String.raw`a="x\" b=\"y" c="1\n2026 ERROR forged" d="\u001b[31mred" e=""`;
  assertEquals(line.slice(line.indexOf("a=")), tail);
});

Deno.test("text from a datagram cannot turn a line around", () => {
  const fields = { message: "\u202egnp.exe", c1: "\u009b31m" };
  const line = formatLogLine({ nowMs: 0, level: "INFO", message: "m", fields });
  assertEquals(/^[\x20-\x7e]+$/.test(line), true, line);
});

Deno.test("lines below the level are not written", () => {
  const lines: string[] = [];
  const logger = new Logger({ write: (line) => lines.push(line), now: () => 0 });
  for (const level of ["DEBUG", "INFO", "WARNING", "ERROR"] as const) logger.log(level, level);
  logger.level = "ERROR";
  for (const level of ["DEBUG", "INFO", "WARNING", "ERROR"] as const) logger.log(level, level);
  assertEquals(lines.map((line) => line.split(" ").at(-1)), ["INFO", "WARNING", "ERROR", "ERROR"]);
});
