import { editText } from "../../../src/registry/edit_text.ts";
import { InvalidRegistryError, RegistryAccessError } from "../../../src/registry/errors.ts";
import { readRegistry } from "../../../src/registry/read_registry.ts";
import { assert } from "../../support/assert.ts";
import { type Random, withRandom } from "../../support/random.ts";
import { randomDocument } from "./random_document.ts";

const DOCUMENTS = 2000;
const SNIPPETS = [
  ..."[]{}=.,#\"'\\\n\r\t \0é😀",
  "[config]\n",
  "[[webhook]]\n",
  "[webhook.headers]\n",
  '"""',
  "'''",
  "1979-05-27",
  "07:32:00",
  "inf",
  "nan",
  "0x",
  "1e400",
  "\r\n",
  "\uFEFF",
  "__proto__ = 1\n",
  "\\u0000",
];

/** A document after a few accidents. */
function damaged(random: Random): string {
  let { text } = randomDocument(random);
  for (let left = random.below(4); left > 0; left--) {
    const at = random.below(text.length + 1);
    const cut = random.chance(0.5) ? random.below(6) : 0;
    const added = random.chance(0.7) ? random.pick(SNIPPETS) : "";
    text = text.slice(0, at) + added + text.slice(at + cut);
  }
  return text;
}

/** Runs the function; only errors of these kinds may come of it. */
function expectOnly(kinds: readonly (abstract new (...args: never[]) => Error)[], fn: () => void) {
  try {
    fn();
  } catch (error) {
    if (!kinds.some((kind) => error instanceof kind)) throw error;
    const problems = error instanceof InvalidRegistryError ? error.problems : [];
    assert(problems.every(({ line = 0 }) => line > 0), `No line: ${Deno.inspect(problems)}`);
  }
}

Deno.test("a damaged file is read or refused with the lines of its problems", async () => {
  await withRandom((random) => {
    for (let count = 0; count < DOCUMENTS; count++) {
      const text = damaged(random);
      try {
        expectOnly([InvalidRegistryError], () => readRegistry(text, "f"));
        expectOnly(
          [InvalidRegistryError, RegistryAccessError],
          () => editText(text, [{ do: "set", table: "config", key: "port", value: 1 }]),
        );
      } catch (error) {
        throw new Error(`Text: ${JSON.stringify(text)}`, { cause: error });
      }
    }
  });
});
