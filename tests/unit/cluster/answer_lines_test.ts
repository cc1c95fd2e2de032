import { fromLines, type NodeAnswer, toLines } from "../../../src/cluster/answer_lines.ts";
import { assertEquals, assertStringIncludes } from "../../support/assert.ts";
import { withRandom } from "../../support/random.ts";

const UUID = "e9bfb6da-5a8b-4b8e-9d2b-3f6a3f5f2c11";
const OTHER = "11111111-5a8b-4b8e-9d2b-3f6a3f5f2c11";

function joined(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}

/** The one answer in the lines. */
function readOne(lines: readonly string[]): NodeAnswer | undefined {
  return fromLines(joined(lines)).get(UUID);
}

/** Why an answer cannot be read. */
function errorIn(lines: readonly string[]): string {
  const answer = readOne(lines);
  return answer === undefined || answer.ok ? "" : answer.error;
}

const ofMebibyte: NodeAnswer = { ok: true, value: "äöü€😀\n\u0000".repeat(100_000) };

Deno.test("an answer of any length comes back as it was, in lines that glusterd does not cut", () => {
  for (const answer of [{ ok: true, value: {} }, { ok: true, value: null }, ofMebibyte] as const) {
    const lines = toLines(UUID, answer);
    assertEquals(lines.every((line) => line.length < 4095 && /^[\x20-\x7e]+$/.test(line)), true);
    assertEquals(readOne(lines), answer);
  }
});

Deno.test("the answers of nodes come apart, whatever stands in between", async () => {
  await withRandom((random) => {
    const lines = [...toLines(UUID, ofMebibyte), ...toLines(OTHER, { ok: true, value: 1 })];
    const foreign = [
      "",
      "gluster-eventing",
      "gluster-eventing x 1/1",
      "warning: x 1/1 ab",
      "\u0000",
    ];
    const mixed = random.shuffled([...lines, ...foreign, ...foreign]);
    const answers = fromLines(joined(mixed));
    assertEquals(answers.size, 2);
    assertEquals(answers.get(UUID), ofMebibyte);
    assertEquals(answers.get(OTHER), { ok: true, value: 1 });
  });
});

Deno.test("pieces that came twice count once, and spaces behind them do not", () => {
  const lines = toLines(UUID, ofMebibyte);
  assertEquals(readOne([...lines, ...lines].map((line) => `${line} \r`)), ofMebibyte);
});

Deno.test("an answer of which a piece is missing is no answer", () => {
  const lines = toLines(UUID, ofMebibyte);
  for (const at of [0, 1, lines.length - 1]) {
    const left = lines.filter((_, index) => index !== at);
    assertStringIncludes(errorIn(left), `${lines.length - 1} of ${lines.length} pieces came`);
  }
});

Deno.test("a piece that was cut, or is none of the answer, spoils no other node's", () => {
  const [line = ""] = toLines(UUID, { ok: true, value: "x".repeat(100) });
  assertStringIncludes(errorIn([line.slice(0, -10)]), "its answer cannot be read: ");
  const absurd = [
    "0/1 ab",
    "7/2 ab",
    "99999999/1 ab",
    "4294967295/1 ab",
    "1/0 ab",
    "1/9999999999 ab",
  ];
  for (const piece of absurd) {
    const answers = fromLines(joined([
      `gluster-eventing ${UUID} ${piece}`,
      ...toLines(OTHER, {
        ok: true,
        value: 1,
      }),
    ]));
    assertEquals(answers.get(UUID)?.ok ?? false, false, piece);
    assertEquals(answers.get(OTHER), { ok: true, value: 1 }, piece);
  }
});

Deno.test("what is no answer at all is told of as one that cannot be read", () => {
  for (const value of [null, 1, "x", [], {}, { ok: "yes" }]) {
    const text = btoa(JSON.stringify(value));
    const error = errorIn([`gluster-eventing ${UUID} 1/1 ${text}`]);
    assertStringIncludes(error, "its answer cannot be read: ", JSON.stringify(value));
  }
});
