import { assertEquals, assertThrows } from "../support/assert.ts";
import { replaceSection, SectionMissingError } from "./readme_section.ts";

const README = `# Title

<!-- bench:begin -->
old
<!-- bench:end -->

More.
`;

Deno.test("only what stands between the marker lines is replaced", () => {
  const text = replaceSection(README, "new\nlines");
  assertEquals(text, README.replace("old", "\nnew\nlines\n"));
  assertEquals(replaceSection(text, "again"), README.replace("old", "\nagain\n"));
});

Deno.test("a text without the marker lines, or with too many, is refused", () => {
  for (
    const text of [
      "# Title\n",
      README.replace("<!-- bench:end -->\n", ""),
      README.replace("old", "<!-- bench:begin -->"),
      README.replace("<!-- bench:begin -->", "See <!-- bench:begin -->."),
      "<!-- bench:end -->\n<!-- bench:begin -->\n",
    ]
  ) {
    assertThrows(() => replaceSection(text, "new"), SectionMissingError, "bench:");
  }
});
