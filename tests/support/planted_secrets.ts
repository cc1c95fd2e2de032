/**
 * A registry with a secret in every place where one can stand, and receivers that give them away.
 *
 * @module
 */
import { newStandardSecret } from "../../src/registry/standard_secret.ts";
import { Canaries } from "./canaries.ts";
import type { RecordedRequest } from "./receiver.ts";

/** What the receivers answer. */
export const STATUSES = [200, 307, 401, 410, 500];

/** What a receiver knows of the secrets of each kind of webhook, by the end of its path. */
export type Expected = Readonly<Record<string, readonly string[]>>;

/** A receiver that says all it knows: what came, and which secrets it expects. */
export function gossip({ path, headers }: RecordedRequest, known: Expected): Response {
  const [, status = "500", kind = ""] = /^\/(\d+)\/(\w+)/.exec(path) ?? [];
  const expected = known[kind] ?? [];
  const came = ["authorization", "x-key", "webhook-signature"].map((name) => headers.get(name));
  const spelled = expected.flatMap((text) => [text, encodeURIComponent(text)]);
  // Only the beginning of an answer is read, so it begins with something else each time.
  const said = [...came, path, ...spelled];
  const turn = Math.floor(Math.random() * said.length);
  const text = JSON.stringify([...said.slice(turn), ...said.slice(0, turn)]);
  const query = new URLSearchParams({ next: spelled[0] ?? "", token: headers.get("x-key") ?? "" });
  return new Response(text, {
    status: Number(status),
    headers: { "location": `/elsewhere?${query}` },
  });
}

/** Secrets in every place of a registry. */
export interface Planted {
  readonly canaries: Canaries;
  /** The registry's text. */
  readonly registry: string;
  /** The names of the webhooks. */
  readonly names: readonly string[];
  readonly expected: Expected;
}

/** Where files go, and where receivers are. */
export interface Receivers {
  readonly folder: string;
  /** The URLs of one that says what it knows, of one that says nothing, and of one that repeats. */
  readonly gossip: string;
  readonly deaf: string;
  readonly echo: string;
}

