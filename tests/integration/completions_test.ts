/**
 * The completion scripts in real shells, on a terminal: keys are typed, and what the program is run
 * with in the end is compared.
 *
 * @module
 */
import type { CommandSpec } from "../../src/cli/command.ts";
import { COMMANDS, SHARED_OPTIONS } from "../../src/cli/command_table.ts";
import { renderCompletions } from "../../src/cli/completions.ts";
import { type Shell, SHELLS } from "../../src/cli/shells.ts";
import { spellingsOf } from "../../src/cli/value_source.ts";
import { assert, assertEquals } from "../support/assert.ts";
import { CompletionShell, runShell } from "../support/completion_shells.ts";
import { type Requirement, testNeeding } from "../support/requirements.ts";

const NEEDS: Readonly<Record<Shell, readonly Requirement[]>> = {
  bash: [],
  zsh: ["zsh"],
  fish: ["fish"],
};

/** Keys behind the program's name, and the words that must come of them. */
const TYPED: readonly (readonly [keys: string, words: string])[] = [
  ["webhook-sh\tops", "<webhook-show><ops>"],
  ["hel\tconfig-ge\t", "<help><config-get>"],
  ["--vers\t", "<--version>"],
  ["webhook-mod ba\t--batch 3", "<webhook-mod><backup><--batch><3>"],
  ["webhook-add http://u:80/x --order=v\t", "<webhook-add><http://u:80/x><--order=volume>"],
  ["webhook-add http://u:80/x --order vo\t", "<webhook-add><http://u:80/x><--order><volume>"],
  ["webhook-mod -t x op\t", "<webhook-mod><-t><x><ops>"],
  ["webhook-mod --bearer_token y op\t", "<webhook-mod><--bearer_token><y><ops>"],
  ["webhook-del --workdir=here --work\t", "<webhook-del><--workdir=here><--workdir>"],
  ["config-get --name spo\t", "<config-get><--name><spool-max-size>"],
  ["config-set --json log-level WA\t", "<config-set><--json><log-level><WARNING>"],
  ["config-set disable-events-log f\t", "<config-set><disable-events-log><false>"],
  ["config-reset al\t", "<config-reset><all>"],
  ["history --severity cri\t", "<history><--severity><critical>"],
  ["history --events VOLUME_STOP,PEER_AT\t", "<history><--events><VOLUME_STOP,PEER_ATTACH>"],
  ["history --events group:VOL\t", "<history><--events><group:VOLUME>"],
  ["history --events=group:VOL\t", "<history><--events=group:VOLUME>"],
  ["history --events '!PEER_AT\t", "<history><--events><!PEER_ATTACH>"],
  ["history --group BITR\t", "<history><--group><BITROT>"],
  ["attempts --failed op\t", "<attempts><--failed><ops>"],
  ["attempts -- op\t", "<attempts><--><ops>"],
  [
    "webhook-show op\t --explain BRICK_DISC\tpeer=x",
    "<webhook-show><ops><--explain><BRICK_DISCONNECTED><peer=x>",
  ],
  ["emit BRICK_DISC\tpeer=x", "<emit><BRICK_DISCONNECTED><peer=x>"],
  ["run --socket data.\t", "<run><--socket><data.txt>"],
  ["run --socket=data.\t", "<run><--socket=data.txt>"],
  ["serve-test-hook --output data.\t", "<serve-test-hook><--output><data.txt>"],
  ["completions fi\t", "<completions><fish>"],
  // What nobody can know is left as it is, and what is no command is not shown.
  ["webhook-add dat\t", "<webhook-add><dat>"],
  ["webhook-add u --bearer-token dat\t", "<webhook-add><u><--bearer-token><dat>"],
  ["complete-we\t", "<complete-we>"],
  ["no-such-command dat\t", "<no-such-command><dat>"],
];

const HOSTILE_TEXT = 'it\'s "quoted" $(touch hurt) `touch hurt` [x] (y) a:b \\ %s {z} ; & * ? ! é';
const HOSTILE: CommandSpec = {
  name: "hostile",
  section: "About",
  summary: HOSTILE_TEXT,
  operands: [{ name: HOSTILE_TEXT, choices: ["first"], help: HOSTILE_TEXT }],
  options: [
    { name: "text", value: HOSTILE_TEXT, choices: ["alpha", HOSTILE_TEXT], help: HOSTILE_TEXT },
    { name: "switch", short: "s", help: HOSTILE_TEXT },
  ],
  examples: [],
  load: () => Promise.reject(new Error("not loaded in this test")),
};

