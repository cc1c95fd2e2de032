import { exitOfTrials, renderTrials, toTrialRow } from "../../../src/cli/trial_rows.ts";
import type { ProbeVerdict } from "../../../src/dispatcher/probe_webhook.ts";
import { assertEquals } from "../../support/assert.ts";

const FINE: ProbeVerdict = {
  ok: true,
  stage: null,
  status: 204,
  duration_ms: 12,
  reason: "204 No Content",
  hint: "",
};
const REFUSED: ProbeVerdict = {
  ok: false,
  stage: "connect",
  status: null,
  duration_ms: 1,
  reason: "Connection refused",
  hint: "is it running?",
};
const UNREADABLE: ProbeVerdict = {
  ok: false,
  stage: null,
  status: null,
  duration_ms: 1,
  reason: "Cannot read secret-file /s",
  hint: "",
};
const MISSING: ProbeVerdict = {
  ok: false,
  stage: "response",
  status: 404,
  duration_ms: 3,
  reason: "404 Not Found: \x1b[2J",
  hint: "is the path right?",
};

Deno.test("each node has a row, what it found, and the hints that are for it", () => {
  const rows = [
    toTrialRow("gl2", REFUSED),
    toTrialRow("gl3", undefined),
    toTrialRow("gl4", REFUSED),
    toTrialRow("gl5", MISSING),
    toTrialRow("gl6", UNREADABLE),
    toTrialRow("localhost", FINE),
  ];
  assertEquals(renderTrials(rows), [
    "NODE       NODE STATUS  WEBHOOK STATUS",
    "gl2        UP           NOT OK: connect",
    "gl3        DOWN         NOT OK: N/A",
    "gl4        UP           NOT OK: connect",
    "gl5        UP           NOT OK: 404",
    "gl6        UP           NOT OK: nothing posted",
    "localhost  UP           OK",
    "",
    "gl2: failed while connecting, after 1 ms: Connection refused",
    "gl4: failed while connecting, after 1 ms: Connection refused",
    "gl5: after 3 ms: 404 Not Found: \\u{1b}[2J",
    "gl6: failed after 1 ms: Cannot read secret-file /s",
    "localhost: after 12 ms: 204 No Content",
    "hint (gl2, gl4): is it running?",
    "hint (gl5): is the path right?",
  ]);
});

Deno.test("a hint for all nodes names none, and nodes that are down have nothing to say", () => {
  const last = (rows: Parameters<typeof renderTrials>[0]) => renderTrials(rows).at(-1);
  assertEquals(last([toTrialRow("localhost", REFUSED)]), "hint: is it running?");
  assertEquals(last([toTrialRow("gl2", undefined)]), "gl2   DOWN         NOT OK: N/A");
});

Deno.test("the JSON begins with upstream's keys", () => {
  const shown = [FINE, REFUSED, MISSING, undefined].map((verdict) => {
    const { node, node_status, webhook_status, error } = toTrialRow("gl1", verdict);
    return [node, node_status, webhook_status, error];
  });
  assertEquals(shown, [
    ["gl1", "UP", "OK", ""],
    ["gl1", "UP", "NOT OK", "connect: Connection refused"],
    ["gl1", "UP", "NOT OK", "404 Not Found: \x1b[2J"],
    ["gl1", "DOWN", "NOT OK", "N/A"],
  ]);
});

Deno.test("the exit code tells all, some and no nodes apart", () => {
  const exit = (...verdicts: (ProbeVerdict | undefined)[]) =>
    exitOfTrials(verdicts.map((verdict) => toTrialRow("gl1", verdict)));
  assertEquals([exit(FINE), exit(FINE, FINE)], [0, 0]);
  assertEquals([exit(REFUSED), exit(undefined), exit(MISSING, undefined)], [3, 3, 3]);
  assertEquals([exit(FINE, undefined), exit(MISSING, FINE)], [4, 4]);
});
