import { compileGlob } from "../../../src/event/glob.ts";
import { assertEquals } from "../../support/assert.ts";
import { withRandom } from "../../support/random.ts";

const CASES: readonly (readonly [glob: string, fitting: string[], others: string[]])[] = [
  ["gv1", ["gv1"], ["", "gv", "gv11", "GV1"]],
  ["", [""], ["a"]],
  ["*", ["", "a", "a\nb"], []],
  ["**", ["", "a"], []],
  ["home-*", ["home-", "home-1"], ["home", "my-home-1"]],
  ["*-1", ["-1", "home-1"], ["home-1a"]],
  ["a*a", ["aa", "aba"], ["a", "ab"]],
  ["a*b*c", ["abc", "a-b-c", "abcbc"], ["ac", "acb", "abcd"]],
  ["*b*b*", ["bb", "abab"], ["b", "ab"]],
  ["ab*bc", ["abbc", "ab-bc"], ["abc"]],
  ["a.c", ["a.c"], ["abc"]],
  ["a+(b)", ["a+(b)"], ["aab"]],
];

for (const [glob, fitting, others] of CASES) {
  Deno.test(`the pattern "${glob}" fits what it should`, () => {
    const fits = compileGlob(glob);
    assertEquals(fitting.filter((text) => !fits(text)), []);
    assertEquals(others.filter(fits), []);
  });
}

Deno.test("a pattern fits what the regular expression that means the same fits", () =>
  withRandom((random) => {
    for (let round = 0; round < 5000; round++) {
      const glob = random.text(["a", "b", "*", "ab", "."], 6);
      const text = random.text(["a", "b", ".", "\n"], 8);
      const escaped = glob.replaceAll(".", "\\.").replaceAll("*", "[^]*");
      const wanted = new RegExp(`^${escaped}$`).test(text);
      assertEquals(compileGlob(glob)(text), wanted, `${glob} and ${JSON.stringify(text)}`);
    }
  }));

Deno.test("no text keeps a pattern with many stars busy", () => {
  // A regular expression would not come to an end in a lifetime.
  const fits = compileGlob(`${"*a".repeat(60)}*b`);
  assertEquals(fits("a".repeat(60_000)), false);
});
