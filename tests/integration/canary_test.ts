/**
 * Secrets in every place where one can stand, every failure that can be provoked, and a search
 * through all that was printed, logged, served and stored.
 *
 * @module
 */
import { ControlClient } from "../../src/api/control_client.ts";
import { assert, assertEquals } from "../support/assert.ts";
import { Canaries } from "../support/canaries.ts";
import { runHere } from "../support/fake_daemon.ts";
import { plantField } from "../support/planted_field.ts";
import { filesThatMayNotHold } from "../support/planted_secrets.ts";
import { makeTempFolder } from "../support/temp_folder.ts";
import { badRegistries, commandLines } from "../support/telltale_commands.ts";
import { startOf, TestDaemon } from "../support/test_daemon.ts";

Deno.test("no secret is printed, logged, served or stored", async () => {
  await using folder = await makeTempFolder();
  const { path } = folder;
  await using field = await plantField(path);
  const { planted, receiver } = field;
  const { canaries, names, registry } = planted;
  await Deno.mkdir(`${path}/events`);
  const registryFile = `${path}/events/webhooks.toml`;
  await Deno.writeTextFile(registryFile, registry, { mode: 0o600 });
  const said: [string, string | Uint8Array][] = [];

  await using daemon = new TestDaemon(path);
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
  const files = await filesThatMayNotHold(path);
  assert(files.some((file) => file.endsWith("spool.db")), files.join(" "));
  for (const file of files) said.push([file, await Deno.readFile(file)]);

  const found = said.flatMap(([where, content]) =>
    canaries.foundIn(content).map((place) => `${place} in ${where}: ${excerpt(content)}`)
  );
  assertEquals(found, []);
});

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
