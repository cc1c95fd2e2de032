/**
 * A random registry file with comments in all places, and what it says.
 *
 * @module
 */
import { formatToml } from "../../../src/registry/edit_text.ts";
import { isList, type TomlValue } from "../../../src/registry/value_kinds.ts";
import type { Random } from "../../support/random.ts";

/** What a document says, as plain data. */
export interface DocumentData {
  generation?: number;
  config?: Record<string, TomlValue>;
  webhook: Record<string, TomlValue>[];
}

/** A comment, and what it goes away with. */
export interface Comment {
  readonly tag: string;
  readonly place:
    | "above a header"
    | "behind a value"
    | "at an element"
    | "in a list"
    | "elsewhere";
  /** The webhook that it stands at; absent if it belongs to no webhook. */
  readonly webhook?: TomlValue | undefined;
  /** The key that it stands behind, or in the list of which. */
  readonly key?: string;
}

/** A document with all that has to be known of it. */
export interface RandomDocument {
  readonly text: string;
  readonly data: DocumentData;
  readonly comments: readonly Comment[];
  /** The names of the webhooks whose headers stand in a table of their own. */
  readonly withHeaderTable: ReadonlySet<TomlValue | undefined>;
}

const TEXTS = [..."aB0 '\"\\#=[]{},.\t\x7f\x01é😀\u2028"];

/** A value that a key could have, whatever the key. */
export function randomValue(random: Random): TomlValue {
  switch (random.below(6)) {
    case 0:
      return random.below(2000) - 1000;
    case 1:
      return random.chance(0.5);
    case 2:
      return Object.fromEntries(
        Array.from(
          { length: random.below(3) },
          () => [random.text(TEXTS, 4), random.text(TEXTS, 8)],
        ),
      );
    case 3:
      return Array.from({ length: random.below(4) }, () => random.text(TEXTS, 4));
    default:
      return random.text(TEXTS, 12);
  }
}

/** Makes a document; nothing that it writes comes from the code under test but the values. */
export function randomDocument(random: Random): RandomDocument {
  const writer = new Writer(random);
  writer.write();
  return writer;
}

class Writer implements RandomDocument {
  readonly data: DocumentData = { webhook: [] };
  readonly comments: Comment[] = [];
  readonly withHeaderTable = new Set<TomlValue | undefined>();
  text = "";
  readonly #random: Random;
  #lines: string[] = [];

  constructor(random: Random) {
    this.#random = random;
  }

  write(): void {
    const random = this.#random;
    this.#foreign();
    if (random.chance(0.7)) {
      this.data.generation = random.below(100);
      this.#key("", "generation", this.data.generation);
    }
    const webhooks = random.below(5);
    const configAt = random.chance(0.3) ? -1 : random.below(webhooks + 1);
    for (let number = 0; number <= webhooks; number++) {
      this.#foreign();
      if (number === configAt) this.#config();
      if (number < webhooks) this.#webhook(`w${number}`);
    }
    this.#foreign();
    const end = random.chance(0.3) ? "\r\n" : "\n";
    const last = random.chance(0.8) ? end : "";
    const mark = random.chance(0.1) ? "\uFEFF" : "";
    this.text = mark + this.#lines.join(end) + (this.#lines.length === 0 ? "" : last);
  }

  #config(): void {
    this.#lines.push(this.#random.pick(["[config]", "[ config ] ", '["config"]']));
    this.data.config = {};
    for (const key of ["port", "log-level", "timeout"]) {
      if (this.#random.chance(0.4)) this.#comment({ place: "elsewhere" }, "  ");
      if (this.#random.chance(0.5)) {
        this.data.config[key] = this.#key("", key, randomValue(this.#random));
      }
    }
    // A comment right above a webhook would be the webhook's.
    this.#lines.push("");
  }

