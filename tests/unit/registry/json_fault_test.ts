import { findJsonFault } from "../../../src/registry/json_fault.ts";
import { assertEquals, assertMatch } from "../../support/assert.ts";
import { withRandom } from "../../support/random.ts";

const FAULTY: readonly (readonly [text: string, line: number, column: number, what: RegExp])[] = [
  ['{}http://a/": "b"}', 1, 3, /more text behind/],
  ["", 1, 1, /ends where a value/],
  ["{\n  'a': 1}", 2, 3, /name in double quotes/],
  ['{"a" 1}', 1, 6, /colon/],
  ['{"a": {"token": "x"\n "secret": ""}}', 2, 2, /comma or "}"/],
  ['{"a": "x', 1, 7, /does not end/],
  ['{"a": [1, 2,]}', 1, 13, /no JSON value/],
  ['{"a": tru}', 1, 7, /no JSON value/],
  ['{"a": "\t"}', 1, 7, /badly escaped/],
];

Deno.test("the place where a text stops being JSON is found", () => {
  for (const [text, line, column, what] of FAULTY) {
    const fault = findJsonFault(text);
    assertEquals([fault?.line, fault?.column], [line, column], text);
    assertMatch(fault?.what ?? "", what);
  }
});

Deno.test("what JSON.parse takes has no fault, and all else has one", async () => {
  const pieces = ["{", "}", "[", "]", ":", ",", '"a"', '"\\u00e9"', '"\\x"', '"', "1", "-0.5e+3"]
    .concat("01", "true", "null", " ", "\n", "http", "\u0007", "é", "1.", "\u2028");
  await withRandom((random) => {
    for (let round = 0; round < 20_000; round++) {
      const text = random.text(pieces, 8);
      assertEquals(findJsonFault(text) === undefined, isJson(text), JSON.stringify(text));
    }
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