for (const shell of SHELLS) {
  testNeeding(NEEDS[shell], `${shell} completes what is typed`, async () => {
    await using terminal = await CompletionShell.start(shell, COMMANDS, SHARED_OPTIONS);
    for (const [keys, words] of TYPED) {
      assertEquals(await terminal.run(`gluster-eventing ${keys}`), words, keys);
    }
    assertEquals(await terminal.run("./gluster-eventing config-rese\tall"), "<config-reset><all>");
    const names = "gluster-eventing webhook-show --workdir ./data-f\t";
    // zsh takes the slash away again at the end of a word.
    const folder = shell === "zsh" ? "./data-folder" : "./data-folder/";
    assertEquals(await terminal.run(names), `<webhook-show><--workdir><${folder}>`);
  });

  testNeeding(NEEDS[shell], `${shell} lists what is possible`, async () => {
    await using terminal = await CompletionShell.start(shell, COMMANDS, SHARED_OPTIONS);
    await terminal.lists("gluster-eventing webhook-add u --order \t\t", ["fifo", "volume", "none"]);
  });

  testNeeding(NEEDS[shell], `${shell} reads the script, whatever stands in help`, async () => {
    for (const commands of [COMMANDS, [HOSTILE]]) {
      const script = renderCompletions(shell, commands, SHARED_OPTIONS);
      const { code, stderr } = await new Deno.Command(shell, {
        args: ["-n", "-c", script],
        stdin: "null",
      }).output();
      assertEquals([code, new TextDecoder().decode(stderr)], [0, ""]);
    }
    await using terminal = await CompletionShell.start(shell, [HOSTILE], SHARED_OPTIONS);
    const keys = "gluster-eventing hostile --sw\t --text al\t fi\t";
    const words = (await terminal.run(keys)).replace("<--text=", "<--text><");
    assertEquals(words, "<hostile><--switch><--text><alpha><first>");
    await terminal.lists("gluster-eventing h\t\t", ["help", "hostile"]);
    const names = (await Array.fromAsync(Deno.readDir(terminal.path))).map(({ name }) => name);
    assert(!names.includes("hurt"), "what stands in help was run");
  });
}

Deno.test("bash knows every option of every command", async () => {
  const script = renderCompletions("bash", COMMANDS, SHARED_OPTIONS);
  for (const { name, options, hidden } of COMMANDS) {
    const line = `gluster-eventing ${name} --`;
    const lines = await runShell(
      "bash",
      `${script}
COMP_LINE='${line}' COMP_POINT=${line.length} COMP_WORDS=(gluster-eventing ${name} --) COMP_CWORD=2
_gluster_eventing
printf '%s\\n' "\${COMPREPLY[@]}"`,
    );
    const wanted = [...options, ...SHARED_OPTIONS].map((option) => `--${option.name}`);
    assertEquals(lines, hidden === true ? [""] : wanted, name);
  }
});

testNeeding(["fish"], "fish knows every option of every command", async () => {
  const script = renderCompletions("fish", COMMANDS, SHARED_OPTIONS);
  const shown = COMMANDS.filter(({ hidden }) => hidden !== true);
  const asks = shown.map(({ name }) =>
    `echo "= ${name}"; complete -C 'gluster-eventing ${name} -'`
  );
  const lines = await runShell("fish", `${script}\n${asks.join("\n")}`);
  const words = lines.map((line) => line.split("\t")[0] ?? "");
  for (const { name, options } of shown) {
    const start = words.indexOf(`= ${name}`) + 1;
    const end = words.findIndex((word, at) => at >= start && word.startsWith("= "));
    const found = new Set(words.slice(start, end === -1 ? undefined : end));
    for (const option of [...options, ...SHARED_OPTIONS]) {
      const [long = ""] = spellingsOf(option);
      assert(found.has(long) || found.has(`${long}=`), `${name} ${long}: ${[...found].join(" ")}`);
    }
  }
});

testNeeding(["zsh"], "zsh knows every option of every command", () => {
  const script = renderCompletions("zsh", COMMANDS, SHARED_OPTIONS);
  for (const { name, options, hidden } of COMMANDS) {
    const part = script.split(`\n    (${name})\n`)[1]?.split(";;")[0];
    assertEquals(part === undefined, hidden === true, name);
    for (const option of hidden === true ? [] : [...options, ...SHARED_OPTIONS]) {
      for (const word of spellingsOf(option)) assert(part?.includes(word), `${name} ${word}`);
    }
  }
});
