/**
 * Changes to the text of the registry file that leave every other line as it is.
 *
 * The editing libraries move comments from one table to the next when keys are added, so the lines
 * to change are found in the syntax tree and changed here; the result is parsed and compared with
 * what was wanted before anybody sees it.
 *
 * @module
 */
import { RegistryAccessError } from "./errors.ts";
import {
  type Block,
  type Blocks,
  findTable,
  isKeyValue,
  isWebhookTable,
  keysOf,
  type KeyValue,
  parseBlocks,
  tablePath,
  type TableRef,
} from "./key_lines.ts";
import { parseToml } from "./read_registry.ts";
import type { TomlValue } from "./value_kinds.ts";

/** One change of the registry. */
export type RegistryEdit =
  | {
    readonly do: "set";
    readonly table: TableRef;
    readonly key: string;
    readonly value: TomlValue;
  }
  | { readonly do: "unset"; readonly table: TableRef; readonly key: string }
  | { readonly do: "append"; readonly webhook: Readonly<Record<string, TomlValue>> }
  | { readonly do: "remove"; readonly webhook: number };

type Data = { config?: Record<string, unknown>; webhook?: Record<string, unknown>[] };

/**
 * Makes the changes, one after the other.
 *
 * @throws {RegistryAccessError} If the document is laid out in a way that cannot be edited.
 */
export function editText(text: string, edits: readonly RegistryEdit[]): string {
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  let lines = text.split(/\r?\n/);
  for (const edit of edits) {
    const before = lines.join("\n");
    lines = editLines(lines, parseBlocks(before), edit);
    verify(before, lines.join("\n"), edit);
  }
  return lines.join(eol);
}

function editLines(lines: readonly string[], blocks: Blocks, edit: RegistryEdit): string[] {
  switch (edit.do) {
    case "set":
      return setKey(lines, blocks, edit);
    case "unset":
      return unsetKey(lines, blocks, edit);
    case "append":
      return appendWebhook(lines, edit.webhook);
    case "remove":
      return removeWebhook(lines, blocks, edit.webhook);
  }
}

function setKey(
  lines: readonly string[],
  blocks: Blocks,
  { table, key, value }: { table: TableRef; key: string; value: TomlValue },
): string[] {
  const rows = keysOf(blocks, table);
  const row = findKey(rows, key);
  if (row !== undefined) return replaceValue(lines, row, formatToml(value));
  const last = rows.at(-1);
  if (last !== undefined) {
    const indent = " ".repeat(last.loc.start.column);
    return insert(lines, last.loc.end.line, [`${indent}${key} = ${formatToml(value)}`]);
  }
  const entry = `${key} = ${formatToml(value)}`;
  if (table === "root") return insert(lines, 0, [entry, ""]);
  const header = findTable(blocks, table);
  if (header !== undefined) return insert(lines, header.loc.start.line, [entry]);
  if (table !== "config") return [...lines];
  const webhooks = findTable(blocks, 0);
  const at = webhooks === undefined ? lastFilledLine(lines) : firstOwnLine(lines, webhooks);
  const section = ["[config]", entry];
  return insert(lines, at, webhooks === undefined ? ["", ...section] : [...section, ""]);
}

function unsetKey(
  lines: readonly string[],
  blocks: Blocks,
  { table, key }: { table: TableRef; key: string },
): string[] {
  const row = findKey(keysOf(blocks, table), key);
  if (row === undefined) return [...lines];
  return lines.toSpliced(row.loc.start.line - 1, row.loc.end.line - row.loc.start.line + 1);
}

function appendWebhook(
  lines: readonly string[],
  webhook: Readonly<Record<string, TomlValue>>,
): string[] {
  const entries = Object.entries(webhook).map(([key, value]) => `${key} = ${formatToml(value)}`);
  return insert(lines, lastFilledLine(lines), ["", "[[webhook]]", ...entries]);
}

/** Removes a webhook with its sub-tables and with the comment that stands directly above it. */
function removeWebhook(lines: readonly string[], blocks: Blocks, index: number): string[] {
  const header = findTable(blocks, index);
  if (header === undefined) return [...lines];
  const position = blocks.indexOf(header);
  const next = blocks.findIndex((block, at) =>
    at > position && "items" in block &&
    (isWebhookTable(block) || tablePath(block)[0] !== "webhook")
  );
  const own = blocks.slice(position, next === -1 ? undefined : next);
  const end = Math.max(...own.flatMap(lastLines));
  const start = firstOwnLine(lines, header);
  const rest = lines.toSpliced(start, end - start);
  const gap = rest[start] === "" && (start === 0 || rest[start - 1] === "");
  return gap ? rest.toSpliced(start, 1) : rest;
}

