import { lastLineOf, LogFile, LogFileError } from "../../../src/cli/log_file.ts";
import { assertEquals, assertRejects } from "../../support/assert.ts";
import { makeTempFolder } from "../../support/temp_folder.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("a log file is appended to, is its owner's alone, and begins anew under its name", async () => {
  await using folder = await makeTempFolder();
  const path = `${folder.path}/new/x.log`;
  {
    using log = await LogFile.open(path, () => 0);
    await log.write(bytes("one\n"));
  }
  using log = await LogFile.open(path, () => 0);
  await log.write(bytes("two\n"));
  assertEquals((await Deno.stat(path)).mode, 0o100600);
  await Deno.rename(path, `${path}.1`);
  await log.reopen();
  await log.write(bytes("three\n"));
  assertEquals(await Deno.readTextFile(`${path}.1`), "one\ntwo\n");
  assertEquals(await Deno.readTextFile(path), "three\n");
  assertEquals(await lastLineOf(path), "three");
});

Deno.test("a log file that cannot be opened again goes on where it was", async () => {
  await using folder = await makeTempFolder();
  const path = `${folder.path}/x.log`;
  using log = await LogFile.open(path, () => 0);
  await Deno.rename(path, `${path}.1`);
  await Deno.mkdir(path);
  await assertRejects(() => log.reopen(), LogFileError, "Cannot write the log");
  await log.write(bytes("still\n"));
  assertEquals(await Deno.readTextFile(`${path}.1`), "still\n");
});

Deno.test("the last line of a file that is empty or absent is none", async () => {
  await using folder = await makeTempFolder();
  assertEquals(await lastLineOf(`${folder.path}/none`), undefined);
  await Deno.writeTextFile(`${folder.path}/empty`, "");
  assertEquals(await lastLineOf(`${folder.path}/empty`), undefined);
});

Deno.test("a log that is moved aside without a word is begun anew within a second", async () => {
  await using folder = await makeTempFolder();
  const path = `${folder.path}/x.log`;
  let nowMs = 0;
  using log = await LogFile.open(path, () => nowMs);
  await Deno.rename(path, `${path}.1`);
  nowMs = 999;
  await log.write(bytes("old\n"));
  nowMs = 1000;
  await log.write(bytes("new\n"));
  assertEquals(await Deno.readTextFile(`${path}.1`), "old\n");
  assertEquals(await Deno.readTextFile(path), "new\n");
});
