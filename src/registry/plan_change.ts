/**
 * What a change makes of the registry, as text and as what it means; nothing is written.
 *
 * @module
 */
import type { RegistryEdit } from "./edit_data.ts";
import { editText } from "./edit_text.ts";
import { InvalidRegistryError, InvalidValueError } from "./errors.ts";
import { newFilterFaults } from "./filter_faults.ts";
import { readRegistry } from "./read_registry.ts";
import type { Registry } from "./schema.ts";

/** What is wanted of a registry, decided on when it is known what it says. */
export type Decide = (registry: Registry) => readonly RegistryEdit[];

/** How the generation is raised. */
export interface RaiseOptions {
  /** The new generation is above this one. */
  readonly above?: number;
  /** Raises the generation even if nothing else changes. */
  readonly isForced?: boolean;
}

/** What a change comes to. */
export interface PlannedChange {
  /** Absent if nothing changes. */
  readonly text?: string;
  readonly registry: Registry;
}

/** Where the registry is, for messages, and its text; `undefined` if there is none yet. */
export interface RegistrySource {
  readonly path: string;
  readonly text: string | undefined;
}

const FIRST_LINES =
  `# The webhooks and shared settings of gluster-eventing. Edit this file by hand, or
# with gluster-eventing webhook-add, webhook-mod, webhook-del, config-set and config-reset.
generation = 0
`;

/**
 * Makes the edits that are wanted of a registry, and raises its generation.
 *
 * @throws {InvalidRegistryError} If the text is not valid.
 * @throws {InvalidValueError} If the edits would make it invalid, or let a webhook get nothing.
 * @throws {RegistryAccessError} If it is laid out in a way that cannot be edited.
 */
export function planChange(
  { path, text = FIRST_LINES }: RegistrySource,
  { decide, above = 0, isForced = false }: RaiseOptions & { readonly decide: Decide },
): PlannedChange {
  const before = readRegistry(text, path);
  const edited = editText(text, decide(before));
  if (edited === text && !isForced) return { registry: before };
  const generation = Math.max(before.generation, above) + 1;
  const raised = editText(edited, [
    { do: "set", table: "root", key: "generation", value: generation },
  ]);
  const registry = readEdited({ path, text: raised }, before);
  refuseFilters(before, registry);
  return { text: raised, registry };
}

/** Reads what edits have made of a valid file: what is wrong now is the values' fault. */
function readEdited(
  { path, text }: { readonly path: string; readonly text: string },
  before: Registry,
): Registry {
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
    const hint = error.problems.find((problem) => problem.hint !== undefined)?.hint;
    throw new InvalidValueError(faults.join("; "), hint);
  }
}

/** Refuses filters that let nothing through. One that was there before stays as it is. */
function refuseFilters(before: Registry, after: Registry): void {
  const faults = newFilterFaults(before.webhooks, after.webhooks).map(({ webhook, reason }) =>
    (before.webhooks.some(({ name }) => name === webhook) ? `webhook "${webhook}": ` : "") +
    `${reason}; so no event would ever be posted`
  );
  if (faults.length > 0) throw new InvalidValueError(faults.join("; "));
}