/** The last lines of the block's header and keys; comments below them belong to what follows. */
function lastLines(block: Block): number[] {
  if (!("items" in block)) return [block.loc.start.line];
  return [block.loc.start.line, ...block.items.filter(isKeyValue).map(({ loc }) => loc.end.line)];
}

function findKey(rows: readonly KeyValue[], key: string): KeyValue | undefined {
  return rows.find(({ key: { value } }) => value.length === 1 && value[0] === key);
}

function replaceValue(lines: readonly string[], row: KeyValue, literal: string): string[] {
  const { start, end } = row.value.loc;
  const head = lines[start.line - 1]?.slice(0, start.column) ?? "";
  const tail = lines[end.line - 1]?.slice(end.column) ?? "";
  return lines.toSpliced(start.line - 1, end.line - start.line + 1, `${head}${literal}${tail}`);
}

/** The number of lines above the block and above the comment that is attached to it. */
function firstOwnLine(lines: readonly string[], block: Block): number {
  let first = block.loc.start.line - 1;
  while (first > 0 && lines[first - 1]?.trimStart().startsWith("#")) first--;
  return first;
}

function lastFilledLine(lines: readonly string[]): number {
  return lines.findLastIndex((line) => line.trim() !== "") + 1;
}

function insert(lines: readonly string[], at: number, added: readonly string[]): string[] {
  const whole = lines.toSpliced(at, 0, ...added);
  return whole.at(-1) === "" ? whole : [...whole, ""];
}

/** A value as TOML, tables in one line. */
export function formatToml(value: TomlValue): string {
  if (typeof value === "string") return formatString(value);
  if (typeof value !== "object") return String(value);
  const entries = Object.entries(value).map(([key, inner]) =>
    `${/^[A-Za-z0-9_-]+$/.test(key) ? key : formatString(key)} = ${formatToml(inner)}`
  );
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}

function formatString(text: string): string {
  // JSON's escapes are TOML's too; only DEL must be escaped besides.
  return JSON.stringify(text).replaceAll("\x7f", "\\u007F");
}

function verify(before: string, after: string, edit: RegistryEdit): void {
  const wanted = JSON.stringify(sortKeys(applyToData(parseToml(before, "registry"), edit)));
  let got: string;
  try {
    got = JSON.stringify(sortKeys(parseToml(after, "registry")));
  } catch {
    // The edit does not fit the layout: that is the finding, reported below.
    got = "";
  }
  if (got === wanted) return;
  const what = edit.do === "set" || edit.do === "unset" ? `"${edit.key}"` : "the webhook";
  throw new RegistryAccessError(
    `Cannot edit ${what}: the file writes it in a layout that only a person should change`,
    "change it in the file by hand, or write each webhook as a [[webhook]] table",
  );
}

function applyToData(document: object, edit: RegistryEdit): object {
  const data: Data = structuredClone(document);
  switch (edit.do) {
    case "append":
      return { ...data, webhook: [...data.webhook ?? [], { ...edit.webhook }] };
    case "remove": {
      const rest = (data.webhook ?? []).toSpliced(edit.webhook, 1);
      const { webhook: _removed, ...others } = data;
      return rest.length === 0 ? others : { ...data, webhook: rest };
    }
    case "set":
      return edit.table === "config"
        ? { ...data, config: { ...data.config, [edit.key]: edit.value } }
        : setIn(data, edit.table, { [edit.key]: edit.value });
    case "unset":
      if (edit.table === "config") delete data.config?.[edit.key];
      else if (edit.table !== "root") delete data.webhook?.[edit.table]?.[edit.key];
      return data;
  }
}

function setIn(data: Data, table: "root" | number, entry: Record<string, unknown>): object {
  if (table === "root") return { ...data, ...entry };
  return { ...data, webhook: data.webhook?.with(table, { ...data.webhook[table], ...entry }) };
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value).toSorted(([a], [b]) => a < b ? -1 : 1).map(([key, inner]) => [
      key,
      sortKeys(inner),
    ]),
  );
}
