import { elfSize } from "../../../scripts/base_runtime.ts";
import { assertEquals, assertThrows } from "../../support/assert.ts";

Deno.test("an ELF file ends behind its section headers, whatever follows", async () => {
  const file = await Deno.readFile(Deno.execPath());
  const size = elfSize(file);
  const longer = new Uint8Array(size + 1000);
  longer.set(file.subarray(0, size));
  assertEquals(elfSize(longer), size);
  assertEquals(size <= file.length, true, `${size} of ${file.length} bytes`);
});

Deno.test("what is no ELF file is refused", () => {
  assertThrows(
    () => elfSize(new TextEncoder().encode("#!/bin/sh\n".repeat(10))),
    Error,
    "not an ELF",
  );
});
