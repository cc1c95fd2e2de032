/**
 * From what the registry says and what is wanted to what it will say.
 *
 * @module
 */
import type { RegistryEdit } from "./edit_data.ts";
import { editText } from "./edit_text.ts";
import { InvalidRegistryError, InvalidValueError } from "./errors.ts";
import { readRegistry } from "./read_registry.ts";
import type { Registry } from "./schema.ts";

/** How a change is made. */
export interface PlanOptions {
  /** The registry's file, for messages. */
  readonly path: string;
  /** The new generation is above this one. */
  readonly above?: number;
  /** Raises the generation even if nothing else changes. */
  readonly isForced?: boolean;
}

/** What a registry would say. */
export interface PlannedChange {
  /** Absent if nothing changes. */
  readonly text?: string;
  readonly registry: Registry;
}

/**
 * What a change would make of a registry.
 *
 * @throws {InvalidRegistryError} If the text is not valid.
 * @throws {InvalidValueError} If the edits would make it invalid.
 */
export function planChange(
  text: string,
  decide: (registry: Registry) => readonly RegistryEdit[],
  { path, above = 0, isForced = false }: PlanOptions,
): PlannedChange {
  const before = readRegistry(text, path);
  const edited = editText(text, decide(before));
  if (edited === text && !isForced) return { registry: before };
  const generation = Math.max(before.generation, above) + 1;
  const raised = editText(edited, [
    { do: "set", table: "root", key: "generation", value: generation },
  ]);
  return { text: raised, registry: readEdited(raised, path, before) };
}

/** Reads what edits have made of a valid file: what is wrong now is the values' fault. */
function readEdited(text: string, path: string, before: Registry): Registry {
  try {
    return readRegistry(text, path);
  } catch (error) {
    if (!(error instanceof InvalidRegistryError)) throw error;
    const faults = error.problems.map(({ key = "", message }) => {
      // Lines and numbers would be those of a text that nobody will ever see.
      const index = /^webhook\[(\d+)\]/.exec(key)?.[1];
      const name = index === undefined ? undefined : before.webhooks[Number(index)]?.name;
      return name === undefined ? message : `webhook "${name}": ${message}`;
    });
    throw new InvalidValueError(faults.join("; "));
  }
}
