/**
 * The compiled program with secrets in every place, as `tests/integration/canary_test.ts` has it in
 * one process.
 *
 * @module
 */
import { assert, assertEquals } from "../support/assert.ts";
import { command, startDaemon, statusOf } from "../support/local_node.ts";
import { plantField } from "../support/planted_field.ts";
import { filesThatMayNotHold } from "../support/planted_secrets.ts";
import { testNeeding } from "../support/requirements.ts";
import { commandLines } from "../support/telltale_commands.ts";
import { makeTempFolder } from "../support/temp_folder.ts";
import { until } from "../support/until.ts";

testNeeding(["binary"], "no secret is printed, logged or stored by the program", async () => {
  await using folder = await makeTempFolder();
  const { path } = folder;
  await using field = await plantField(path);
  const { planted, receiver } = field;
  const { canaries, names, registry } = planted;
  await Deno.mkdir(`${path}/events`);
  await Deno.writeTextFile(`${path}/events/webhooks.toml`, registry, { mode: 0o600 });
  await using daemon = await startDaemon(path);
  const [, listening = ""] = await daemon.shows(/listening=(\S+)/);
  const event = ["emit", "VOLUME_START", "name=gv1", "--to", listening];
  assertEquals((await command(path, ...event)).code, 0);
  await until("each webhook was tried", async () => {
    const { webhooks } = await statusOf(path);
    return webhooks.filter(({ delivered, dead, failure, pause }) =>
      delivered + dead > 0 || failure !== null || pause !== null
    ).length === names.length;
  });
  const said: [string, string | Uint8Array][] = [];
  for (const words of aFewOf(commandLines(planted, receiver.url))) {
    const { stdout, stderr } = await command(path, ...words);
    assert(!stderr.includes("Unexpected"), stderr);
    said.push([words.slice(0, 2).join(" "), stdout + stderr]);
  }
  daemon.kill("SIGTERM");
  await daemon.ended();
  said.push(["the daemon", daemon.stdout + daemon.stderr]);
  for (const file of await filesThatMayNotHold(path)) said.push([file, await Deno.readFile(file)]);
  const found = said.flatMap(([where, content]) =>
    canaries.foundIn(content).map((place) => `${place} in ${where}`)
  );
  assertEquals(found, []);
});

/** Each command once, and tests of what fails in different ways: a process takes its time. */
function aFewOf(lines: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const tested = new Set(["files-401", "tls", "badfile", "refused"]);
  const seen = new Set<string>();
  return lines.filter(([name = "", which = ""]) => {
    const isNew = !seen.has(name);
    seen.add(name);
    return isNew || (name === "webhook-test" && tested.delete(which));
  });
}
