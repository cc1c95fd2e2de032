/**
 * From the text of the registry file to what it means, or to everything that is wrong with it.
 *
 * @module
 */
import { parse, TomlError } from "smol-toml";
import { API_KEYS, apiFault, type ApiSettings } from "./api_rules.ts";
import { findFilterFault } from "../event/impossible_filter.ts";
import { formatDuration } from "./duration.ts";
import { InvalidRegistryError, type Problem } from "./errors.ts";
import { formatFaults } from "./format_faults.ts";
import { type Blocks, lineOf, parseBlocks, type TableRef } from "./key_lines.ts";
import { nearest } from "../std/text.ts";
import {
  CONFIG_KEYS,
  type DeliverySettings,
  type KeyRule,
  type Registry,
  type SharedConfig,
  type Signing,
  type Webhook,
  WEBHOOK_KEYS,
} from "./schema.ts";
import { readStandardSecret, STANDARD_SECRET_RULE } from "./standard_secret.ts";
import { isTable, showValue } from "./value_kinds.ts";
import { isSameUrl, maskUrl } from "./webhook_url.ts";

type Rules = Readonly<Record<string, KeyRule>>;
type Table = Readonly<Record<string, unknown>>;

/** The default of `concurrency` where order allows more than one request at a time. */
const SIDE_BY_SIDE = 8;

/** Keys, and those without which they mean nothing. */
const COMPANIONS = [
  ["cert-file", "key-file"],
  ["key-file", "cert-file"],
  ["old-secret", "old-secret-until"],
  ["old-secret-until", "old-secret"],
] as const;

/** The keys that together say which events a webhook gets. */
const FILTER_KEYS = ["events", "severity", "volumes", "fields"] as const;
/** Keys that mean nothing without TLS. */
const OF_TLS = ["ca-file", "cert-file", "key-file", "server-pin"] as const;

