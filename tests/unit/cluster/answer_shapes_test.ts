import { fromLines } from "../../../src/cluster/answer_lines.ts";
import { assertEquals } from "../../support/assert.ts";

for (const text of ["null", "3", "[]", "{}", '{"ok":true}', '{"ok":false}', '{"ok":"yes"}']) {
  Deno.test(`${text} is no answer of a node, and says so`, () => {
    const answers = fromLines(`gluster-eventing uuid-1 1/1 ${btoa(text)}\n`);
    assertEquals(answers.get("uuid-1"), {
      ok: false,
      error: "its answer cannot be read: it has another shape",
      hint: "see whether all nodes have the same version: gluster-eventing status",
      code: 1,
    });
  });
}
