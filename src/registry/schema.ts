/**
 * The keys of the registry, what each may hold and what it is without being set.
 *
 * @module
 */
import { SEVERITIES, type Severity } from "../event/catalog.ts";
import { orNothing, tcpAddress } from "./api_kinds.ts";
import type { ApiSettings } from "./api_rules.ts";
import { eventPattern, fieldPattern, volumePattern } from "./filter_kinds.ts";
import { headers } from "./header_kind.ts";
import { list } from "./list_kind.ts";
import { proxyUrl, webhookUrl } from "./url_kinds.ts";
import {
  choice,
  duration,
  filePath,
  flag,
  integer,
  network,
  pin,
  rate,
  size,
  text,
  time,
  type TomlValue,
  type ValueKind,
} from "./value_kinds.ts";

/** How much the daemon logs, chattiest first. */
export const LOG_LEVELS = ["DEBUG", "INFO", "WARNING", "ERROR"] as const;

/** How much the daemon logs. */
export type LogLevel = typeof LOG_LEVELS[number];

/** In which order a webhook's events are posted. */
export const ORDERS = ["fifo", "volume", "none"] as const;

/** All in order, those of each volume in order, or in none. */
export type Order = typeof ORDERS[number];

/** How a webhook's requests can be signed. */
export const SIGNATURES = ["jwt", "standard"] as const;

/** A JWT in the Authorization header, as upstream sends it, or Standard Webhooks. */
export type Signature = typeof SIGNATURES[number];

/** What the bodies of a webhook's requests can look like. */
export const FORMATS = [
  "gluster",
  "compat",
  "cloudevents",
  "cloudevents-binary",
  "slack",
  "alertmanager",
] as const;

/** What the bodies of requests look like. */
export type Format = typeof FORMATS[number];

/** One key of a table in the registry. */
export interface KeyRule<T = unknown> {
  readonly kind: ValueKind<T>;
  /** What it is for, in a few words. */
  readonly purpose: string;
}

/** The keys of a table. */
export type KeyRules = Readonly<Record<string, KeyRule>>;

/** What the keys of a table say, each of which may be absent. */
export type KeyValues<R extends KeyRules> = {
  [K in keyof R]?: R[K] extends KeyRule<infer T> ? T : never;
};

/** A key of `[config]`, which always has a value. */
export interface ConfigRule<T = unknown> extends KeyRule<T> {
  /** The value without an entry, as TOML. */
  readonly initial: TomlValue;
}

const DAY_MS = 86_400_000;
const KIB = 2 ** 10;
const MIB = 2 ** 20;
const TIB = 2 ** 40;
const timeout = duration(10, 3_600_000);
const retryMin = duration(1, DAY_MS);
const retryMax = duration(1, 7 * DAY_MS);
const retryFor = duration(0, 365 * DAY_MS);
const diskSize = size(MIB, TIB);

/** The keys of `[config]`. */
export const CONFIG_KEYS = {
  "port": config(integer(1, 65535), 55555, "UDP port that Gluster sends to"),
  "allow-from": config(
    list(network(), { example: '["192.168.1.5", "fd00::/8"]', emptyWord: "any" }),
    [],
    "addresses and networks whose datagrams are taken",
  ),
  "api-listen": config(
    orNothing(tcpAddress(), "off"),
    "",
    "TCP address where the API is served too; beyond loopback only with token and TLS",
  ),
  "api-token-file": config(
    orNothing(filePath("api.token"), "none"),
    "",
    "file on each node with the token that the API asks for",
  ),
  "api-cert-file": config(
    orNothing(filePath("api.pem"), "none"),
    "",
    "certificate chain of the API, PEM",
  ),
  "api-key-file": config(
    orNothing(filePath("api.key"), "none"),
    "",
    "private key of that certificate",
  ),
  "log-level": config(choice(LOG_LEVELS), "INFO", "least severe lines that are logged"),
  "disable-events-log": config(flag(), false, "no line per event, even at log level DEBUG"),
  "timeout": config(timeout, "15s", "longest wait for a webhook's answer"),
  "retry-min": config(retryMin, "1s", "first back-off after a failed attempt"),
  "retry-max": config(retryMax, "5m", "longest back-off between attempts"),
  "retry-for": config(retryFor, "3d", "how long an event is retried"),
  "history-max-age": config(duration(0, 3650 * DAY_MS), "7d", "how long delivered events are kept"),
  "history-max-size": config(diskSize, "512MiB", "how much of delivered events is kept"),
  "receive-buffer": config(
    size(64 * KIB, 512 * MIB),
    "64MiB",
    "room for datagrams that were not read yet",
  ),
  "spool-max-size": config(diskSize, "2GiB", "how much may wait before the oldest is dropped"),
} as const;

