/**
 * `import-upstream` on real files, next to a daemon that runs.
 */
import { RegistryFile, registryPath } from "../../src/registry/registry_file.ts";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "../support/assert.ts";
import { runHere } from "../support/fake_daemon.ts";
import type { ProgramResult } from "../support/program.ts";
import { makeTempFolder } from "../support/temp_folder.ts";
import { TestDaemon } from "../support/test_daemon.ts";

const WEBHOOKS = JSON.stringify({
  "http://127.0.0.1:9/a": { token: "t0ken-1", secret: "" },
  "http://127.0.0.1:9/b": { token: "", secret: "s3cret-2" },
  "http://localhost:9/c": "t0ken-3",
  "notaurl": { token: "", secret: "" },
});
const CONFIG = '{"log-level": "LOUD", "disable-events-log": true}';

/** Runs the command as on a node whose places are in the folder. */
async function run(folder: string, ...args: string[]): Promise<ProgramResult> {
  const places = ["--workdir", folder, "--socket", `${folder}/sock`];
  return await runHere(["import-upstream", "--local", ...places, ...args]);
}

async function writeFiles(folder: string, webhooks: string, config?: string): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(`${folder}/webhooks.json`, webhooks);
  if (config !== undefined) await Deno.writeTextFile(`${folder}/config.json`, config);
}

async function generationIn(folder: string): Promise<number> {
  return (await new RegistryFile({ path: registryPath(folder) }).read()).generation;
}

Deno.test("upstream's files are taken over at once, and by the daemon; they stay as they are", async () => {
  await using folder = await makeTempFolder();
  const { path } = folder;
  await writeFiles(`${path}/events`, WEBHOOKS, CONFIG);
  await using daemon = new TestDaemon(path);
  await daemon.start();
  const { code, stdout, stderr } = await run(path);
  assertEquals([code, stderr], [0, ""]);
  assertMatch(
    stdout,
    /^taken +http:\/\/127\.0\.0\.1:9\/a +webhook "127\.0\.0\.1", with its token$/m,
  );
  assertMatch(stdout, /^taken +http:\/\/127\.0\.0\.1:9\/b .* signed with its secret \(jwt\)$/m);
  assertMatch(stdout, /^taken +disable-events-log +true$/m);
  assertMatch(stdout, /^left +notaurl +no URL to post to: it has no scheme$/m);
  assertMatch(stdout, /^left +log-level +must be one of .*, not "LOUD"$/m);
  assertStringIncludes(stdout, "Took over 3 webhooks and 1 setting, and left 2.");
  assertStringIncludes(stdout, "The daemon has taken it over.");
  assertEquals(/t0ken|s3cret/.test(stdout), false, stdout);
  const { registry, webhooks } = daemon.daemon.status();
  assertEquals(registry.generation, 1, "all of it is one change");
  assertEquals(webhooks.map(({ name }) => name), ["127.0.0.1", "127.0.0.1-2", "localhost"]);
  const read = await daemon.file.read();
  assertEquals(
    read.webhooks.map(({ bearerToken, signing }) => bearerToken ?? signing),
    ["t0ken-1", { as: "jwt", secret: "s3cret-2" }, "t0ken-3"],
  );
  assertEquals(await Deno.readTextFile(`${path}/events/webhooks.json`), WEBHOOKS);
  assertEquals(await Deno.readTextFile(`${path}/events/config.json`), CONFIG);
});

Deno.test("a second run changes nothing and says so", async () => {
  await using folder = await makeTempFolder();
  const { path } = folder;
  await writeFiles(`${path}/events`, WEBHOOKS);
  assertEquals((await run(path)).code, 0);
  const text = await Deno.readTextFile(registryPath(path));
  const { code, stdout } = await run(path);
  assertEquals(code, 0);
  assertMatch(stdout, /^left +http:\/\/127\.0\.0\.1:9\/a +registered as "127\.0\.0\.1" already$/m);
  assertMatch(stdout, /\/config\.json +not there$/m);
  assertStringIncludes(stdout, "Nothing is new here; nothing was changed.");
  assertEquals(await Deno.readTextFile(registryPath(path)), text);
  const json = JSON.parse((await run(path, "--json")).stdout);
  assertEquals([json.output.changed, json.output.taken, json.output.missing], [
    false,
    [],
    ["config.json"],
  ]);
});

Deno.test("a dry run shows the same and writes nothing", async () => {
  await using folder = await makeTempFolder();
  const { path } = folder;
  await writeFiles(`${path}/backup`, WEBHOOKS, CONFIG);
  const { code, stdout } = await run(path, "--dry-run", "--json", "--from", `${path}/backup`);
  assertEquals(code, 0);
  const { output } = JSON.parse(stdout);
  assertEquals([output.dry_run, output.changed, output.daemon], [true, false, null]);
  assertEquals(output.taken.at(1), {
    kind: "webhook",
    name: "127.0.0.1-2",
    url: "http://127.0.0.1:9/b",
    "bearer-token": null,
    secret: "***",
  });
  assertEquals(await Array.fromAsync(Deno.readDir(path), ({ name }) => name), ["backup"]);
});

Deno.test("a broken or missing file takes nothing over and is named with the place", async () => {
  await using folder = await makeTempFolder();
  const { path } = folder;
  const missing = await run(path);
  assertEquals([missing.code, missing.stdout], [1, ""]);
  assertMatch(missing.stderr, /has neither webhooks\.json nor config\.json\nhint: .*--from DIR/);
  await writeFiles(`${path}/events`, '{}http://S3CRET/": ""}', CONFIG);
  const broken = await run(path);
  assertEquals([broken.code, broken.stdout], [1, ""]);
  assertMatch(broken.stderr, /^error: Cannot read .*\/events\/webhooks\.json: line 1, column 3: /);
  assert(!broken.stderr.includes("S3CRET"), broken.stderr);
  await writeFiles(`${path}/events`, WEBHOOKS, '{"port": }');
  assertMatch((await run(path)).stderr, /\/events\/config\.json: line 1, column 10: /);
  assertEquals(await generationIn(path), 0);
});