  #webhook(name: string): void {
    const random = this.#random;
    while (random.chance(0.4)) this.#comment({ place: "above a header", webhook: name }, "");
    this.#lines.push(random.pick(["[[webhook]]", "[[ webhook ]]", '  [["webhook"]]']));
    const indent = random.pick(["", "  ", "\t"]);
    const webhook: Record<string, TomlValue> = {};
    this.data.webhook.push(webhook);
    for (const key of random.shuffled(["name", "url", "headers", "timeout", "secret-file"])) {
      if (key !== "name" && random.chance(0.5)) continue;
      if (random.chance(0.2)) this.#comment({ place: "elsewhere", webhook: name }, indent);
      if (random.chance(0.1)) this.#lines.push("");
      webhook[key] = this.#key(indent, key, key === "name" ? name : randomValue(random), name);
    }
    if (webhook.headers === undefined && random.chance(0.4)) this.#headerTable(name, webhook);
  }

  #headerTable(name: string, webhook: Record<string, TomlValue>): void {
    if (this.#random.chance(0.5)) this.#lines.push("");
    if (this.#random.chance(0.3)) this.#comment({ place: "elsewhere", webhook: name }, "");
    this.#lines.push("[webhook.headers]");
    webhook.headers = { "X-A": this.#key("", "X-A", "1", name) };
    this.withHeaderTable.add(name);
  }

  #key(indent: string, key: string, value: TomlValue, webhook?: string): TomlValue {
    const quoted = this.#random.pick([key, key, `"${key}"`, `'${key}'`]);
    const head = `${indent}${quoted}${this.#random.pick(["=", " = "])}`;
    if (isList(value) && this.#random.chance(0.7)) {
      this.#list(head, indent, value, { place: "in a list", key, webhook });
    } else {
      this.#lines.push(`${head}${formatToml(value)}`);
    }
    this.#behind({ place: "behind a value", key, webhook });
    return value;
  }

  /** A list over several lines; its elements stand in lines of their own, or they do not. */
  #list(head: string, indent: string, value: readonly string[], owner: Omit<Comment, "tag">): void {
    const random = this.#random;
    const atElement = { ...owner, place: "at an element" } as const;
    const isTidy = random.chance(0.7);
    let line = `${head}[`;
    const mayEnd = (comment: Omit<Comment, "tag">) => {
      if (!isTidy && random.chance(0.5)) return;
      this.#lines.push(line);
      this.#behind(comment);
      line = "";
    };
    mayEnd(owner);
    value.forEach((text, number) => {
      if (line === "" && random.chance(0.1)) this.#lines.push("");
      if (line === "" && random.chance(0.3)) this.#comment(atElement, indent);
      const comma = number < value.length - 1 || random.chance(0.5) ? "," : "";
      line += `${line === "" ? `${indent}  ` : " "}${formatToml(text)}${comma}`;
      mayEnd(atElement);
    });
    if (line === "" && random.chance(0.3)) this.#comment(owner, indent);
    this.#lines.push(line === "" ? `${indent}]` : `${line} ]`);
  }

  /** Perhaps a comment behind what was written last. */
  #behind(owner: Omit<Comment, "tag">): void {
    if (this.#random.chance(0.3)) this.#lines.push(`${this.#lines.pop()} # ${this.#tag(owner)}`);
  }

  /** Blank lines, and now and then comments between them that belong to nothing. */
  #foreign(): void {
    if (this.#random.chance(0.5)) {
      while (this.#random.chance(0.6)) {
        this.#comment({ place: "elsewhere" }, this.#random.pick(["", "  ", "\t"]));
      }
    }
    this.#lines.push(this.#random.pick(["", "", " "]));
  }

  #comment(owner: Omit<Comment, "tag">, indent: string): void {
    this.#lines.push(`${indent}# ${this.#tag(owner)} [x] = "`);
  }

  #tag(owner: Omit<Comment, "tag">): string {
    const tag = `<comment ${this.comments.length}>`;
    this.comments.push({ tag, ...owner });
    return tag;
  }
}
