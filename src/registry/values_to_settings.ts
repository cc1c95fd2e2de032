/**
 * From the values of the registry's keys, right or absent, to settings that are complete.
 *
 * @module
 */
import {
  CONFIG_KEYS,
  type KeyRule,
  type KeyValues,
  type SharedConfig,
  type Signing,
  type Webhook,
  type WEBHOOK_KEYS,
} from "./schema.ts";

/** The default of `concurrency` where order allows more than one request at a time. */
const SIDE_BY_SIDE = 8;

/** The shared settings; what is absent is as it is without an entry. */
export function configOf(values: KeyValues<typeof CONFIG_KEYS>): SharedConfig {
  const value = <K extends keyof typeof CONFIG_KEYS>(key: K) => values[key] ?? initialOf(key);
  return {
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
}

/** A webhook; what it does not say itself comes from the shared settings. */
export function webhookOf(values: KeyValues<typeof WEBHOOK_KEYS>, shared: SharedConfig): Webhook {
  const { order = "fifo", rate } = values;
  return {
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
    ...signingOf(values),
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
}

/** How requests are signed, if at all. */
function signingOf(values: KeyValues<typeof WEBHOOK_KEYS>): { signing?: Signing } {
  const { secret, sign = "jwt" } = values;
  const secretFile = values["secret-file"];
  if (secret === undefined && secretFile === undefined) return {};
  const oldSecret = values["old-secret"];
  const untilMs = values["old-secret-until"];
  return {
    signing: {
      as: sign,
      ...optional("secret", secret),
      ...optional("secretFile", secretFile),
      ...(oldSecret === undefined || untilMs === undefined
        ? {}
        : { oldSecret: { secret: oldSecret, untilMs } }),
    },
  };
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