const NAME_RULE = "letters, digits, dots, hyphens and underscores, at most 64, no hyphen first";

/** The keys of a `[[webhook]]`. */
export const WEBHOOK_KEYS = {
  "name": key(text(/^[A-Za-z0-9._][A-Za-z0-9._-]{0,63}$/, NAME_RULE), "name for commands and logs"),
  "url": key(webhookUrl(), "where events are posted"),
  "events": key(
    list(eventPattern(), {
      example: '["VOLUME_*", "!VOLUME_SET", "group:BRICK"]',
      emptyWord: "all",
    }),
    "which events are posted",
  ),
  "severity": key(choice(SEVERITIES), "the least severe events that are posted"),
  "volumes": key(
    list(volumePattern(), { example: '["gv0", "home-*", "!scratch"]', emptyWord: "all" }),
    "the volumes whose events are posted",
  ),
  "fields": key(
    list(fieldPattern(), { example: '["message.force=true"]', emptyWord: "any" }),
    "what fields of an event must hold",
  ),
  "format": key(choice(FORMATS), "what the body of a request looks like"),
  "bearer-token": key(
    text(/^[\x21-\x7e]+$/, "printable characters without blanks", { secret: true }),
    "token for the Authorization header",
  ),
  "bearer-token-file": key(filePath("ops.token"), "file on each node that holds the token"),
  "secret": key(
    text(/^[^\p{Cc}\p{Cs}]+$/u, "a text without control characters", { secret: true }),
    "key that signs requests",
  ),
  "secret-file": key(filePath("ops.secret"), "file on each node that holds the key"),
  "old-secret": key(
    text(/^[^\p{Cc}\p{Cs}]+$/u, "a text without control characters", { secret: true }),
    "former key that signs requests too",
  ),
  "old-secret-until": key(time(), "when the former key is forgotten"),
  "sign": key(choice(SIGNATURES), "how requests are signed with the secret"),
  "headers": key(headers(), "further request headers"),
  "ca-file": key(filePath("ca.pem"), "file of certificates that are trusted too"),
  "cert-file": key(filePath("ops.pem"), "certificate that the receiver is shown"),
  "key-file": key(filePath("ops.key"), "private key of that certificate"),
  "server-pin": key(pin(), "SHA-256 of the only certificate that is taken"),
  "proxy": key(proxyUrl(), "proxy to post through, or none"),
  "timeout": key(timeout, "longest wait for an answer"),
  "retry-min": key(retryMin, "first back-off after a failed attempt"),
  "retry-max": key(retryMax, "longest back-off between attempts"),
  "retry-for": key(retryFor, "how long an event is retried"),
  "order": key(choice(ORDERS), "which events keep their order: all, those of a volume, none"),
  "concurrency": key(integer(1, 64), "requests at the same time"),
  "batch": key(integer(1, 1000), "most events in one request"),
  "rate": key(rate(), "most requests in a time"),
  "paused": key(flag(), "events wait and nothing is posted"),
} as const;

