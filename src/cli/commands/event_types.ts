import { EVENT_TYPES, type EventType, SEVERITIES } from "../../event/catalog.ts";
import { nearest } from "../../std/text.ts";
import { type Invocation, UsageError } from "../command.ts";
import { EXIT } from "../exit_codes.ts";
import { renderTable } from "../render_table.ts";

/** `event-types [EVENT]` */
export function run({ operands: [name], options, output }: Invocation): Promise<number> {
  const group = options.get("group")?.toUpperCase();
  const severity = options.get("severity")?.toLowerCase();
  const groups = [...new Set(EVENT_TYPES.map((type) => type.group))];
  const least = severity === undefined ? 0 : indexIn(SEVERITIES, severity, "severity");
  if (group !== undefined) indexIn(groups, group, "group");
  const types = EVENT_TYPES.filter((type) =>
    (group === undefined || type.group === group) && SEVERITIES.indexOf(type.severity) >= least
  );
  if (name === undefined) {
    const rows = types.map((type) => [
      String(type.index),
      type.name,
      type.group,
      type.severity,
      type.description,
    ]);
    const headings = ["INDEX", "EVENT", "GROUP", "SEVERITY", "DESCRIPTION"];
    output.result(renderTable(headings, rows, { right: ["INDEX"] }), types.map(toJson));
    return Promise.resolve(EXIT.done);
  }
  const wanted = name.toUpperCase().replace(/^EVENT_/, "");
  const type = EVENT_TYPES[indexIn(EVENT_TYPES.map((each) => each.name), wanted, "event")];
  if (type === undefined) throw new RangeError("The event type that was just found is gone");
  output.result(renderType(type), toJson(type));
  return Promise.resolve(EXIT.done);
}

function renderType(type: EventType): string[] {
  const [, ...lines] = renderTable(["", ""], [
    ["Event", type.name],
    ["Index", String(type.index)],
    ["Group", type.group],
    ["Severity", type.severity],
    ["Description", type.description],
    ["Fields", type.fields.map(renderField).join(", ") || "-"],
  ]);
  return lines;
}

function renderField({ name, optional, formerName }: EventType["fields"][number]): string {
  const former = formerName === undefined ? "" : ` (before GlusterFS 10: ${formerName})`;
  return `${name}${optional ? " (optional)" : ""}${former}`;
}

function toJson({ index, name, group, severity, description, fields }: EventType) {
  return { index, event: name, group, severity, description, fields: fields.map((f) => f.name) };
}

function indexIn(words: readonly string[], word: string, what: string): number {
  const index = words.indexOf(word);
  if (index !== -1) return index;
  const guess = nearest(word, words);
  throw new UsageError(
    `There is no ${what} "${word}"`,
    guess !== undefined
      ? `did you mean: ${guess}`
      : words.length > 20
      ? "see them: gluster-eventing event-types"
      : `there are: ${words.join(", ")}`,
  );
}
