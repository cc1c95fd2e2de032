/**
 * Secrets for the webhooks of a pool, receivers that keep to themselves what they get, and all files
 * in which a secret may be left behind.
 *
 * @module
 */
import { newStandardSecret } from "../../src/registry/standard_secret.ts";
import { Canaries } from "../support/canaries.ts";
import { TestCa } from "../support/test_ca.ts";
import type { GlusterNode } from "./gluster_node.ts";

/** Where the receivers on the first node listen. */
export const HOOK = "10.77.0.1:9000";
export const SECURE_HOOK = "10.77.0.1:9443";
/** On each node. */
export const SECRET_FILE = "/etc/eventing.secret";
/** Of the receivers, below the node's folder. */
const RECEIVERS = "receiver";

/** A request, as `serve-test-hook --json` writes it. */
export interface Received {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed; as JSON it is what came. */
  readonly body: { readonly host: string };
}

/** Thanks for each request, with TLS: `serve-test-hook` has none. */
const TLS_RECEIVER = `
const [cert = "", key = ""] = Deno.args.map((path) => Deno.readTextFileSync(path));
Deno.serve({ hostname: "0.0.0.0", port: 9443, cert, key }, async (request) => {
  await request.text();
  return new Response("thank you");
});
`;

/** The secrets of a pool's webhooks, by where they stand. */
export interface PoolSecrets {
  readonly canaries: Canaries;
  readonly token: string;
  readonly password: string;
  readonly pathKey: string;
  readonly query: string;
  readonly header: string;
  readonly proxyPassword: string;
  readonly old: string;
  readonly secret: string;
  /** Given to `webhook-test`, and registered nowhere. */
  readonly tested: string;
  readonly asymmetric: string;
  /** By the names of the nodes. */
  readonly inFiles: ReadonlyMap<string, string>;
}

/** Makes up secrets. */
export function plant(nodes: readonly GlusterNode[]): PoolSecrets {
  const canaries = new Canaries();
  const asymmetric = newStandardSecret("asymmetric");
  canaries.add("whsk", asymmetric.replace("whsk_", ""));
  return {
    canaries,
    token: canaries.of("bearer-token"),
    password: canaries.of("password"),
    pathKey: canaries.of("key in the path"),
    query: canaries.of("query"),
    header: canaries.of("header"),
    proxyPassword: canaries.of("proxy password"),
    old: canaries.standardSecret("old secret"),
    secret: canaries.standardSecret("secret"),
    tested: canaries.of("only tested"),
    asymmetric,
    inFiles: new Map(nodes.map(({ name }) => [name, canaries.standardSecret(`file of ${name}`)])),
  };
}

/** Writes a file of a node without a process that could be seen. */
export async function writeOn({ pid }: GlusterNode, path: string, text: string): Promise<void> {
  await Deno.writeTextFile(`/proc/${pid}/root${path}`, text, { mode: 0o600 });
}

/** Starts a receiver on a node. @returns The file that it writes requests into. */
export async function startReceiver(node: GlusterNode): Promise<string> {
  const folder = `${node.folder}/${RECEIVERS}`;
  await Deno.mkdir(folder, { recursive: true });
  const file = `${folder}/received.jsonl`;
  const hook = node.startEventing("serve-test-hook", "--json", "--port", "9000", "--output", file);
  await hook.shows(/Listening/);
  return file;
}

/** Starts a receiver on a node whose certificate is its own. */
export async function startTlsReceiver(node: GlusterNode): Promise<void> {
  const folder = `${node.folder}/${RECEIVERS}`;
  await Deno.mkdir(folder, { recursive: true });
  await using ca = await TestCa.make();
  const { cert, key } = await ca.selfSigned("receiver", { names: ["DNS:whoever"] });
  await Deno.copyFile(cert, `${folder}/cert.pem`);
  await Deno.copyFile(key, `${folder}/key.pem`);
  await Deno.writeTextFile(`${folder}/receiver.js`, TLS_RECEIVER);
  const files = ["receiver.js", "cert.pem", "key.pem"].map((name) => `${folder}/${name}`);
  await node.start([Deno.execPath(), "run", "-A", ...files]).shows(/Listening/);
}

/** The requests that came for a path. */
export async function received(file: string, path: string): Promise<Received[]> {
  const text = await Deno.readTextFile(file).catch(() => "");
  const requests = text.split("\n").slice(0, -1).map((line): Received => JSON.parse(line));
  return requests.filter((request) => request.path.startsWith(path));
}

/** All files that came to be on a node, but for those where secrets belong. */
export async function filesOf(node: GlusterNode): Promise<string[]> {
  // The program itself is large, and no secret could stand in it.
  const skipped = ["layers/usr", `layers/etc/upper/${SECRET_FILE.replace("/etc/", "")}`, RECEIVERS];
  const paths: string[] = [];
  const collect = async (folder: string): Promise<void> => {
    for await (const { name, isDirectory, isFile } of Deno.readDir(folder)) {
      const path = `${folder}/${name}`;
      if (skipped.includes(path.slice(node.folder.length + 1))) continue;
      if (isDirectory) await collect(path);
      else if (isFile && !/\/lib\/events\/webhooks\.toml[^/]*$/.test(path)) paths.push(path);
    }
  };
  await collect(node.folder);
  return paths;
}