/** The name of a key of `[config]`. */
export type ConfigKey = keyof typeof CONFIG_KEYS;

/** The name of a key of a `[[webhook]]`. */
export type WebhookKey = keyof typeof WEBHOOK_KEYS;

/** How long to wait and how often to try. */
export interface DeliverySettings {
  readonly timeoutMs: number;
  readonly retryMinMs: number;
  readonly retryMaxMs: number;
  readonly retryForMs: number;
}

/** How requests are signed, and with which key: either the key itself or a file that holds it. */
export interface Signing {
  readonly as: Signature;
  readonly secret?: string;
  readonly secretFile?: string;
  /** The key before this one: until then requests are signed with both. */
  readonly oldSecret?: { readonly secret: string; readonly untilMs: number };
}

/** Which events a webhook gets, as the registry says it. All of it has to hold. */
export interface EventsWanted {
  /** Names, globs and groups, `!` in front takes away; all if empty. */
  readonly events: readonly string[];
  /** This severity or worse. */
  readonly severity?: Severity;
  /** Names and globs of volumes, `!` in front takes away; all, and events of none, if empty. */
  readonly volumes: readonly string[];
  /** `field=glob` or `field!=glob`, each of which has to hold. */
  readonly fields: readonly string[];
}

/** How a receiver is reached and known. Files are those of the node that posts. */
export interface Transport {
  readonly caFile?: string;
  /** Always together with `keyFile`. */
  readonly certFile?: string;
  readonly keyFile?: string;
  /** SHA-256 of the receiver's certificate (DER), 64 hexadecimal digits in lower case. */
  readonly serverPin?: string;
  /** The URL of a proxy, `none` for none, absent for what the environment says. */
  readonly proxy?: string;
}

/** A registered URL with how to post to it; what it does not say itself comes from the config. */
export interface Webhook extends DeliverySettings {
  readonly name: string;
  readonly url: string;
  readonly wanted: EventsWanted;
  readonly format: Format;
  readonly transport: Transport;
  readonly bearerToken?: string;
  /** A file that holds the token, instead of the token. */
  readonly bearerTokenFile?: string;
  /** Where it needs the Authorization header, it goes before the bearer token. */
  readonly signing?: Signing;
  readonly headers: Readonly<Record<string, string>>;
  readonly order: Order;
  /** How many requests may be under way; 1 with order fifo. */
  readonly concurrency: number;
  /** How many events one request may carry. */
  readonly batch: number;
  /** The shortest time between two requests, perhaps with a fraction; no limit if absent. */
  readonly requestIntervalMs?: number;
  /** Whether events wait until somebody resumes it. */
  readonly paused: boolean;
}

/** The settings that all webhooks and nodes share. */
export interface SharedConfig extends DeliverySettings {
  readonly port: number;
  /** Addresses and networks whose datagrams are taken; every one if empty. */
  readonly allowFrom: readonly string[];
  /** Where the API is served beside the control socket. */
  readonly api: ApiSettings;
  readonly logLevel: LogLevel;
  readonly disableEventsLog: boolean;
  readonly historyMaxAgeMs: number;
  readonly historyMaxBytes: number;
  readonly spoolMaxBytes: number;
  /** Of each UDP socket, in the kernel. */
  readonly receiveBufferBytes: number;
}

/** Everything that the registry file says. */
export interface Registry {
  /** Raised by every change. */
  readonly generation: number;
  readonly config: SharedConfig;
  readonly webhooks: readonly Webhook[];
}

/** Whether `[config]` has a key of this name. */
export function isConfigKey(name: string): name is ConfigKey {
  return Object.hasOwn(CONFIG_KEYS, name);
}

function key<T>(kind: ValueKind<T>, purpose: string): KeyRule<T> {
  return { kind, purpose };
}

function config<T>(kind: ValueKind<T>, initial: TomlValue, purpose: string): ConfigRule<T> {
  return { kind, initial, purpose };
}
