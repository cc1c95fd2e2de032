/**
 * Another value for an array that a person has written over several lines: the elements that stay
 * keep their lines and comments.
 *
 * @module
 */
import type { KeyValue } from "./key_lines.ts";

/** A key whose value is an array. */
export type ArrayRow = KeyValue & { readonly value: Extract<KeyValue["value"], ArrayType> };
type ArrayType = { items: readonly { item: unknown; comma: boolean }[] };

/** An element in a line of its own. */
interface ElementLine {
  readonly text: string;
  readonly line: string;
  /** The line for an element that others follow. */
  readonly lineWithComma: string;
  /** Where the line's indentation ends. */
  readonly indent: string;
  /** The comments right above it: they go where it goes. */
  readonly attached: readonly string[];
  /** What stands above them, and stays. */
  loose: readonly string[];
}

/** The lines between the brackets. */
interface Inside {
  readonly elements: readonly ElementLine[];
  /** What stands below the last element. */
  readonly foot: readonly string[];
}

const BLANK_OR_COMMENT = /^\s*(?:#.*)?$/s;

/** Whether the key has an array of several lines. */
export function hasLongArray(row: KeyValue): row is ArrayRow {
  const { type, loc: { start, end } } = row.value;
  return type as string === "InlineArray" && start.line < end.line;
}

/**
 * The document's lines with other elements in the array. If its elements stand in lines of their
 * own, each keeps its line, wherever that goes, and new ones come behind the last; if not, the
 * array becomes one line, and its comments come above it.
 *
 * @param literal Writes an element as TOML.
 */
export function replaceElements(
  lines: readonly string[],
  row: ArrayRow,
  { value, literal }: { value: readonly string[]; literal: (text: string) => string },
): string[] {
  const { start, end } = row.value.loc;
  const inside = readInside(lines, row);
  if (inside === undefined) {
    const head = lines[start.line - 1]?.slice(0, start.column) ?? "";
    const tail = lines[end.line - 1]?.slice(end.column) ?? "";
    const line = `${head}[${value.map(literal).join(", ")}]${tail}`;
    const span = end.line - start.line + 1;
    return lines.toSpliced(start.line - 1, span, ...commentsOf(lines, row), line);
  }
  const cr = lines[start.line - 1]?.endsWith("\r") ? "\r" : "";
  const rowIndent = lines[start.line - 1]?.slice(0, row.loc.start.column) ?? "";
  const indent = inside.elements.at(-1)?.indent ?? `${rowIndent}  `;
  const { kept, foot } = choose(inside, value);
  const wanted = value.flatMap((text, at) => {
    const element = kept.get(text)?.shift();
    if (element === undefined) return [`${indent}${literal(text)},${cr}`];
    const line = at === value.length - 1 ? element.line : element.lineWithComma;
    return [...element.loose, ...element.attached, line];
  });
  return lines.toSpliced(start.line, end.line - start.line - 1, ...wanted, ...foot);
}

/** Which elements stay, by their text. What is loose above one that goes passes to the next. */
function choose(
  { elements, foot }: Inside,
  value: readonly string[],
): { kept: Map<string, ElementLine[]>; foot: readonly string[] } {
  const left = [...value];
  const kept = new Map<string, ElementLine[]>();
  let loose: readonly string[] = [];
  for (const element of elements) {
    loose = [...loose, ...element.loose];
    const at = left.indexOf(element.text);
    if (at === -1) continue;
    left.splice(at, 1);
    const same = kept.get(element.text) ?? [];
    kept.set(element.text, [...same, { ...element, loose }]);
    loose = [];
  }
  return { kept, foot: [...loose, ...foot] };
}

/** The lines between the brackets, `undefined` if they hold more than one element each. */
function readInside(lines: readonly string[], { value }: ArrayRow): Inside | undefined {
  const { start, end } = value.loc;
  const opening = lines[start.line - 1]?.slice(start.column + 1) ?? "";
  const closing = lines[end.line - 1]?.slice(0, end.column - 1) ?? "";
  if (!BLANK_OR_COMMENT.test(opening) || closing.trim() !== "") return undefined;
  const elements: ElementLine[] = [];
  let above: string[] = [];
  for (let number = start.line + 1; number < end.line; number++) {
    const line = lines[number - 1] ?? "";
    const [item, ...more] = value.items.filter(({ item: { loc } }) =>
      loc.start.line <= number && number <= loc.end.line
    );
    if (item === undefined) {
      if (!BLANK_OR_COMMENT.test(line)) return undefined;
      above.push(line);
      continue;
    }
    const { loc } = item.item;
    const text = "value" in item.item ? item.item.value : undefined;
    const indent = line.slice(0, loc.start.column);
    const behind = line.slice(loc.end.column);
    const isAlone = more.length === 0 && loc.start.line === loc.end.line && indent.trim() === "" &&
      BLANK_OR_COMMENT.test(behind.replace(/^\s*,/, ""));
    if (!isAlone || typeof text !== "string") return undefined;
    const hasComma = /^\s*,/.test(behind);
    const looseEnd = above.findLastIndex((other) => other.trim() === "") + 1;
    elements.push({
      text,
      line,
      lineWithComma: hasComma ? line : `${line.slice(0, loc.end.column)},${behind}`,
      indent,
      attached: above.slice(looseEnd),
      loose: above.slice(0, looseEnd),
    });
    above = [];
  }
  return { elements, foot: above };
}

/** The comments between the brackets, as lines above the key. */
function commentsOf(lines: readonly string[], row: ArrayRow): string[] {
  const { start, end } = row.value.loc;
  const indent = lines[start.line - 1]?.slice(0, row.loc.start.column) ?? "";
  const comments: string[] = [];
  for (let number = start.line; number < end.line; number++) {
    const spans = row.value.items.map(({ item: { loc } }) => loc);
    if (spans.some((loc) => loc.start.line <= number && number < loc.end.line)) continue;
    const ends = spans.filter((loc) => loc.end.line === number).map((loc) => loc.end.column);
    const line = lines[number - 1]?.slice(
      Math.max(number === start.line ? start.column : 0, ...ends),
    );
    const at = line?.indexOf("#") ?? -1;
    if (at !== -1) comments.push(`${indent}${line?.slice(at)}`);
  }
  return comments;
}
