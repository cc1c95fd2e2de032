import type { RegistryEdit } from "../../../src/registry/edit_data.ts";
import { editText } from "../../../src/registry/edit_text.ts";
import { RegistryAccessError } from "../../../src/registry/errors.ts";
import { parseToml } from "../../../src/registry/read_registry.ts";
import { isList } from "../../../src/registry/value_kinds.ts";
import { assert, assertEquals, assertThrows } from "../../support/assert.ts";
import { type Random, withRandom } from "../../support/random.ts";
import { type Comment, type DocumentData, randomDocument, randomValue } from "./random_document.ts";

const DOCUMENTS = 400;
const EDITS = 8;
const MAY_STAY: readonly Comment["place"][] = ["elsewhere", "in a list", "at an element"];

function randomEdit(random: Random, { webhook }: DocumentData): RegistryEdit {
  const index = random.below(webhook.length);
  switch (random.below(webhook.length === 0 ? 4 : 8)) {
    case 0:
      return { do: "set", table: "root", key: "generation", value: random.below(1000) };
    case 1:
      return {
        do: "set",
        table: "config",
        key: random.pick(["port", "log-level", "timeout"]),
        value: randomValue(random),
      };
    case 2:
      return { do: "unset", table: "config", key: random.pick(["port", "log-level", "timeout"]) };
    case 3: {
      const name = `new ${random.next()}`;
      return { do: "append", webhook: { name, url: randomValue(random) } };
    }
    case 4:
      return { do: "remove", webhook: index };
    case 5:
      return { do: "unset", table: index, key: random.pick(["url", "headers", "timeout"]) };
    default: {
      const key = random.pick(["url", "headers", "timeout", "secret-file"]);
      return { do: "set", table: index, key, value: randomValue(random) };
    }
  }
}

/** The plain model of an edit. */
function applyTo(data: DocumentData, edit: RegistryEdit): void {
  if (edit.do === "append") data.webhook.push({ ...edit.webhook });
  else if (edit.do === "remove") data.webhook.splice(edit.webhook, 1);
  else if (edit.table === "root") data.generation = edit.do === "set" ? Number(edit.value) : 0;
  else {
    const table = edit.table === "config" ? data.config ?? {} : data.webhook[edit.table] ?? {};
    if (edit.do === "set") table[edit.key] = edit.value;
    else delete table[edit.key];
    if (edit.table === "config" && edit.do === "set") data.config = table;
  }
}

/** Whether the comment is about what the edit takes away. */
function isAbout(
  { place, key, webhook }: Comment,
  edit: RegistryEdit,
  data: DocumentData,
): boolean {
  if (edit.do === "remove") {
    return webhook !== undefined && data.webhook[edit.webhook]?.name === webhook;
  }
  if ((edit.do !== "unset" && edit.do !== "set") || key !== edit.key) return false;
  // A list that gets other elements keeps what stands at none of the old ones.
  if (edit.do === "set" && (place === "behind a value" || place === "elsewhere")) return false;
  if (edit.do === "set" && place === "in a list" && isList(edit.value)) return false;
  return webhook === (typeof edit.table === "number" ? data.webhook[edit.table]?.name : undefined);
}

function assertSame(text: string, data: DocumentData): void {
  const { generation, config, webhook } = parseToml(text, "f");
  assertEquals({ generation, config, webhook: webhook ?? [] }, {
    generation: data.generation,
    config: data.config,
    webhook: data.webhook,
  });
}

/** Checks which comments are still there, and returns them. */
function checkComments(
  text: string,
  comments: readonly Comment[],
  isGone: (comment: Comment) => boolean,
  mayMove: boolean,
): Comment[] {
  const there = [...text.matchAll(/<comment \d+>/g)].map(([tag]) => tag);
  // What stands between a webhook's keys, or has stood in a list, may stay behind.
  const expected = comments.filter((comment) =>
    !isGone(comment) || (MAY_STAY.includes(comment.place) && there.includes(comment.tag))
  );
  if (mayMove) expected.sort((a, b) => there.indexOf(a.tag) - there.indexOf(b.tag));
  assertEquals(there, expected.map(({ tag }) => tag));
  return expected;
}

/** Whether the edit is about headers that the file writes in a table of their own. */
function isAboutHeaderTable(
  edit: RegistryEdit,
  data: DocumentData,
  withHeaderTable: ReadonlySet<unknown>,
): boolean {
  return (edit.do === "set" || edit.do === "unset") && edit.key === "headers" &&
    typeof edit.table === "number" && withHeaderTable.has(data.webhook[edit.table]?.name);
}

function checkEdits(random: Random): void {
  const { text: first, data, comments: all, withHeaderTable } = randomDocument(random);
  let text = first;
  let comments: readonly Comment[] = all;
  assertSame(text, data);
  for (let left = EDITS; left > 0; left--) {
    const edit = randomEdit(random, data);
    try {
      if (isAboutHeaderTable(edit, data, withHeaderTable)) {
        assertThrows(() => editText(text, [edit]), RegistryAccessError, "Cannot edit");
        continue;
      }
      const after = editText(text, [edit]);
      // Elements of a list may change places, and their comments with them.
      const mayMove = edit.do === "set" && isList(edit.value);
      const isGone = (comment: Comment) => isAbout(comment, edit, data);
      comments = checkComments(after, comments, isGone, mayMove);
      applyTo(data, edit);
      assertSame(after, data);
      assertEquals(/(?<!\r)\n/.test(after), !text.includes("\r\n") && after !== "");
      text = after;
    } catch (error) {
      throw new Error(`${Deno.inspect(edit)} of:\n${text}`, { cause: error });
    }
  }
}

Deno.test("random edits keep every comment and say what a plain model says", async () => {
  await withRandom((random) => {
    for (let count = 0; count < DOCUMENTS; count++) checkEdits(random);
  });
});

Deno.test("the random documents have what they should test", async () => {
  await withRandom((random) => {
    const documents = Array.from({ length: DOCUMENTS }, () => randomDocument(random));
    const share = (test: (document: typeof documents[number]) => boolean) =>
      documents.filter(test).length / DOCUMENTS;
    assert(share(({ text }) => text.includes("\r\n")) > 0.1);
    assert(share(({ data }) => data.config === undefined) > 0.1);
    assert(share(({ data }) => data.webhook.length === 0) > 0.05);
    assert(share(({ comments }) => comments.length > 5) > 0.2);
    assert(share(({ withHeaderTable }) => withHeaderTable.size > 0) > 0.1);
    assert(share(({ comments }) => comments.some(({ place }) => place === "in a list")) > 0.1);
    assert(share(({ comments }) => comments.some(({ place }) => place === "at an element")) > 0.1);
  });
});
