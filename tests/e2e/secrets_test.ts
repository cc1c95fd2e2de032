/**
 * Secrets of the compiled program: how they are given, that receivers can verify what they sign, and
 * where they do not show.
 *
 * @module
 */
import { Webhook as Verifier } from "standardwebhooks";
import { createPublicKey, verify } from "node:crypto";
import { registryPath } from "../../src/registry/registry_file.ts";
import { assert, assertEquals, assertMatch } from "../support/assert.ts";
import { mustDo, namesAt, placesIn, startDaemon } from "../support/local_node.ts";
import { runProgram } from "../support/program.ts";
import { Receiver, type RecordedRequest } from "../support/receiver.ts";
import { BINARY, testNeeding } from "../support/requirements.ts";
import { makeTempFolder } from "../support/temp_folder.ts";
import { Terminal } from "../support/terminal.ts";

/** Refuses what the standard's own library refuses. */
function verifying(secret: () => string): (request: RecordedRequest) => Response {
  return ({ headers, body }) => {
    try {
      new Verifier(secret()).verify(body, Object.fromEntries(headers));
      return new Response(null, { status: 204 });
    } catch (error) {
      return new Response(`you sent ${headers.get("webhook-signature")}: ${error}`, {
        status: 401,
      });
    }
  };
}

/** Sends an event to the daemon, as Gluster would. */
async function emit(folder: string, listening: string, volume: string): Promise<void> {
  await mustDo(folder, "emit", "VOLUME_START", `name=${volume}`, "--to", listening);
}

testNeeding(
  ["binary"],
  "a receiver with the public library verifies events, also while the secret is changed",
  async () => {
    await using folder = await makeTempFolder();
    const { path } = folder;
    const [first = "", second = ""] = await Promise.all([1, 2].map(async () => {
      return (await mustDo(path, "webhook-secret", "new")).trim();
    }));
    let known = first;
    await using receiver = new Receiver({ answer: verifying(() => known) });
    await using daemon = await startDaemon(path);
    const [, listening = ""] = await daemon.shows(/listening=(\S+)/);
    const add = ["webhook-add", receiver.url, "--name", "ops", "--sign", "standard"];
    const words = [BINARY, ...add, "--secret", "-", "--local", ...placesIn(path)];
    const { code, stdout, stderr } = await runProgram(
      ["-c", 'printf "%s\\n" "$SECRET" | "$0" "$@"', ...words],
      { binary: "/bin/sh", env: { SECRET: first } },
    );
    assertEquals([code, stderr], [0, ""]);
    await emit(path, listening, "gv1");
    await namesAt(receiver, 1);
    await mustDo(path, "webhook-mod", "ops", "--secret", second, "--keep-old", "1h");
    await emit(path, listening, "gv2");
    await namesAt(receiver, 2);
    known = second;
    await emit(path, listening, "gv3");
    assertEquals(await namesAt(receiver, 3), ["gv1", "gv2", "gv3"]);
    const tried = JSON.parse(await mustDo(path, "attempts", "--json")).output;
    assertEquals(tried.map(({ status }: { status: number }) => status), [204, 204, 204]);
    const shown = stdout + daemon.stdout + daemon.stderr +
      await mustDo(path, "webhook-show", "ops");
    for (const secret of [first, second]) assert(!shown.includes(secret), shown);
  },
);

testNeeding(["binary"], "a receiver with nothing but the public key verifies events", async () => {
  await using folder = await makeTempFolder();
  const { path } = folder;
  await using receiver = new Receiver();
  const secretFile = `${path}/ops.secret`;
  const made = await mustDo(path, "webhook-secret", "new", "--asymmetric", "--output", secretFile);
  const [, publicKey = ""] = made.trim().split("\nwhpk_");
  await using daemon = await startDaemon(path);
  const [, listening = ""] = await daemon.shows(/listening=(\S+)/);
  const sign = ["--sign", "standard", "--secret-file", secretFile];
  await mustDo(path, "webhook-add", receiver.url, "--name", "ops", ...sign);
  await emit(path, listening, "gv1");
  await namesAt(receiver, 1);
  const { headers, body } = receiver.requests[0] ?? { headers: new Headers(), body: "" };
  const key = createPublicKey({
    key: { kty: "OKP", crv: "Ed25519", x: toBase64Url(publicKey) },
    format: "jwk",
  });
  const [id, timestamp, signature = ""] = ["id", "timestamp", "signature"].map((name) =>
    headers.get(`webhook-${name}`) ?? ""
  );
  const content = new TextEncoder().encode(`${id}.${timestamp}.${body}`);
  assertMatch(signature, /^v1a,/);
  assert(verify(null, content, key, Uint8Array.fromBase64(signature.slice(4))));
  assertEquals(await mustDo(path, "webhook-secret", "public", "ops"), `whpk_${publicKey}\n`);
});

function toBase64Url(base64: string): string {
  return base64.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

testNeeding(
  ["binary"],
  "webhook-test names a file of a secret that is missing, and what helps",
  async () => {
    await using folder = await makeTempFolder();
    const { path } = folder;
    const options = ["--sign", "standard", "--secret-file", `${path}/none`];
    const test = ["webhook-test", "http://127.0.0.1:1/", ...options, "--local"];
    const { code, stdout } = await runProgram([...test, ...placesIn(path)]);
    assertEquals(code, 3, stdout);
    assertMatch(
      stdout,
      /Cannot read secret-file .*\/none: there is no such file\nhint: .* ls -l .*\/none/,
    );
  },
);

testNeeding(["binary"], "a secret that is typed on a terminal is not shown", async () => {
  await using folder = await makeTempFolder();
  const { path } = folder;
  await mustDo(path, "webhook-add", "http://127.0.0.1:1/", "--name", "ops");
  const words = ["webhook-mod", "ops", "--secret", "-", "--local", ...placesIn(path)];
  const command = [BINARY, ...words].map((word) => `'${word}'`).join(" ");
  await using terminal = new Terminal(command, { env: {}, cwd: path });
  await terminal.shows(/Type the secret and press Enter/);
  await terminal.type("s3crex\x7ft\r");
  await terminal.shows(/Changed the webhook "ops"/);
  assertMatch(await Deno.readTextFile(registryPath(path)), /^secret = "s3cret"$/m);
  assert(!terminal.shown.includes("s3cre"), terminal.shown);
});