/** Plants secrets, and files with some of them. */
export async function plant(places: Receivers): Promise<Planted> {
  const { folder } = places;
  const canaries = new Canaries();
  const secret = canaries.standardSecret("secret");
  const old = canaries.standardSecret("old-secret");
  const inFile = canaries.standardSecret("secret-file");
  const olderInFile = canaries.add("whsk", newStandardSecret("asymmetric"));
  const token = canaries.of("bearer-token");
  const fileToken = canaries.of("bearer-token-file");
  const jwtSecret = canaries.awkward("secret, jwt");
  const key = canaries.of("header value");
  const [user, password] = [canaries.of("user"), canaries.awkward("password")];
  const query = canaries.awkward("query");
  const pathKey = canaries.of("key in the path");
  const keyFile = `-----BEGIN PRIVATE KEY-----\n${
    canaries.of("key-file")
  }\n-----END PRIVATE KEY-----`;
  const files: Readonly<Record<string, string>> = {
    secrets: `${inFile}\n${olderInFile}\n`,
    token: `${fileToken}\n`,
    bad: `${canaries.of("bad file")}\u0007\n${canaries.of("bad file")}\n`,
    key: `${keyFile}\n`,
  };
  for (const [name, text] of Object.entries(files)) {
    await Deno.writeTextFile(`${folder}/planted-${name}`, text, { mode: 0o600 });
  }
  const secretUrl = (base: string, path = "/") => {
    const url = new URL(path, base);
    url.username = user;
    url.password = encodeURIComponent(password);
    url.search = `?token=${encodeURIComponent(query)}`;
    return JSON.stringify(url.href);
  };
  const quote = JSON.stringify;
  const webhooks = new Map<string, readonly string[]>();
  for (const status of STATUSES) {
    const url = (name: string) => quote(new URL(`/${status}/${name}`, places.gossip).href);
    webhooks.set(`url-${status}`, [
      `url = ${secretUrl(places.gossip, `/${status}/url/${pathKey}/to`)}`,
      `headers = { X-Key = ${quote(key)} }`,
    ]);
    webhooks.set(`standard-${status}`, [
      `url = ${url("standard")}`,
      `bearer-token = ${quote(token)}`,
      `secret = ${quote(secret)}`,
      `old-secret = ${quote(old)}`,
      'old-secret-until = "2099-01-01T00:00:00Z"',
      'sign = "standard"',
    ]);
    webhooks.set(`jwt-${status}`, [`url = ${url("jwt")}`, `secret = ${quote(jwtSecret)}`]);
    webhooks.set(`files-${status}`, [
      `url = ${url("files")}`,
      `bearer-token-file = "${folder}/planted-token"`,
      `secret-file = "${folder}/planted-secrets"`,
      'sign = "standard"',
    ]);
  }
  const everywhere = [`bearer-token = ${quote(token)}`, `headers = { X-Key = ${quote(key)} }`];
  const proxyUrl = `http://${canaries.of("proxy user")}:${
    canaries.of("proxy password")
  }@127.0.0.1:1`;
  const failing: Readonly<Record<string, readonly string[]>> = {
    refused: [`url = ${secretUrl("http://127.0.0.1:1", `/${pathKey}`)}`],
    // No resolver asks a name server for a name that is longer than any can be.
    unknown: [`url = ${secretUrl(`http://${"a".repeat(64)}.invalid`)}`],
    tls: [`url = ${secretUrl(places.gossip.replace("http:", "https:"), "/tls")}`],
    deaf: [`url = ${secretUrl(places.deaf)}`],
    echo: [`url = ${secretUrl(places.echo, `/${pathKey}`)}`],
    echoquery: [`url = ${secretUrl(places.echo)}`],
    proxied: [`url = ${secretUrl(places.gossip, "/500/proxied")}`, `proxy = "${proxyUrl}"`],
    badfile: [
      `url = ${secretUrl(places.gossip, "/badfile")}`,
      `secret-file = "${folder}/planted-bad"`,
    ],
    badca: [
      `url = ${secretUrl(places.gossip.replace("http:", "https:"), `/badca/${pathKey}`)}`,
      `ca-file = "${folder}/planted-key"`,
    ],
    badkey: [
      `url = ${secretUrl(places.gossip.replace("http:", "https:"), "/badkey")}`,
      `cert-file = "${folder}/planted-key"`,
      `key-file = "${folder}/planted-key"`,
    ],
  };
  for (const [name, lines] of Object.entries(failing)) {
    webhooks.set(name, [...everywhere, ...lines]);
  }
  const common = ['timeout = "300ms"', 'retry-min = "10ms"', 'retry-max = "30ms"'];
  const tables = [...webhooks].map(([name, lines]) =>
    ["[[webhook]]", `name = "${name}"`, ...lines, ...common].join("\n")
  );
  return {
    canaries,
    registry: `generation = 1\n[config]\nlog-level = "DEBUG"\n${tables.join("\n\n")}\n`,
    names: [...webhooks.keys()],
    expected: {
      url: [query, password, user, key, pathKey],
      standard: [secret, old, token],
      jwt: [jwtSecret],
      files: [inFile, olderInFile, fileToken],
      proxied: [query, password, token],
    },
  };
}

/** What may hold secrets: the registry, its copies, and what was planted. */
const MAY_HOLD = /\/(events\/webhooks\.toml[^/]*|planted-[^/]*)$/;

/** All other files of a folder. */
export async function filesThatMayNotHold(folder: string): Promise<string[]> {
  return (await filesBelow(folder)).filter((path) => !MAY_HOLD.test(path));
}

async function filesBelow(folder: string): Promise<string[]> {
  const paths: string[] = [];
  for await (const { name, isDirectory, isFile } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) paths.push(...await filesBelow(path));
    else if (isFile) paths.push(path);
  }
  return paths;
}
