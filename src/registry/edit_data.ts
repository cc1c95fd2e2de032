/**
 * What a change of the registry means for its data, whatever the text looks like.
 *
 * @module
 */
import type { TableRef } from "./key_lines.ts";
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

/** The document as text that is the same for the same data. */
export function canonical(data: object): string {
  return JSON.stringify(sortKeys(data));
}

/** The document after the change; the given one stays as it is. */
export function applyToData(document: object, edit: RegistryEdit): object {
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
