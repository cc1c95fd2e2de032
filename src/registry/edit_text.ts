/**
 * Changes to the text of the registry file that leave every other line as it is.
 *
 * The editing libraries move comments from one table to the next when keys are added, so the lines
 * to change are found in the syntax tree and changed here; the result is parsed and compared with
 * what was wanted before anybody sees it.
 *
 * @module
 */
import { hasLongArray, replaceElements } from "./edit_array.ts";
import { applyToData, canonical, type RegistryEdit } from "./edit_data.ts";
import { InvalidRegistryError, RegistryAccessError } from "./errors.ts";
import {
  type Block,
  type Blocks,
  findTable,
  isKeyValue,
  keysOf,
  type KeyValue,
  ownBlocks,
  parseBlocks,
  type TableRef,
} from "./key_lines.ts";
import { parseToml } from "./read_registry.ts";
import { isList, type TomlValue } from "./value_kinds.ts";

/**
 * Makes the changes, one after the other. The text stays as it is where they change nothing.
 *
 * @throws {InvalidRegistryError} If the text is not TOML.
 * @throws {RegistryAccessError} If the document is laid out in a way that cannot be edited.
 */
export function editText(text: string, edits: readonly RegistryEdit[]): string {
  return edits.reduce(editOnce, text);
}

function editOnce(text: string, edit: RegistryEdit): string {
  const data = parseToml(text, "registry");
  const wanted = canonical(applyToData(data, edit));
  if (wanted === canonical(data)) return text;
  const mark = text.startsWith("\uFEFF") ? "\uFEFF" : "";
  const before = endLastLine(text.slice(mark.length));
  // Each line keeps its carriage return, if it has one.
  const after = editLines(before.split("\n"), parseBlocks(before), edit).join("\n");
  if (canonicalOf(after) !== wanted) throw layoutError(edit);
  return mark + after;
}

function endLastLine(text: string): string {
  if (text === "" || text.endsWith("\n")) return text;
  return text + (text.includes("\r\n") ? "\r\n" : "\n");
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
  if (row !== undefined) return replaceValue(lines, row, value);
  const last = rows.at(-1);
  if (last !== undefined) {
    const indent = lines[last.loc.start.line - 1]?.slice(0, last.loc.start.column) ?? "";
    return insert(lines, last.loc.end.line, [`${indent}${key} = ${formatToml(value)}`]);
  }
  const entry = `${key} = ${formatToml(value)}`;
  if (table === "root") return insert(lines, 0, isBlank(lines[0]) ? [entry] : [entry, ""]);
  const header = findTable(blocks, table);
  if (header !== undefined) return insert(lines, header.loc.start.line, [entry]);
  if (table !== "config") return [...lines];
  const webhooks = findTable(blocks, 0);
  const at = webhooks === undefined ? lastFilledLine(lines) : firstOwnLine(lines, webhooks);
  const section = ["[config]", entry];
  return webhooks === undefined
    ? insert(lines, at, at === 0 ? section : ["", ...section])
    : insert(lines, at, [...section, ""]);
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
  const at = lastFilledLine(lines);
  return insert(lines, at, [...at === 0 ? [] : [""], "[[webhook]]", ...entries]);
}

/** Removes a webhook with its sub-tables and with the comment that stands directly above it. */
function removeWebhook(lines: readonly string[], blocks: Blocks, index: number): string[] {
  const header = findTable(blocks, index);
  if (header === undefined) return [...lines];
  const end = Math.max(...ownBlocks(blocks, header).flatMap(lastLines));
  const start = firstOwnLine(lines, header);
  const rest = lines.toSpliced(start, end - start);
  // Of the blank lines above and below, one is enough.
  const above = Math.max(start - 1, 0);
  const isGap = rest.length > 1 && isBlank(rest[start]) && isBlank(rest[above]);
  return isGap ? rest.toSpliced(above, 1) : rest;
}

/** The last lines of the block's header and keys; comments below them belong to what follows. */
function lastLines(block: Block): number[] {
  if (!("items" in block)) return [block.loc.start.line];
  return [block.loc.start.line, ...block.items.filter(isKeyValue).map(({ loc }) => loc.end.line)];
}

function findKey(rows: readonly KeyValue[], key: string): KeyValue | undefined {
  return rows.find(({ key: { value } }) => value.length === 1 && value[0] === key);
}

function replaceValue(lines: readonly string[], row: KeyValue, value: TomlValue): string[] {
  if (isList(value) && hasLongArray(row)) {
    return replaceElements(lines, row, { value, literal: formatString });
  }
  const { start, end } = row.value.loc;
  const head = lines[start.line - 1]?.slice(0, start.column) ?? "";
  const tail = lines[end.line - 1]?.slice(end.column) ?? "";
  return lines.toSpliced(
    start.line - 1,
    end.line - start.line + 1,
    `${head}${formatToml(value)}${tail}`,
  );
}

/** The number of lines above the block and above the comment that is attached to it. */
function firstOwnLine(lines: readonly string[], block: Block): number {
  let first = block.loc.start.line - 1;
  while (first > 0 && lines[first - 1]?.trimStart().startsWith("#")) first--;
  return first;
}

function lastFilledLine(lines: readonly string[]): number {
  return lines.findLastIndex((line) => !isBlank(line)) + 1;
}

function isBlank(line: string | undefined): boolean {
  return line?.trim() === "";
}

function insert(lines: readonly string[], at: number, added: readonly string[]): string[] {
  const end = (lines[at - 1] ?? lines[at])?.endsWith("\r") ? "\r" : "";
  const whole = lines.toSpliced(at, 0, ...added.map((line) => line + end));
  return whole.at(-1) === "" ? whole : [...whole, ""];
}

/** A value as TOML, in one line. */
export function formatToml(value: TomlValue): string {
  if (typeof value === "string") return formatString(value);
  if (typeof value !== "object") return String(value);
  if (isList(value)) return `[${value.map(formatString).join(", ")}]`;
  const entries = Object.entries(value).map(([key, inner]) =>
    `${/^[A-Za-z0-9_-]+$/.test(key) ? key : formatString(key)} = ${formatToml(inner)}`
  );
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}

function formatString(text: string): string {
  // JSON's escapes are TOML's too; only DEL must be escaped besides.
  return JSON.stringify(text).replaceAll("\x7f", "\\u007F");
}

function layoutError(edit: RegistryEdit): RegistryAccessError {
  const what = edit.do === "set" || edit.do === "unset" ? `"${edit.key}"` : "the webhook";
  return new RegistryAccessError(
    `Cannot edit ${what}: the file writes it in a layout that only a person should change`,
    "change it in the file by hand, or write each webhook as a [[webhook]] table",
  );
}

/** What the text says, as text that can be compared; empty if it is not TOML. */
function canonicalOf(text: string): string {
  try {
    return canonical(parseToml(text, "registry"));
  } catch (error) {
    // The edit does not fit the layout, which is for the caller to say.
    if (error instanceof InvalidRegistryError) return "";
    throw error;
  }
}
