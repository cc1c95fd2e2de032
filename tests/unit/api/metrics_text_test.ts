import { renderMetrics } from "../../../src/api/metrics_text.ts";
import { assertEquals } from "../../support/assert.ts";

Deno.test("a family has its help, its type and its samples", () => {
  assertEquals(
    renderMetrics([
      {
        name: "events_total",
        help: "Events.",
        type: "counter",
        samples: [{ value: 12 }],
      },
      {
        name: "pending",
        help: "Waiting.",
        type: "gauge",
        samples: [{ labels: { webhook: "a", node: "n1" }, value: 0.25 }, { value: -1 }],
      },
    ]),
    `# HELP events_total Events.
# TYPE events_total counter
events_total 12
# HELP pending Waiting.
# TYPE pending gauge
pending{webhook="a",node="n1"} 0.25
pending -1
`,
  );
});

Deno.test("a family without samples is named", () => {
  assertEquals(
    renderMetrics([{ name: "a", help: "A.", type: "gauge", samples: [] }]),
    "# HELP a A.\n# TYPE a gauge\n",
  );
});

Deno.test("quotes, backslashes and ends of lines are escaped where they would mean something", () => {
  const name = 'a"b\\c\nd';
  const text = renderMetrics([
    { name: "a", help: name, type: "gauge", samples: [{ labels: { name }, value: 1 }] },
  ]);
  assertEquals(
    text,
    '# HELP a a"b\\\\c\\nd\n# TYPE a gauge\n' + 'a{name="a\\"b\\\\c\\nd"} 1\n',
  );
});

Deno.test("numbers are written as Prometheus reads them", () => {
  const values = [0, 1e21, 1795333034.25, Infinity, -Infinity, NaN];
  const text = renderMetrics([
    { name: "a", help: "A.", type: "gauge", samples: values.map((value) => ({ value })) },
  ]);
  assertEquals(
    text.trim().split("\n").slice(2),
    ["a 0", "a 1e+21", "a 1795333034.25", "a +Inf", "a -Inf", "a NaN"],
  );
});

Deno.test("the buckets of a histogram hold those before them, and end with infinity", () => {
  const text = renderMetrics([{
    name: "took_seconds",
    help: "Time.",
    type: "histogram",
    samples: [
      { labels: { webhook: "a" }, bounds: [0.1, 1], counts: [2, 0, 3], sum: 40.5 },
      { bounds: [0.1], counts: [0, 0], sum: 0 },
    ],
  }]);
  assertEquals(
    text,
    `# HELP took_seconds Time.
# TYPE took_seconds histogram
took_seconds_bucket{webhook="a",le="0.1"} 2
took_seconds_bucket{webhook="a",le="1"} 2
took_seconds_bucket{webhook="a",le="+Inf"} 5
took_seconds_sum{webhook="a"} 40.5
took_seconds_count{webhook="a"} 5
took_seconds_bucket{le="0.1"} 0
took_seconds_bucket{le="+Inf"} 0
took_seconds_sum 0
took_seconds_count 0
`,
  );
});
