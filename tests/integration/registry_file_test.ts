import { addWebhook, modifyWebhook, setConfig } from "../../src/registry/changes.ts";
import {
  ForeignRegistryError,
  InvalidRegistryError,
  InvalidValueError,
  RegistryAccessError,
} from "../../src/registry/errors.ts";
import { RegistryFile } from "../../src/registry/registry_file.ts";
import { replaceFile } from "../../src/registry/replace_file.ts";
import type { Registry } from "../../src/registry/schema.ts";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "../support/assert.ts";
import { makeTempFolder, type TempFolder } from "../support/temp_folder.ts";
import { until } from "../support/until.ts";

function fileIn({ path }: TempFolder, options: { lockWaitMs?: number } = {}): RegistryFile {
  return new RegistryFile({ path: `${path}/events/webhooks.toml`, ...options });
}

/** Writes a registry by hand. */
async function write(file: RegistryFile, content: string | Uint8Array): Promise<void> {
  await Deno.mkdir(file.path.replace(/\/[^/]*$/, ""), { recursive: true });
  await Deno.writeFile(
    file.path,
    typeof content === "string" ? new TextEncoder().encode(content) : content,
  );
}

/** Whatever would show that the file was written: its inode and what is in it. */
async function look({ path }: RegistryFile): Promise<unknown> {
  const { ino, mode, mtime } = await Deno.stat(path);
  return { ino, mode, mtime, bytes: [...await Deno.readFile(path)] };
}

const CHANGES = 40;

/** A registry that grew out of nothing that is known. */
const alone = (text: string) => ({ text, ancestors: [] });
const setPort = (text: string) => () => setConfig("port", text);
const addA = (registry: Registry) => addWebhook(registry, "http://a/", {});

Deno.test("without a file the defaults count, and reading makes no file", async () => {
  await using folder = await makeTempFolder();
  const registry = await fileIn(folder).read();
  assertEquals([registry.generation, registry.webhooks, registry.config.port], [0, [], 55555]);
  assertEquals(await Array.fromAsync(Deno.readDir(folder.path)), []);
});

Deno.test("the first change makes a file of mode 0600 that says what it is", async () => {
  await using folder = await makeTempFolder();
  const file = fileIn(folder);
  const changed = await file.change(addA);
  assertEquals(changed.webhooks.map(({ name }) => name), ["a"]);
  assertEquals(await file.read(), changed);
  const { mode } = await Deno.stat(file.path);
  assertEquals((mode ?? 0) & 0o7777, 0o600);
  assertStringIncludes(await Deno.readTextFile(file.path), "# The webhooks and shared settings");
});

Deno.test("a first change with values that do not fit together makes no file and no folder", async () => {
  await using folder = await makeTempFolder();
  const add = (registry: Registry) => addWebhook(registry, "http://a/", { concurrency: 2 });
  const error = await assertRejects(() => fileIn(folder).change(add), InvalidValueError);
  assert(error.message.startsWith("concurrency must be 1, not 2"), error.message);
  assertEquals(await Array.fromAsync(Deno.readDir(folder.path)), []);
});

Deno.test("every change raises the generation by one", async () => {
  await using folder = await makeTempFolder();
  const file = fileIn(folder);
  const generations = [];
  for (const port of ["1", "2", "3"]) {
    generations.push((await file.change(setPort(port))).generation);
  }
  await write(file, "[config]\n");
  generations.push((await file.change(setPort("4"))).generation);
  await write(file, "generation = 41 # by hand\n");
  generations.push((await file.change(setPort("5"))).generation);
  assertEquals(generations, [1, 2, 3, 1, 42]);
  assertStringIncludes(await Deno.readTextFile(file.path), "generation = 42 # by hand\n");
});

Deno.test("a change that changes nothing leaves the file alone", async () => {
  await using folder = await makeTempFolder();
  const file = fileIn(folder);
  await write(file, "[config]\nport = 1\n[[webhook]]\nname = 'a'\nurl = 'http://a/'\n");
  const before = await look(file);
  await file.change(() => []);
  await file.change(setPort("1"));
  await file.change((registry) => modifyWebhook(registry, "a", { name: "a", timeout: undefined }));
  assertEquals(await look(file), before);
});

