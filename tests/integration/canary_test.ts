/**
 * Secrets in every place where one can stand, every failure that can be provoked, and a search
 * through all that was printed, logged, served and stored.
 *
 * @module
 */
import { ControlClient } from "../../src/api/control_client.ts";
import { createFetchClient } from "../../src/dispatcher/fetch_client.ts";
import { SocketClient } from "../../src/dispatcher/socket_client.ts";
import type { WebhookClient } from "../../src/dispatcher/webhook_client.ts";
import { newStandardSecret } from "../../src/registry/standard_secret.ts";
import { assert, assertEquals } from "../support/assert.ts";
import { Canaries } from "../support/canaries.ts";
import { runHere } from "../support/fake_daemon.ts";
import { linger, RawReceiver } from "../support/raw_receiver.ts";
import { Receiver, type RecordedRequest } from "../support/receiver.ts";
import { makeTempFolder } from "../support/temp_folder.ts";
import { startOf, TestDaemon } from "../support/test_daemon.ts";

const STATUSES = [200, 307, 401, 410, 500];

/** What a receiver knows of the secrets of each kind of webhook, by the end of its path. */
type Expected = Readonly<Record<string, readonly string[]>>;

/** A receiver that says all it knows: what came, and which secrets it expects. */
function gossip({ path, headers }: RecordedRequest, known: Expected): Response {
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

interface Planted {
  readonly canaries: Canaries;
  /** The registry's text. */
  readonly registry: string;
  /** The names of the webhooks. */
  readonly names: readonly string[];
  readonly expected: Expected;
}

interface Places {
  readonly folder: string;
  readonly gossip: string;
  readonly deaf: string;
}

async function plant(places: Places): Promise<Planted> {
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
      `url = ${secretUrl(places.gossip, `/${status}/url`)}`,
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
    refused: [`url = ${secretUrl("http://127.0.0.1:1")}`],
    // No resolver asks a name server for a name that is longer than any can be.
    unknown: [`url = ${secretUrl(`http://${"a".repeat(64)}.invalid`)}`],
    tls: [`url = ${secretUrl(places.gossip.replace("http:", "https:"), "/tls")}`],
    deaf: [`url = ${secretUrl(places.deaf)}`],
    proxied: [`url = ${secretUrl(places.gossip, "/500/proxied")}`, `proxy = "${proxyUrl}"`],
    badfile: [
      `url = ${secretUrl(places.gossip, "/badfile")}`,
      `secret-file = "${folder}/planted-bad"`,
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
      url: [query, password, user, key],
      standard: [secret, old, token],
      jwt: [jwtSecret],
      files: [inFile, olderInFile, fileToken],
      proxied: [query, password, token],
    },
  };
}

/** What may hold secrets: the registry, its copies, and what was planted. */
const MAY_HOLD = /\/(events\/webhooks\.toml[^/]*|planted-[^/]*)$/;

async function filesBelow(folder: string): Promise<string[]> {
  const paths: string[] = [];
  for await (const { name, isDirectory, isFile } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) paths.push(...await filesBelow(path));
    else if (isFile) paths.push(path);
  }
  return paths;
}

/** Command lines that show what they know, and those that complain. */
function commandLines({ names, canaries }: Planted, url: string): readonly (readonly string[])[] {
  const secret = canaries.of("bad option");
  const hidden = `http://${canaries.of("given user")}:${secret}@127.0.0.1:1/x?key=${secret}`;
  const looking = [
    ["status"],
    ["webhook-list"],
    ["history"],
    ["attempts", "--limit", "1000"],
    ["attempts", "--failed"],
    ["dead-letters"],
    ["replay", "jwt-200", "--since", "1h", "--dry-run"],
    ["replay", "url-401", "--dead-letters"],
    ["config-get"],
    ["reload"],
    ["sync"],
    ["webhook-resume", "url-410"],
    ["webhook-pause", "url-410"],
    ["webhook-secret", "public", "standard-200"],
    ...names.map((name) => ["webhook-show", name]),
    ...names.map((name) => ["webhook-test", name]),
  ];
  const complaining = [
    ["webhook-add", url],
    ["webhook-add", hidden, "--name", "jwt-200"],
    ["webhook-add", hidden, "--timeout", "soon"],
    ["webhook-add", hidden.replace("http", "ftp")],
    ["webhook-add", `${secret}:${secret}@ops`],
    ["webhook-test", hidden, "--timeout", "100ms"],
    [
      "webhook-test",
      "http://127.0.0.1:1/",
      "-t",
      secret,
      "-s",
      secret,
      "--header",
      `X-A=${secret}`,
    ],
    ["webhook-show", hidden],
    ["webhook-del", hidden],
    ["webhook-mod", "jwt-200", "--bearer-token", `${secret} ${secret}`],
    ["webhook-mod", "jwt-200", "--secret", `${secret}\n`],
    ["webhook-mod", "jwt-200", "--secret", secret, "--keep-old", "1h"],
    ["webhook-mod", "jwt-200", "--secret", secret, "--sign", "standard"],
    ["webhook-mod", "standard-200", "--secret", `whsec_${secret}`],
    ["webhook-mod", "jwt-200", `-s${secret}`],
    ["webhook-mod", "jwt-200", `--secret${secret}`],
    ["webhook-mod", "jwt-200", "--header", secret],
    ["webhook-mod", "jwt-200", "--header", `X Key=${secret}`],
    ["webhook-mod", "jwt-200", "--header", `X-Key=${secret}\u0001`],
    ["webhook-mod", "jwt-200", "--proxy", `user:${secret}@proxy`],
    ["webhook-mod", "jwt-200", "--url", hidden.replace("@127", "@o ps")],
    ["webhook-mod", "jwt-200", "--secret", "x", secret],
    ["webhook-secret", secret],
    ["webhook-secret", "new", secret],
  ];
  return [...looking, ...looking.map((line) => [...line, "--json"]), ...complaining];
}

