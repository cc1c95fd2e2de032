import { readApiToken } from "../../../src/api/api_token.ts";
import { TlsMaterialStore } from "../../../src/dispatcher/tls/tls_material.ts";
import { readSmallFileSync } from "../../../src/std/files.ts";
import { assertEquals, assertThrows } from "../../support/assert.ts";
import { makeTempFolder } from "../../support/temp_folder.ts";

Deno.test("a file is read whole, and one that is larger than it may be is not", async () => {
  await using folder = await makeTempFolder();
  const path = `${folder.path}/file`;
  await Deno.writeTextFile(path, "12345");
  assertEquals(readSmallFileSync(path, 5), new TextEncoder().encode("12345"));
  assertThrows(() => readSmallFileSync(path, 4), TypeError, "it has 5 bytes, more than 4");
  assertThrows(() => readSmallFileSync(`${path}s`), Error, "there is no such file");
});

Deno.test("nobody waits for what may come out of a pipe", async () => {
  await using folder = await makeTempFolder();
  const path = `${folder.path}/pipe`;
  await new Deno.Command("mkfifo", { args: [path] }).output();
  const why = "it is no regular file";
  assertThrows(() => readSmallFileSync(path), TypeError, why);
  assertThrows(() => readApiToken(path), Error, why);
  assertThrows(() => new TlsMaterialStore().load({ caFile: path }), Error, why);
});