Deno.test("a file that others may read is theirs no longer after a change", async () => {
  await using folder = await makeTempFolder();
  const file = fileIn(folder);
  await write(file, "");
  await Deno.chmod(file.path, 0o644);
  await file.change(setPort("1"));
  assertEquals(((await Deno.stat(file.path)).mode ?? 0) & 0o7777, 0o600);
});

const FAILING: readonly (readonly [
  what: string,
  text: string | Uint8Array,
  decide: Parameters<RegistryFile["change"]>[0],
  error: abstract new (...args: never[]) => Error,
  message: string,
])[] = [
  ["a value that is not allowed", "# c\n", setPort("0"), InvalidValueError, "not 0"],
  [
    "values that do not fit together",
    "[config]\nretry-max = '1s'\n",
    () => setConfig("retry-min", "2s"),
    InvalidValueError,
    "retry-min is 2s",
  ],
  [
    "values that do not fit together in a webhook, and names it",
    "[[webhook]]\nname = 'a'\nurl = 'http://a/'\nretry-max = '1m'\n",
    () => setConfig("retry-min", "2m"),
    InvalidValueError,
    'webhook "a": retry-min must not be longer than retry-max, but the shared retry-min is 2m',
  ],
  [
    "requests side by side in order",
    "[[webhook]]\nname = 'a'\nurl = 'http://a/'\n",
    (registry) => modifyWebhook(registry, "a", { concurrency: 2 }),
    InvalidValueError,
    'webhook "a": concurrency must be 1, not 2',
  ],
  [
    "order where requests are side by side",
    "[[webhook]]\nname = 'a'\nurl = 'http://a/'\norder = 'none'\nconcurrency = 2\n",
    (registry) => modifyWebhook(registry, "a", { order: undefined }),
    InvalidValueError,
    'webhook "a": concurrency must be 1, not 2',
  ],
  ["a file that is not valid", "port = 1\n", setPort("1"), InvalidRegistryError, "line 1, port"],
  ["a file that is no TOML", "# c\n[config\n", setPort("1"), InvalidRegistryError, "line 2"],
  [
    "a file that is no UTF-8",
    new Uint8Array([..."# ok\n# M"].map((char) => char.charCodeAt(0)).concat(0xfc, 0x0a)),
    setPort("1"),
    InvalidRegistryError,
    "line 2: not UTF-8",
  ],
  ["a layout of its own", "config = {}\n", setPort("1"), RegistryAccessError, "Cannot edit"],
];

for (const [what, text, decide, kind, message] of FAILING) {
  Deno.test(`a change that fails for ${what} writes nothing`, async () => {
    await using folder = await makeTempFolder();
    const file = fileIn(folder);
    await write(file, text);
    const before = await look(file);
    await assertRejects(() => file.change(decide), kind, message);
    assertEquals(await look(file), before);
    const names = (await Array.fromAsync(Deno.readDir(`${folder.path}/events`)))
      .map(({ name }) => name).filter((name) => name !== ".webhooks.toml.lock");
    assertEquals(names, ["webhooks.toml"]);
  });
}

Deno.test("a registry below a regular file can be neither read nor changed", async () => {
  await using folder = await makeTempFolder();
  await Deno.writeTextFile(`${folder.path}/events`, "a file");
  const file = fileIn(folder);
  for (const attempt of [() => file.read(), () => file.change(addA)]) {
    const error = await assertRejects(attempt, RegistryAccessError, file.path);
    assert(error.hint !== "");
  }
  assertEquals(await Deno.readTextFile(`${folder.path}/events`), "a file");
});

Deno.test("something that is no regular file is refused and not waited for", async () => {
  await using folder = await makeTempFolder();
  const file = fileIn(folder);
  await Deno.mkdir(`${folder.path}/events`);
  const { success } = await new Deno.Command("mkfifo", { args: [file.path] }).output();
  assertEquals(success, true);
  await assertRejects(() => file.read(), RegistryAccessError, "no regular file");
});