/** Lines that no registry may hold, with a secret where it is wrong. */
function badRegistries({ canaries, registry }: Planted): string[] {
  const secret = canaries.of("bad registry");
  const lines = [
    `bearer-token = "${secret} ${secret}"`,
    `bearer-token = ["${secret}"]`,
    `secret = "${secret}\\n"`,
    `secret = { x = "${secret}" }`,
    `secret = "${secret}`,
    `secret = ${secret}`,
    `secret = "${secret}" "${secret}"`,
    `secret = "${secret}"\nsign = "standard"`,
    `secret = "${secret}"\nold-secret = "${secret}"`,
    `headers = "${secret}"`,
    `headers = { "X Key" = "${secret}" }`,
    `headers = { X-Key = "${secret}\\u0001" }`,
    `headers = { Authorization = "${secret}" }`,
    `proxy = "user:${secret}@proxy"`,
    `proxy = "ftp://user:${secret}@proxy"`,
  ];
  const urls = [
    `http://u:${secret}@o ps/`,
    `u:${secret}@ops`,
    `ftp://u:${secret}@ops/?k=${secret}`,
  ];
  const table = (url: string, line: string) =>
    `${registry}\n[[webhook]]\nname = "bad"\nurl = "${url}"\n${line}\n`;
  return [
    ...lines.map((line) => table("http://bad/", line)),
    ...urls.map((url) => table(url, "")),
  ];
}

const CLIENTS: Readonly<Record<string, () => WebhookClient>> = {
  "the program's own client": () => new SocketClient(),
  "fetch": () => createFetchClient(),
};

for (const [client, createClient] of Object.entries(CLIENTS)) {
  Deno.test(`with ${client} no secret is printed, logged, served or stored`, async () => {
    await using folder = await makeTempFolder();
    const { path } = folder;
    let expected: Expected = {};
    await using receiver = new Receiver({ answer: (request) => gossip(request, expected) });
    await using deaf = new RawReceiver(linger);
    const planted = await plant({ folder: path, gossip: receiver.url, deaf: deaf.url });
    const { canaries, names, registry } = planted;
    ({ expected } = planted);
    await Deno.mkdir(`${path}/events`);
    const registryFile = `${path}/events/webhooks.toml`;
    await Deno.writeTextFile(registryFile, registry, { mode: 0o600 });
    const said: [string, string | Uint8Array][] = [];

    await using daemon = new TestDaemon(path, { createClient });
    await daemon.start();
    await daemon.send(startOf("gv1"), startOf("gv2"));
    const api = new ControlClient(daemon.socket);
    for (const name of names) {
      await daemon.reports(`${name} was tried`, ({ webhooks }) => {
        const { delivered = 0, dead = 0, failure, pause } = webhooks.find((webhook) =>
          webhook.name === name
        ) ?? {};
        return delivered + dead > 1 || (failure?.attempts ?? 0) > 5 || (pause ?? null) !== null;
      });
    }
    assert((await api.deadLetters({ limit: 10 })).length > 0);
    assert((await api.attempts({ limit: 1000 })).some(({ answer }) => answer.includes("***")));

    const places = ["--workdir", path, "--state-dir", `${path}/state`, "--socket", daemon.socket];
    for (const words of commandLines(planted, receiver.url.replace("/hook", "/200/jwt"))) {
      const { stdout, stderr } = await runHere([...words, "--local", ...places]);
      assert(!stderr.includes("Unexpected"), stderr);
      said.push([words.slice(0, 2).join(" "), stdout + stderr]);
    }
    for (const text of badRegistries(planted)) {
      await Deno.writeTextFile(registryFile, text);
      for (const words of [["reload"], ["status"], ["webhook-list"], ["status", "--json"]]) {
        const { stdout, stderr } = await runHere([...words, "--local", ...places]);
        said.push([`${words[0]} with ${text.slice(text.lastIndexOf("url ="))}`, stdout + stderr]);
      }
    }
    said.push(["status", JSON.stringify(daemon.daemon.status())]);
    await daemon.stop();
    said.push(...daemon.log.map((line): [string, string] => ["log", line]));
    const files = (await filesBelow(path)).filter((file) => !MAY_HOLD.test(file));
    assert(files.some((file) => file.endsWith("spool.db")), files.join(" "));
    for (const file of files) said.push([file, await Deno.readFile(file)]);

    const found = said.flatMap(([where, content]) =>
      canaries.foundIn(content).map((place) => `${place} in ${where}: ${excerpt(content)}`)
    );
    assertEquals(found, []);
  });
}

function excerpt(content: string | Uint8Array): string {
  return typeof content === "string" ? content.slice(0, 2000) : `${content.length} bytes`;
}

Deno.test("a canary is found in whatever way it is written", () => {
  const canaries = new Canaries();
  const text = canaries.awkward("place");
  const place = ["place", "place, awkward"];
  assertEquals(canaries.foundIn("nothing"), []);
  const spellings = [
    text,
    JSON.stringify({ text }),
    encodeURIComponent(text),
    new TextEncoder().encode(`x${text}`).toBase64(),
    new TextEncoder().encode(`xy${text}`).toHex(),
  ];
  for (const spelling of spellings) {
    assertEquals(canaries.foundIn(`a ${spelling} b`), place, spelling);
    assertEquals(canaries.foundIn(new TextEncoder().encode(spelling)), place, spelling);
  }
});
