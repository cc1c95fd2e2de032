/**
 * In which line of a TOML document a key stands.
 *
 * @module
 */
import { parseDocument } from "@decimalturn/toml-patch";

/** The syntax tree of a TOML document. */
export type Blocks = ReturnType<typeof parseDocument>["cst"];

/** One top-level piece of a TOML document: a table, an array's table, a key or a comment. */
export type Block = Blocks[number];

/** A key with its value. */
export type KeyValue = Extract<Block, { equals: number }>;

/** A `[table]` or one `[[table]]` of an array. */
export type TableBlock = Extract<Block, { items: unknown }>;

/** The table that an edit or a problem is about: the document, `[config]`, or a webhook by index. */
export type TableRef = "root" | "config" | number;

/** Parses a document that is known to be valid TOML. */
export function parseBlocks(text: string): Blocks {
  return parseDocument(text).cst;
}

/** Whether the block is a key with its value. */
export function isKeyValue(block: { readonly type: unknown }): block is KeyValue {
  return block.type === "KeyValue";
}

/** The names in a table's header, for example `["webhook", "headers"]`. */
function tablePath(block: Block): readonly string[] {
  return "items" in block ? block.key.item.value : [];
}

/** Whether the block is `[[webhook]]`. */
function isWebhookTable(block: Block): block is TableBlock {
  return "items" in block && block.type as string === "TableArray" &&
    tablePath(block).join("\n") === "webhook";
}

/** The table, where it has a header of its own. */
export function findTable(blocks: Blocks, ref: "config" | number): TableBlock | undefined {
  if (typeof ref === "number") return blocks.filter(isWebhookTable)[ref];
  return blocks.find((block): block is TableBlock =>
    "items" in block && tablePath(block).join("\n") === "config"
  );
}

/** The keys directly in the table. */
export function keysOf(blocks: Blocks, ref: TableRef): KeyValue[] {
  const rows: readonly Block[] = ref === "root" ? blocks : findTable(blocks, ref)?.items ?? [];
  return rows.filter(isKeyValue);
}

/** The table with its sub-tables. */
export function ownBlocks(blocks: Blocks, table: TableBlock): readonly Block[] {
  const from = blocks.indexOf(table);
  const [name] = tablePath(table);
  const next = blocks.findIndex((block, at) =>
    at > from && "items" in block && (isWebhookTable(block) || tablePath(block)[0] !== name)
  );
  return blocks.slice(from, next === -1 ? undefined : next);
}

/**
 * The line of a key, from 1; without a key, or where the key is not written on its own, the line
 * of the table's header.
 */
export function lineOf(blocks: Blocks, ref: TableRef, key: string): number | undefined {
  const row = keysOf(blocks, ref).find(({ key: { value } }) => value[0] === key);
  if (row !== undefined) return row.loc.start.line;
  if (ref === "root") return lineOfName(blocks, [key]);
  const table = findTable(blocks, ref);
  if (table === undefined) {
    const name = ref === "config" ? ref : "webhook";
    return lineOfName(blocks, [name, key]) ?? lineOfName(blocks, [name]);
  }
  const inner = ownBlocks(blocks, table).find((block) => tablePath(block)[1] === key);
  return (inner ?? table).loc.start.line;
}

/** The first line that begins with these names, in a header or in a dotted key. */
function lineOfName(blocks: Blocks, names: readonly string[]): number | undefined {
  return blocks.find((block) => {
    const path = isKeyValue(block) ? block.key.value : tablePath(block);
    return names.every((name, at) => path[at] === name);
  })?.loc.start.line;
}