Deno.test("what a crash left half written is no obstacle", async () => {
  await using folder = await makeTempFolder();
  const file = fileIn(folder);
  const precious = `${folder.path}/precious`;
  await Deno.writeTextFile(precious, "precious");
  await write(file, "# c\n");
  const left = `${folder.path}/events/.webhooks.toml.new`;
  await Deno.writeTextFile(left, "[[webho", { mode: 0o400 });
  await file.change(setPort("1"));
  await Deno.symlink(precious, left);
  await file.change(setPort("2"));
  assertEquals((await file.read()).config.port, 2);
  assertEquals(await Deno.readTextFile(precious), "precious");
});

Deno.test("a change waits for the lock, and says so when it has waited too long", async () => {
  await using folder = await makeTempFolder();
  await write(fileIn(folder), "# c\n");
  const waiting: Promise<Registry>[] = [];
  {
    using lock = await Deno.open(`${folder.path}/events/.webhooks.toml.lock`, {
      create: true,
      write: true,
    });
    await lock.lock(true);
    const impatient = fileIn(folder, { lockWaitMs: 50 });
    const error = await assertRejects(() => impatient.change(addA), RegistryAccessError, "lock");
    assertStringIncludes(error.hint, ".webhooks.toml.lock");
    waiting.push(fileIn(folder).change(addA));
    // Who only reads does not wait.
    assertEquals((await fileIn(folder).read()).generation, 0);
  }
  assertEquals((await Promise.all(waiting)).map(({ generation }) => generation), [1]);
});

Deno.test("changes at the same time all count, and a reader meets no half of one", async () => {
  await using folder = await makeTempFolder();
  const seen: number[] = [];
  const reading = until("all changes are there", async () => {
    const { generation } = await fileIn(folder).read();
    seen.push(generation);
    return generation === CHANGES;
  }, { seen: () => seen });
  const changes = Array.from(
    { length: CHANGES },
    (_, number) =>
      fileIn(folder).change((registry) => addWebhook(registry, `http://a/${number}`, {})),
  );
  await Promise.all([reading, ...changes]);
  assertEquals(seen, seen.toSorted((a, b) => a - b));
  const { webhooks } = await fileIn(folder).read();
  assertEquals(new Set(webhooks.map(({ url }) => url)).size, CHANGES);
  assertEquals(new Set(webhooks.map(({ name }) => name)).size, CHANGES);
});

Deno.test("a record that is damaged counts as none", async () => {
  await using folder = await makeTempFolder();
  const file = fileIn(folder);
  await file.change(addA);
  for (
    const text of ["", "null", "1", "{", '{"generation":1}', '{"generation":1,"checksums":"x"}']
  ) {
    await Deno.writeTextFile(`${folder.path}/events/.webhooks.toml.record`, text);
    assertEquals((await file.state()).byHand, true, text);
  }
});

Deno.test("a record that cannot be read is told of as a matter of the registry", async () => {
  await using folder = await makeTempFolder();
  const file = fileIn(folder);
  await file.change(addA);
  await Deno.remove(`${folder.path}/events/.webhooks.toml.record`);
  await Deno.mkdir(`${folder.path}/events/.webhooks.toml.record`);
  await assertRejects(() => file.state(), RegistryAccessError, "Is a directory");
});

Deno.test("what no file holds can be confirmed, which makes no file", async () => {
  await using folder = await makeTempFolder();
  const file = fileIn(folder);
  await file.confirm("");
  assertEquals(await Array.fromAsync(Deno.readDir(folder.path)), []);
});

Deno.test("a change waits to be confirmed by its checksum, and a shared one only", async () => {
  await using folder = await makeTempFolder();
  const file = fileIn(folder);
  assertEquals(await file.isConfirmed(), true, "without a file");
  await file.change(addA);
  assertEquals(await file.isConfirmed(), true, "of this node alone");
  await file.change(setPort("24009"), { isShared: true });
  assertEquals(await file.isConfirmed(), false);
  await file.confirm("another");
  assertEquals(await file.isConfirmed(), false);
  await file.confirm((await file.state()).checksum);
  assertEquals(await file.isConfirmed(), true);
});

