import type { Row } from "../../src/page/assets/page_types.js";

/** A line of the page's table, with what is of no interest made up. */
export function makeRow(row: Partial<Row> = {}): Row {
  return {
    key: "1",
    at: Date.UTC(2026, 10, 26, 14, 3, 22),
    event: "VOLUME_START",
    group: "VOLUME",
    severity: "info",
    node: "gl1",
    nodeid: "e9bfb6da-0000-4000-8000-000000000001",
    text: "volume gv0 was started",
    id: "01J00000000000000000000001",
    message: { name: "gv0" },
    marks: [],
    problems: [],
    payload: { event: "VOLUME_START" },
    ...row,
  };
}