/** The values of the keys that are set and valid. */
type Values<R extends Rules> = { [K in keyof R]?: R[K] extends KeyRule<infer T> ? T : never };

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
      this.#report("root", "generation", `must be a whole number, not ${showValue(generation)}`);
    }
    const shared = this.#readConfig(config);
    const webhooks = this.#readWebhooks(webhook, shared);
    return { generation: Number(generation), config: shared, webhooks };
  }

  #readConfig(config: unknown): SharedConfig {
    const given = this.#asTable(config, "root", "config");
    const values = this.#readTable(given, CONFIG_KEYS, "config");
    const value = <K extends keyof typeof CONFIG_KEYS>(key: K) => values[key] ?? initialOf(key);
    const shared: SharedConfig = {
      port: value("port"),
      allowFrom: value("allow-from"),
      api: {
        ...optional("listen", value("api-listen") || undefined),
        ...optional("tokenFile", value("api-token-file") || undefined),
        ...optional("certFile", value("api-cert-file") || undefined),
        ...optional("keyFile", value("api-key-file") || undefined),
      },
      logLevel: value("log-level"),
      disableEventsLog: value("disable-events-log"),
      timeoutMs: value("timeout"),
      retryMinMs: value("retry-min"),
      retryMaxMs: value("retry-max"),
      retryForMs: value("retry-for"),
      historyMaxAgeMs: value("history-max-age"),
      historyMaxBytes: value("history-max-size"),
      spoolMaxBytes: value("spool-max-size"),
      receiveBufferBytes: value("receive-buffer"),
    };
    this.#checkRetry(shared, given, values, "config");
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
    if (fault !== undefined) this.#report("config", fault.key, fault.message, fault.hint);
  }

  #readWebhooks(webhooks: unknown, shared: SharedConfig): Webhook[] {
    if (!Array.isArray(webhooks)) {
      this.#report("root", "webhook", `must be [[webhook]] tables, not ${showValue(webhooks)}`);
      return [];
    }
    const read = webhooks.map((entry, index) => this.#readWebhook(entry, index, shared));
    read.forEach(({ name, url }, index) => {
      const before = read.slice(0, index);
      const sameName = before.findIndex((other) => name !== "" && other.name === name);
      const sameUrl = before.findIndex((other) => url !== "" && isSameUrl(other.url, url));
      if (sameName !== -1) {
        this.#report(index, "name", `${showValue(name)} is the name of webhook[${sameName}] too`);
      }
      if (sameUrl !== -1) {
        const shown = showValue(maskUrl(url));
        this.#report(index, "url", `${shown} is the URL of webhook[${sameUrl}] too`);
      }
    });
    return read;
  }

  #readWebhook(entry: unknown, index: number, shared: SharedConfig): Webhook {
    const given = this.#asTable(entry, index, "");
    const values = this.#readTable(given, WEBHOOK_KEYS, index);
    for (const key of ["name", "url"] as const) {
      if (given[key] === undefined) {
        this.#report(index, key, `is missing; it must be ${WEBHOOK_KEYS[key].kind.allowed}`);
      }
    }
    const { order = "fifo", rate } = values;
    const webhook: Webhook = {
      name: values.name ?? "",
      url: values.url ?? "",
      headers: values.headers ?? {},
      wanted: {
        events: values.events ?? [],
        ...optional("severity", values.severity),
        volumes: values.volumes ?? [],
        fields: values.fields ?? [],
      },
      format: values.format ?? "gluster",
      transport: {
        ...optional("caFile", values["ca-file"]),
        ...optional("certFile", values["cert-file"]),
        ...optional("keyFile", values["key-file"]),
        ...optional("serverPin", values["server-pin"]),
        ...optional("proxy", values.proxy),
      },
      ...optional("bearerToken", values["bearer-token"]),
      ...optional("bearerTokenFile", values["bearer-token-file"]),
      ...this.#readSigning(given, values, index),
      order,
      concurrency: values.concurrency ?? (order === "fifo" ? 1 : SIDE_BY_SIDE),
      batch: values.batch ?? 1,
      ...optional("requestIntervalMs", rate),
      paused: values.paused ?? false,
      timeoutMs: values.timeout ?? shared.timeoutMs,
      retryMinMs: values["retry-min"] ?? shared.retryMinMs,
      retryMaxMs: values["retry-max"] ?? shared.retryMaxMs,
      retryForMs: values["retry-for"] ?? shared.retryForMs,
    };
    this.#checkRetry(webhook, given, values, index);
    this.#checkConcurrency(webhook, given, values, index);
    for (const { key, message } of formatFaults(webhook)) this.#report(index, key, message);
    this.#checkAlternatives(given, index);
    this.#checkCompanions(given, index);
    this.#checkWanted(webhook, given, values, index);
    this.#checkTls(webhook.url, values, index);
    return webhook;
  }

  #readSigning(
    given: Table,
    values: Values<typeof WEBHOOK_KEYS>,
    index: number,
  ): { signing?: Signing } {
    const { secret, sign = "jwt" } = values;
    const secretFile = values["secret-file"];
    const oldSecret = values["old-secret"];
    const untilMs = values["old-secret-until"];
    if (secret !== undefined || secretFile !== undefined) {
      const signing = {
        as: sign,
        ...optional("secret", secret),
        ...optional("secretFile", secretFile),
        ...(oldSecret === undefined || untilMs === undefined
          ? {}
          : { oldSecret: { secret: oldSecret, untilMs } }),
      };
      this.#checkSecrets(values, index);
      return { signing };
    }
    // A bad secret is reported as such.
    if (given["secret"] !== undefined || given["secret-file"] !== undefined) return {};
    if (given["sign"] !== undefined) {
      const message = "sign needs a secret, and there is none; set secret too, or remove sign";
      this.#report(index, "sign", message);
    }
    return {};
  }

  /** Says what cannot sign as it should. */
  #checkSecrets(values: Values<typeof WEBHOOK_KEYS>, index: number): void {
    if (values.sign !== "standard") {
      if (values["old-secret"] === undefined) return;
      const message = 'old-secret needs sign = "standard": a request with a JWT carries one token';
      this.#report(index, "old-secret", message);
      return;
    }
    for (const key of ["secret", "old-secret"] as const) {
      const text = values[key];
      const read = text === undefined ? undefined : readStandardSecret(text);
      if (read === undefined || "secret" in read) continue;
      const message =
        `${key} must be ${STANDARD_SECRET_RULE}, not the value given: ${read.fault}; ` +
        "make a good one: gluster-eventing webhook-secret new";
      this.#report(index, key, message);
    }
  }

  /** Says which keys stand beside another one that means the same. */
  #checkAlternatives(given: Table, index: number): void {
    for (const [key, other] of [["secret", "secret-file"], ["bearer-token", "bearer-token-file"]]) {
      if (key === undefined || other === undefined) continue;
      if (given[key] === undefined || given[other] === undefined) continue;
      this.#report(index, other, `${other} and ${key} are both set; only one of them can count`);
    }
  }

  /** Says which filter lets nothing through. */
  #checkWanted(
    { wanted }: Webhook,
    given: Table,
    values: Values<typeof WEBHOOK_KEYS>,
    index: number,
  ): void {
    // What is not written right is reported as such.
    const isBad = FILTER_KEYS.some((key) => given[key] !== undefined && values[key] === undefined);
    const fault = isBad ? undefined : findFilterFault(wanted);
    if (fault === undefined) return;
    const { setting, reason } = fault;
    this.#report(index, setting, `${setting} ${reason}; so no event would ever be posted`);
  }

  /** Says which keys mean nothing without another one. */
  #checkCompanions(given: Table, index: number): void {
    for (const [key, needed] of COMPANIONS) {
      if (given[key] === undefined || given[needed] !== undefined) continue;
      this.#report(index, key, `${key} needs ${needed}, and there is none`);
    }
  }

  /** Says which keys promise a safety that a URL without TLS cannot have. */
  #checkTls(url: string, values: Values<typeof WEBHOOK_KEYS>, index: number): void {
    if (URL.parse(url)?.protocol !== "http:") return;
    for (const key of OF_TLS) {
      // A bad value is reported as such.
      if (values[key] === undefined) continue;
      const message = `${key} needs a URL with https://, and ${showValue(maskUrl(url))} has no TLS`;
      this.#report(index, key, message);
    }
  }

  #checkRetry(
    { retryMinMs, retryMaxMs }: DeliverySettings,
    given: Table,
    values: Readonly<Record<string, unknown>>,
    ref: TableRef,
  ): void {
    if (retryMinMs <= retryMaxMs) return;
    const own = ["retry-min", "retry-max"].filter((key) => given[key] !== undefined);
    // What comes from [config] is reported there, once, and a bad value is reported as such.
    if (own.length === 0 || own.some((key) => values[key] === undefined)) return;
    // Who sets one limit of a webhook may not know where the other one comes from.
    const limit = (key: string, limitMs: number) =>
      `${ref === "config" || own.includes(key) ? "" : "the shared "}${key} is ` +
      formatDuration(limitMs);
    const limits = `${limit("retry-min", retryMinMs)}, ${limit("retry-max", retryMaxMs)}`;
    const message = `retry-min must not be longer than retry-max, but ${limits}`;
    this.#report(ref, own[0] ?? "retry-min", message);
  }

  #checkConcurrency(
    { order, concurrency }: Webhook,
    given: Table,
    values: Readonly<Record<string, unknown>>,
    index: number,
  ): void {
    if (order !== "fifo" || concurrency === 1) return;
    // A bad order is reported as such; which one was meant nobody knows.
    if (given["order"] !== undefined && values["order"] === undefined) return;
    const message = `concurrency must be 1, not ${concurrency}: order "fifo" (the default) posts ` +
      'one request at a time; order = "volume" or order = "none" allows more';
    this.#report(index, "concurrency", message);
  }

  #readTable<R extends Rules>(table: Table, rules: R, ref: TableRef): Values<R> {
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
      else this.#report(ref, key, result.fault);
    }
    return values as Values<R>;
  }

  #asTable(value: unknown, ref: TableRef, key: string): Table {
    if (isTable(value)) return value;
    this.#report(ref, key, `must be a table, not ${showValue(value)}`);
    return {};
  }

  #refuseUnknown(table: Table, allowed: readonly string[], ref: TableRef, where: string): void {
    for (const key of Object.keys(table)) {
      if (allowed.includes(key)) continue;
      const guess = nearest(key, allowed);
      const tip = guess === undefined ? "" : `did you mean "${guess}"? `;
      const place = where === "" ? "" : ` in ${where}`;
      this.#report(ref, key, `unknown key; ${tip}allowed${place}: ${allowed.join(", ")}`);
    }
  }

  #report(ref: TableRef, key: string, message: string, hint?: string): void {
    this.#blocks ??= parseBlocks(this.#text);
    const line = lineOf(this.#blocks, ref, key);
    const table = ref === "root" ? "" : ref === "config" ? "config" : `webhook[${ref}]`;
    const path = [table, key].filter((part) => part !== "").join(".");
    this.problems.push({
      ...optional("line", line),
      key: path,
      message,
      ...optional("hint", hint),
    });
  }
}

function initialOf<K extends keyof typeof CONFIG_KEYS>(key: K) {
  type Value = typeof CONFIG_KEYS[K] extends KeyRule<infer T> ? T : never;
  const result = CONFIG_KEYS[key].kind.read(CONFIG_KEYS[key].initial);
  if ("fault" in result) throw new TypeError(`The default of ${key} ${result.fault}`);
  return result.value as Value;
}

/** A property that is there if it has a value. */
function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : { [key]: value } as { [P in K]: V };
}

function byLine(a: Problem, b: Problem): number {
  return (a.line ?? 0) - (b.line ?? 0);
}
