import { fingerprintUrl, planCursors } from "../../../src/spool/cursors.ts";
import { assertEquals } from "../../support/assert.ts";

const owner = (name: string, url = `http://${name}/`) => ({ name, url });

Deno.test("a webhook that is known keeps its cursor, a new one gets one, a gone one loses it", () => {
  assertEquals(planCursors([owner("a"), owner("b")], [owner("b"), owner("c")]), {
    keep: [{ from: "b", owner: owner("b") }],
    add: [owner("c")],
    drop: ["a"],
  });
});

Deno.test("a webhook with another URL keeps its cursor", () => {
  const changed = owner("a", "http://elsewhere/");
  const plan = planCursors([owner("a")], [changed]);
  assertEquals(plan, { keep: [{ from: "a", owner: changed }], add: [], drop: [] });
});

Deno.test("a webhook with another name keeps its cursor", () => {
  const renamed = owner("z", "http://a/");
  const plan = planCursors([owner("a")], [renamed]);
  assertEquals(plan, { keep: [{ from: "a", owner: renamed }], add: [], drop: [] });
});

Deno.test("a webhook with another name and another URL is a new one", () => {
  const plan = planCursors([owner("a")], [owner("z")]);
  assertEquals(plan, { keep: [], add: [owner("z")], drop: ["a"] });
});

Deno.test("a name that went to another URL goes with the name", () => {
  const swapped = [owner("a", "http://b/"), owner("b", "http://a/")];
  const plan = planCursors([owner("a"), owner("b")], swapped);
  assertEquals(plan.keep.map(({ from, owner: { name } }) => [from, name]), [["a", "a"], [
    "b",
    "b",
  ]]);
  assertEquals([plan.add, plan.drop], [[], []]);
});

Deno.test("of a URL a fingerprint is kept, which knows it again and shows nothing of it", () => {
  const url = "https://user:S3CRET@ops/?key=S3CRET";
  const fingerprint = fingerprintUrl(url);
  assertEquals(/^sha256:[0-9a-f]{32}$/.test(fingerprint), true, fingerprint);
  assertEquals([fingerprintUrl(url), fingerprintUrl(fingerprint)], [fingerprint, fingerprint]);
  const { keep } = planCursors([owner("old", fingerprint)], [owner("new", url)]);
  assertEquals(keep, [{ from: "old", owner: owner("new", url) }]);
});
