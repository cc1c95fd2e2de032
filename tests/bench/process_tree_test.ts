import { assert, assertEquals } from "../support/assert.ts";
import { cpuSecondsOf, parseStat, processTree, residentMbOf } from "./process_tree.ts";

Deno.test("processor time is read behind a name that holds blanks and brackets", () => {
  const line = "4711 (od) d (S x) S 42 4711 4711 0 -1 4194560 1 2 3 4 250 50 7 3 20 0 3 0 99";
  assertEquals(parseStat(line), { pid: 4711, parent: 42, cpuSeconds: 3.1 });
});

Deno.test("this process is in its own tree and costs something", async () => {
  assert((await processTree(Deno.pid)).some(({ pid }) => pid === Deno.pid));
  assert(await cpuSecondsOf(Deno.pid) > 0);
  assert(await residentMbOf([Deno.pid]) > 1);
});