Deno.test("a newer registry is taken, an older or the same one is not", async () => {
  await using folder = await makeTempFolder();
  const file = fileIn(folder);
  await file.change(addA);
  const old = await file.copy();
  await file.change(setPort("24009"));
  const newer = await file.copy();
  assertEquals((await file.take(old)).taken, false);
  assertEquals((await file.take(newer)).taken, false);
  const text = newer.text.replace("generation = 2", "generation = 7");
  const { taken, state } = await file.take({ ...newer, text });
  assertEquals([taken, state.generation, state.byHand], [true, 7, false]);
  assertEquals((await file.state()).byHand, false);
});

Deno.test("a registry that only another version can read is not taken, and nobody's fault", async () => {
  await using folder = await makeTempFolder();
  const file = fileIn(folder);
  await file.change(addA);
  const before = await file.copy();
  const text = "generation = 7\n[config]\nfrom-the-future = 1\n";
  const take = () => file.take({ text, ancestors: [] });
  const { message, hint } = await assertRejects(take, ForeignRegistryError);
  assertStringIncludes(message, "line 3, config.from-the-future: unknown key");
  assertEquals(hint, "install the same version on all nodes");
  assertEquals(await file.copy(), before);
});

Deno.test("what the one that is taken grew out of is not kept, all else is", async () => {
  await using folder = await makeTempFolder();
  const file = fileIn(folder);
  await file.change(addA);
  const old = await file.copy();
  await using elsewhere = await makeTempFolder();
  const ahead = fileIn(elsewhere);
  await ahead.take(old);
  await ahead.change(setPort("24009"));
  await ahead.change(setPort("24010"));
  const newer = await ahead.copy();
  assertEquals((await file.take(newer)).keptAs, undefined);
  const { keptAs = "" } = await file.take({ text: "generation = 9\n", ancestors: old.ancestors });
  assertEquals(await Deno.readTextFile(keptAs), newer.text);
});

Deno.test("a registry with problems is not taken, and what was there stays", async () => {
  await using folder = await makeTempFolder();
  const file = fileIn(folder);
  await file.change(addA);
  const before = await look(file);
  await assertRejects(
    () => file.take(alone("generation = 9\nunknown = 1\n")),
    ForeignRegistryError,
  );
  assertEquals(await look(file), before);
});

Deno.test("what was edited by hand is kept with mode 0600 when a newer one is taken", async () => {
  await using folder = await makeTempFolder();
  const file = fileIn(folder);
  await file.change(addA);
  await write(file, `# mine\n${(await file.copy()).text}`);
  await Deno.chmod(file.path, 0o644);
  const { keptAs = "" } = await file.take(alone("generation = 7\n"));
  assertStringIncludes(await Deno.readTextFile(keptAs), "# mine\n");
  assertEquals(((await Deno.stat(keptAs)).mode ?? 0) & 0o777, 0o600);
});

Deno.test("a file that is about to be mended has the generation that it had", async () => {
  await using folder = await makeTempFolder();
  const file = fileIn(folder);
  await file.change(addA);
  await write(file, "generation = \n");
  const { generation, byHand } = await file.state();
  assertEquals([generation, byHand], [1, true]);
  assertEquals((await file.take(alone("generation = 1\n"))).taken, false);
});

Deno.test("a generation that cannot be raised is refused, and changes nothing", async () => {
  await using folder = await makeTempFolder();
  const file = fileIn(folder);
  for (const generation of [Number.MAX_SAFE_INTEGER, "1e300"]) {
    await write(file, `generation = ${generation}\n`);
    const before = await look(file);
    await assertRejects(() => file.change(addA), Error, "generation");
    assertEquals(await look(file), before);
  }
});

Deno.test("a write that fails leaves no part of a file behind", async () => {
  await using folder = await makeTempFolder();
  const file = fileIn(folder);
  await Deno.mkdir(`${file.path}/full`, { recursive: true });
  const replacement = { path: file.path, temporaryName: ".webhooks.toml.new", text: "x" };
  await assertRejects(() => replaceFile(replacement), Error);
  const names = await Array.fromAsync(Deno.readDir(`${folder.path}/events`));
  assertEquals(names.map(({ name }) => name), ["webhooks.toml"]);
});
