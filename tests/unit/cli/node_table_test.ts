import type { NodeRow } from "../../../src/cluster/node_row.ts";
import {
  exitCodeOf,
  renderNodes,
  rowOfThisNode,
  rowToJson,
  THIS_NODE,
} from "../../../src/cli/node_table.ts";
import { CommandError } from "../../../src/cli/command.ts";
import { assertEquals, assertStringIncludes } from "../../support/assert.ts";

const UP: NodeRow = { node: "gl2", isUp: true };
const DOWN: NodeRow = { node: "gl3.example.com", isUp: false, error: "N/A" };
const BAD: NodeRow = { node: "gl4", isUp: true, error: "the registry did not arrive whole" };

Deno.test("each node has a row that says whether it is up and all is well", () => {
  assertEquals(renderNodes([UP, DOWN, BAD, THIS_NODE], "SYNC"), [
    "NODE             NODE STATUS  SYNC STATUS",
    "gl2              UP           OK",
    "gl3.example.com  DOWN         NOT OK: N/A",
    "gl4              UP           NOT OK: the registry did not arrive whole",
    "localhost        UP           OK",
  ]);
});

Deno.test("further columns stand behind, and may be missing for some nodes", () => {
  const further = { headings: ["MORE"], cells: [["x"]] };
  assertEquals(renderNodes([UP, THIS_NODE], "DAEMON", further), [
    "NODE       NODE STATUS  DAEMON STATUS  MORE",
    "gl2        UP           OK             x",
    "localhost  UP           OK",
  ]);
});

Deno.test("a row as JSON has upstream's keys", () => {
  assertEquals(rowToJson(UP, "SYNC"), {
    node: "gl2",
    node_status: "UP",
    sync_status: "OK",
    error: "",
  });
  assertEquals(rowToJson(DOWN, "RELOAD"), {
    node: "gl3.example.com",
    node_status: "DOWN",
    reload_status: "NOT OK",
    error: "N/A",
  });
});

Deno.test("the exit code tells whether all, some or no nodes are well", () => {
  assertEquals(exitCodeOf([UP, THIS_NODE]), 0);
  assertEquals(exitCodeOf([]), 0);
  assertEquals(exitCodeOf([UP, DOWN]), 4);
  assertEquals(exitCodeOf([DOWN, BAD]), 3);
});

Deno.test("what a node says cannot forge a row", () => {
  const [, row = "", ...more] = renderNodes(
    [{ ...UP, error: "a\nforged  UP  OK\x1b[31m" }],
    "SYNC",
  );
  assertEquals(more, []);
  assertEquals(/\p{Cc}/u.test(row), false, row);
});

Deno.test("whatever fails on this node becomes its row", async () => {
  assertEquals(await rowOfThisNode(() => Promise.resolve()), THIS_NODE);
  const row = await rowOfThisNode(() => Promise.reject(new CommandError(1, "no way", "a hint")));
  assertEquals(row, { ...THIS_NODE, error: "no way", hint: "a hint" });
  const { error = "" } = await rowOfThisNode(() => Promise.reject(new TypeError("odd")));
  assertStringIncludes(error, "Unexpected: TypeError: odd");
});

Deno.test("what helps is said once below the table, with the nodes that it is for", () => {
  const bad = { isUp: true, error: "no", hint: "turn it on" };
  const rows = [{ node: "gl2", ...bad }, THIS_NODE, { node: "gl3", ...bad }];
  assertEquals(renderNodes(rows, "SYNC").slice(4), ["", "hint (gl2, gl3): turn it on"]);
  assertEquals(renderNodes([THIS_NODE], "SYNC").length, 2);
});
