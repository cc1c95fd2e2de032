import { exitCodeOfRows, renderRows, rowsToJson } from "../../../../src/cli/eventsapi/node_rows.ts";
import { renderPrettyTable } from "../../../../src/cli/eventsapi/pretty_table.ts";
import { toPythonJson } from "../../../../src/std/python_json.ts";
import type { NodeRow } from "../../../../src/cluster/node_row.ts";
import { assertEquals } from "../../../support/assert.ts";

const HERE: NodeRow = { node: "localhost", isUp: true };
const DOWN: NodeRow = { node: "node2", isUp: false };
const BROKEN: NodeRow = { node: "gl3.example.com", isUp: true, error: "404" };

Deno.test("nodes are shown in upstream's table, this one last", () => {
  assertEquals(renderRows("sync", [HERE, DOWN]), [
    "+-----------+-------------+-------------+",
    "|    NODE   | NODE STATUS | SYNC STATUS |",
    "+-----------+-------------+-------------+",
    "|   node2   |        DOWN | NOT OK: N/A |",
    "| localhost |          UP |          OK |",
    "+-----------+-------------+-------------+",
  ]);
  assertEquals(renderRows("webhook", [BROKEN, HERE]), [
    "+-----------------+-------------+----------------+",
    "|       NODE      | NODE STATUS | WEBHOOK STATUS |",
    "+-----------------+-------------+----------------+",
    "| gl3.example.com |          UP |    NOT OK: 404 |",
    "|    localhost    |          UP |             OK |",
    "+-----------------+-------------+----------------+",
  ]);
});

Deno.test("a table has room for long, wide and several lines, and shows what would move the cursor", () => {
  const error = "the daemon refuses it:\nline 3: é日本\x1b[2J";
  assertEquals(renderRows("reload", [{ ...HERE, error }]), [
    "+-----------+-------------+--------------------------------+",
    "|    NODE   | NODE STATUS |                  RELOAD STATUS |",
    "+-----------+-------------+--------------------------------+",
    "| localhost |          UP | NOT OK: the daemon refuses it: |",
    "|           |             |         line 3: é日本\\u{1b}[2J |",
    "+-----------+-------------+--------------------------------+",
  ]);
});

Deno.test("a table without rows and one of settings look like upstream's", () => {
  assertEquals(renderRows("sync", []), [
    "+------+-------------+-------------+",
    "| NODE | NODE STATUS | SYNC STATUS |",
    "+------+-------------+-------------+",
    "+------+-------------+-------------+",
  ]);
  const rows = [["log-level", "INFO"], ["port", "55555"], ["disable-events-log", "False"]];
  assertEquals(renderPrettyTable([{ heading: "NAME" }, { heading: "VALUE" }], rows), [
    "+--------------------+-------+",
    "|        NAME        | VALUE |",
    "+--------------------+-------+",
    "|     log-level      |  INFO |",
    "|        port        | 55555 |",
    "| disable-events-log | False |",
    "+--------------------+-------+",
  ]);
});

Deno.test("nodes are told of in upstream's JSON, this one last", () => {
  assertEquals(
    toPythonJson({ output: rowsToJson("glustereventsd", [HERE, DOWN, BROKEN]), error: "" }),
    '{"output": [' +
      '{"node": "node2", "node_status": "DOWN", "glustereventsd_status": "NOT OK", "error": "N/A"}, ' +
      '{"node": "gl3.example.com", "node_status": "UP", "glustereventsd_status": "NOT OK", "error": "404"}, ' +
      '{"node": "localhost", "node_status": "UP", "glustereventsd_status": "OK", "error": ""}], ' +
      '"error": ""}',
  );
});

Deno.test("JSON is written as Python does, in ASCII", () => {
  assertEquals(
    toPythonJson({ "port": 55555, "off": false, "list": [], "text": 'é "x"\n\u007f😀' }),
    '{"port": 55555, "off": false, "list": [], "text": "\\u00e9 \\"x\\"\\n\\u007f\\ud83d\\ude00"}',
  );
});

Deno.test("the exit code says whether all nodes, some or none followed", () => {
  assertEquals(exitCodeOfRows([HERE]), 0);
  assertEquals(exitCodeOfRows([HERE, DOWN]), 4);
  assertEquals(exitCodeOfRows([HERE, BROKEN]), 4);
  assertEquals(exitCodeOfRows([DOWN, BROKEN]), 3);
  assertEquals(exitCodeOfRows([]), 3);
});
