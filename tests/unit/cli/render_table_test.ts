import { renderTable } from "../../../src/cli/render_table.ts";
import { toVisible } from "../../../src/std/plain_text.ts";
import { assertEquals } from "../../support/assert.ts";

Deno.test("columns line up, numbers to the right, wide characters counted as two", () => {
  const rows = [["日本", "7"], ["gv1", "1234"]];
  assertEquals(renderTable(["NAME", "COUNT"], rows, { right: ["COUNT"] }), [
    "NAME  COUNT",
    "日本      7",
    "gv1    1234",
  ]);
});

Deno.test("lines have no blanks at their end, and missing cells are empty", () => {
  assertEquals(renderTable(["A", "B"], [["x"], ["y", "z"]]), ["A  B", "x", "y  z"]);
});

Deno.test("control characters and reversed text are shown and not obeyed", () => {
  const shown = toVisible("a\x1b[31mb\nc\td\u202ee\x7f\u0085é日");
  assertEquals(shown, "a\\u{1b}[31mb\\u{a}c\\u{9}d\\u{202e}e\\u{7f}\\u{85}é日");
});
