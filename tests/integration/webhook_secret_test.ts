/**
 * `webhook-secret`, and how a secret is given to a webhook and changed.
 *
 * @module
 */
import { readRegistry } from "../../src/registry/read_registry.ts";
import { registryPath } from "../../src/registry/registry_file.ts";
import type { Signing } from "../../src/registry/schema.ts";
import { readStandardSecret } from "../../src/registry/standard_secret.ts";
import { assert, assertEquals, assertMatch } from "../support/assert.ts";
import { runHere } from "../support/fake_daemon.ts";
import type { ProgramResult } from "../support/program.ts";
import { PRIVATE_KEY, PUBLIC_KEY, S1, S2 } from "../support/standard_vectors.ts";
import { makeTempFolder } from "../support/temp_folder.ts";

async function run(folder: string, ...args: string[]): Promise<ProgramResult> {
  const places = ["--workdir", folder, "--state-dir", `${folder}/state`, "--socket", `${folder}/s`];
  return await runHere([...args, "--local", ...places]);
}

async function mustRun(folder: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await run(folder, ...args);
  assertEquals([code, stderr], [0, ""]);
  return stdout;
}

async function signingIn(folder: string): Promise<Signing | undefined> {
  const text = await Deno.readTextFile(registryPath(folder));
  return readRegistry(text, "f").webhooks[0]?.signing;
}

Deno.test("a new secret is good, and a private key comes with its public key", async () => {
  await using folder = await makeTempFolder();
  const secret = (await mustRun(folder.path, "webhook-secret", "new")).trim();
  assert("secret" in readStandardSecret(secret), secret);
  const json = await mustRun(folder.path, "webhook-secret", "new", "--asymmetric", "--json");
  const { output } = JSON.parse(json);
  assertMatch(output.public_key, /^whpk_/);
  const text = await mustRun(folder.path, "webhook-secret", "new", "--asymmetric");
  assertMatch(text, /^whsk_[^\n]{88}\nwhpk_[^\n]{44}\n$/);
  await mustRun(folder.path, "webhook-add", "http://ops/", "-s", output.secret, "--sign=standard");
  const shown = await mustRun(folder.path, "webhook-secret", "public", "ops");
  assertEquals(shown, `${output.public_key}\n`);
});

Deno.test("the public key of a file's key is shown, and a shared secret has none", async () => {
  await using folder = await makeTempFolder();
  const { path } = folder;
  await Deno.writeTextFile(`${path}/key`, `${PRIVATE_KEY}\n${S1}\n`);
  const options = ["--sign", "standard", "--secret-file", `${path}/key`];
  await mustRun(path, "webhook-add", "http://ops/", ...options);
  assertEquals(await mustRun(path, "webhook-secret", "public", "ops"), `${PUBLIC_KEY}\n`);
  await mustRun(path, "webhook-mod", "ops", "--secret", S1);
  const { code, stderr } = await run(path, "webhook-secret", "public", "ops");
  assertEquals(code, 1);
  assertMatch(stderr, /^error: The webhook "ops" has no public key.*\nhint: make one: /);
});

Deno.test("a secret is written to a new file for its owner only, and not shown", async () => {
  await using folder = await makeTempFolder();
  const path = `${folder.path}/ops.secret`;
  const said = await mustRun(folder.path, "webhook-secret", "new", "--output", path);
  assertEquals(said.split("\n")[0], `Wrote the secret to ${path}.`);
  assert(said.endsWith(`webhook-mod URL|NAME --sign standard --secret-file ${path}\n`), said);
  const [secret = "", ...rest] = (await Deno.readTextFile(path)).split("\n");
  assert("secret" in readStandardSecret(secret), secret);
  assertEquals([rest, ((await Deno.stat(path)).mode ?? 0) & 0o777], [[""], 0o600]);
  const { code, stderr } = await run(folder.path, "webhook-secret", "new", "--output", path);
  assertEquals(code, 1);
  assertMatch(
    stderr,
    /^error: Cannot write .*: it exists already\nhint: a secret is never overwritten: /,
  );
  assertEquals(await Deno.readTextFile(path), `${secret}\n`);
});

