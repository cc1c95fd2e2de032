/**
 * From the text of the registry file to what it means, or to everything that is wrong with it.
 *
 * @module
 */
import { parse, TomlError } from "smol-toml";
import { API_KEYS, apiFault, type ApiSettings } from "./api_rules.ts";
import { InvalidRegistryError, type KeyFault, type Problem } from "./errors.ts";
import { type Blocks, lineOf, parseBlocks, type TableRef } from "./key_lines.ts";
import { nearest } from "../std/text.ts";
import {
  CONFIG_KEYS,
  type KeyRules,
  type KeyValues,
  type Registry,
  type SharedConfig,
  type Webhook,
  WEBHOOK_KEYS,
} from "./schema.ts";
import { configOf, webhookOf } from "./values_to_settings.ts";
import { isTable, showValue } from "./value_kinds.ts";
import { retryFaults, webhookFaults } from "./webhook_rules.ts";
import { isSameUrl, maskUrl } from "./webhook_url.ts";

type Table = Readonly<Record<string, unknown>>;

/**
 * Reads the registry.
 *
 * @param path Where the text comes from, for error messages.
 * @throws {InvalidRegistryError} With every problem that was found.
 */
export function readRegistry(text: string, path: string): Registry {
  const document = parseToml(text, path);
  const reader = new RegistryReader(text);
  const registry = reader.read(document);
  if (reader.problems.length > 0) {
    throw new InvalidRegistryError(path, reader.problems.toSorted(byLine));
  }
  return registry;
}

/**
 * Parses TOML.
 *
 * @throws {InvalidRegistryError} With the place of the first syntax error.
 */
export function parseToml(text: string, path: string): Table {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [message = "invalid TOML"] = error.message.split("\n");
    const what = message.replace(/^Invalid TOML document: /, "");
    throw new InvalidRegistryError(path, [
      { line: error.line, message: `column ${error.column}: not valid TOML: ${what}` },
    ]);
  }
}

class RegistryReader {
  readonly problems: Problem[] = [];
  readonly #text: string;
  #blocks: Blocks | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  read(document: Table): Registry {
    this.#refuseUnknown(document, ["generation", "config", "webhook"], "root", "");
    const { generation = 0, config = {}, webhook = [] } = document;
    if (typeof generation !== "number" || !Number.isSafeInteger(generation) || generation < 0) {
      const message = `must be a whole number, not ${showValue(generation)}`;
      this.#report("root", { key: "generation", message });
    }
    const shared = this.#readConfig(config);
    const webhooks = this.#readWebhooks(webhook, shared);
    return { generation: Number(generation), config: shared, webhooks };
  }

  #readConfig(config: unknown): SharedConfig {
    const given = this.#asTable(config, "root", "config");
    const values = this.#readTable(given, CONFIG_KEYS, "config");
    const shared = configOf(values);
    for (const fault of retryFaults({ settings: shared, given, values, isShared: true })) {
      this.#report("config", fault);
    }
    this.#checkApi(shared.api, given, values);
    return shared;
  }

  #checkApi(
    api: ApiSettings,
    given: Table,
    values: Readonly<Record<string, unknown>>,
  ): void {
    // A bad value is reported as such.
    const keys = Object.keys(API_KEYS);
    if (keys.some((key) => given[key] !== undefined && values[key] === undefined)) return;
    const fault = apiFault(api);
    if (fault !== undefined) this.#report("config", fault);
  }

  #readWebhooks(webhooks: unknown, shared: SharedConfig): Webhook[] {
    if (!Array.isArray(webhooks)) {
      const message = `must be [[webhook]] tables, not ${showValue(webhooks)}`;
      this.#report("root", { key: "webhook", message });
      return [];
    }
    const read = webhooks.map((entry, index) => this.#readWebhook(entry, index, shared));
    read.forEach(({ name, url }, index) => {
      const before = read.slice(0, index);
      const sameName = before.findIndex((other) => name !== "" && other.name === name);
      const sameUrl = before.findIndex((other) => url !== "" && isSameUrl(other.url, url));
      if (sameName !== -1) {
        const message = `${showValue(name)} is the name of webhook[${sameName}] too`;
        this.#report(index, { key: "name", message });
      }
      if (sameUrl !== -1) {
        const message = `${showValue(maskUrl(url))} is the URL of webhook[${sameUrl}] too`;
        this.#report(index, { key: "url", message });
      }
    });
    return read;
  }

  #readWebhook(entry: unknown, index: number, shared: SharedConfig): Webhook {
    const given = this.#asTable(entry, index, "");
    const values = this.#readTable(given, WEBHOOK_KEYS, index);
    for (const key of ["name", "url"] as const) {
      if (given[key] === undefined) {
        const message = `is missing; it must be ${WEBHOOK_KEYS[key].kind.allowed}`;
        this.#report(index, { key, message });
      }
    }
    const webhook = webhookOf(values, shared);
    for (const fault of webhookFaults({ webhook, given, values })) this.#report(index, fault);
    return webhook;
  }

  #readTable<R extends KeyRules>(table: Table, rules: R, ref: TableRef): KeyValues<R> {
    this.#refuseUnknown(
      table,
      Object.keys(rules),
      ref,
      ref === "config" ? "[config]" : "[[webhook]]",
    );
    const values: Record<string, unknown> = {};
    for (const [key, { kind }] of Object.entries(rules)) {
      if (table[key] === undefined) continue;
      const result = kind.read(table[key]);
      if ("value" in result) values[key] = result.value;
      else this.#report(ref, { key, message: result.fault });
    }
    return values as KeyValues<R>;
  }

  #asTable(value: unknown, ref: TableRef, key: string): Table {
    if (isTable(value)) return value;
    this.#report(ref, { key, message: `must be a table, not ${showValue(value)}` });
    return {};
  }

  #refuseUnknown(table: Table, allowed: readonly string[], ref: TableRef, where: string): void {
    for (const key of Object.keys(table)) {
      if (allowed.includes(key)) continue;
      const guess = nearest(key, allowed);
      const tip = guess === undefined ? "" : `did you mean "${guess}"? `;
      const place = where === "" ? "" : ` in ${where}`;
      const message = `unknown key; ${tip}allowed${place}: ${allowed.join(", ")}`;
      this.#report(ref, { key, message });
    }
  }

  #report(ref: TableRef, { key, message, hint }: KeyFault): void {
    this.#blocks ??= parseBlocks(this.#text);
    const line = lineOf(this.#blocks, ref, key);
    const table = ref === "root" ? "" : ref === "config" ? "config" : `webhook[${ref}]`;
    const path = [table, key].filter((part) => part !== "").join(".");
    this.problems.push({
      ...(line === undefined ? {} : { line }),
      key: path,
      message,
      ...(hint === undefined ? {} : { hint }),
    });
  }
}

function byLine(a: Problem, b: Problem): number {
  return (a.line ?? 0) - (b.line ?? 0);
}
