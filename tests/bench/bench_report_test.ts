import { assertEquals, assertStringIncludes } from "../support/assert.ts";
import { benchTable, type NamedFindings, reportMarkdown, tableLines } from "./bench_report.ts";

const NAMED: NamedFindings = {
  name: "in-order",
  summary: "delivery to one webhook",
  findings: {
    columns: [
      { key: "perSecond", heading: "events/s", unit: "rate" },
      { key: "mb", heading: "memory", unit: "megabytes" },
    ],
    rows: [
      { name: "ours", figures: { perSecond: 5000.4, mb: 71.234 } },
      { name: "theirs", figures: { perSecond: 500 } },
      { name: "stuck", figures: { perSecond: 0 } },
    ],
    compared: "perSecond",
    notes: ["other: not installed: apt-get install other"],
    measured: {},
  },
};

Deno.test("a table shows what was measured and the ratio of ours to the others", () => {
  assertEquals(tableLines(benchTable(NAMED)), [
    "in-order: delivery to one webhook",
    "          events/s    memory  ours/theirs",
    "  ours       5,000  71.23 MB            -",
    "  theirs       500         -          10x",
    "  stuck          0         -            -",
    "  other: not installed: apt-get install other",
  ]);
});

Deno.test("without a column to compare by there are no ratios", () => {
  const { compared: _compared, ...findings } = NAMED.findings;
  const { headings, rows } = benchTable({ ...NAMED, findings });
  assertEquals(headings, ["", "events/s", "memory"]);
  assertEquals(rows[1], ["theirs", "500", "-"]);
});

Deno.test("Markdown has the tables, the notes, the machine and the day", () => {
  const markdown = reportMarkdown({
    isQuick: true,
    benches: [NAMED],
    budgets: [{ what: "a | b", allowed: "1", measured: "2", verdict: "not met" }],
    circumstances: {
      processor: "Some CPU",
      cores: 2,
      memoryGb: 25,
      kernel: "6.1",
      loadBefore: 0.04,
      versions: { nginx: "1.22.1" },
      date: "2026-11-25",
    },
  });
  for (
    const part of [
      "| theirs | 500 | - | 10x |",
      "- other: not installed",
      "| a \\| b | 1 | 2 | not met |",
      "Measured on 2026-11-25: Some CPU, 2 cores, 25 GB, Linux 6.1, load before 0.0; nginx 1.22.1.",
      "quick run",
    ]
  ) {
    assertStringIncludes(markdown, part);
  }
});