Deno.test("what webhook-secret does not know is refused, and not repeated", async () => {
  await using folder = await makeTempFolder();
  for (const words of [[], [S1], ["new", S1], ["public"], ["public", "ops", "--asymmetric"]]) {
    const { code, stderr } = await run(folder.path, "webhook-secret", ...words);
    assertEquals(code, 64, words.join(" "));
    assert(!stderr.includes(S1), stderr);
  }
});

Deno.test("a secret is changed while the former one signs too, and a second time drops nothing", async () => {
  await using folder = await makeTempFolder();
  const { path } = folder;
  await mustRun(path, "webhook-add", "http://ops/", "--sign", "standard", "--secret", S1);
  const rotate = ["webhook-mod", "ops", "--secret", S2, "--keep-old", "24h"];
  const beforeMs = Date.now();
  const said = await mustRun(path, ...rotate);
  assertMatch(said, /signed with the former secret too until \d{4}-.*Z\.\n/);
  const signing = await signingIn(path);
  const { secret, untilMs = 0 } = signing?.oldSecret ?? {};
  assertEquals([signing?.secret, secret], [S2, S1]);
  assert(untilMs >= beforeMs + 86_400_000 && untilMs <= Date.now() + 86_400_000, String(untilMs));
  assertMatch(await mustRun(path, ...rotate), /is so already/);
  assertEquals(await signingIn(path), signing);
  const shown = await mustRun(path, "webhook-show", "ops");
  assert(!shown.includes(S1) && !shown.includes(S2), shown);
  await mustRun(path, "webhook-mod", "ops", "--secret", S1);
  assertEquals(await signingIn(path), { as: "standard", secret: S1 });
});

Deno.test("what is wrong with a secret is said at once, without showing it", async () => {
  await using folder = await makeTempFolder();
  const { path } = folder;
  await mustRun(path, "webhook-add", "http://ops/", "--secret", "S3CRET");
  const cases: readonly (readonly [string[], number, RegExp])[] = [
    [["--sign", "standard"], 7, /secret must be whsec_ .*: gluster-eventing webhook-secret new/],
    [["--secret", "NEW-S3CRET", "--keep-old", "1h"], 64, /carries one token only/],
    [["--keep-old", "1h"], 64, /no new one is given/],
    [["--secret", "NEW-S3CRET", "--keep-old", "soon"], 7, /keep-old must be a duration/],
  ];
  for (const [options, code, pattern] of cases) {
    const end = await run(path, "webhook-mod", "ops", ...options);
    assertEquals(end.code, code, end.stderr);
    assertMatch(end.stderr, pattern);
    assert(!end.stderr.includes("S3CRET"), end.stderr);
  }
  assertEquals(await signingIn(path), { as: "jwt", secret: "S3CRET" });
});

Deno.test("who asks for Standard Webhooks and has no secret is given one, once", async () => {
  await using folder = await makeTempFolder();
  const { path } = folder;
  const secretIn = (said: string) => /receiver has to know: (whsec_\S+)\n/.exec(said)?.[1];
  const added = await mustRun(path, "webhook-add", "http://ops/", "--sign", "standard");
  const made = secretIn(added);
  assert(made !== undefined && "secret" in readStandardSecret(made), added);
  assertEquals(await signingIn(path), { as: "standard", secret: made });
  const again = await mustRun(path, "webhook-mod", "ops", "--sign", "standard");
  assertEquals([secretIn(again), again.includes("is so already")], [undefined, true]);
  await mustRun(path, "webhook-mod", "ops", "--secret", "");
  const { output } = JSON.parse(
    await mustRun(path, "webhook-mod", "ops", "--sign", "standard", "--json"),
  );
  assertEquals(await signingIn(path), { as: "standard", secret: output.secret });
  assert(output.secret !== made, "two secrets are two");
});
