/**
 * Upstream's own `gluster-eventsapi` beside ours, on a node with a real glusterd.
 *
 * @module
 */
import { assertEquals } from "../support/assert.ts";
import { BINARY, testNeeding } from "../support/requirements.ts";
import { mustFind } from "../support/installed.ts";
import { type ProgramResult, runProgram } from "../support/program.ts";
import { makeTempFolder } from "../support/temp_folder.ts";
import { GlusterNode } from "./gluster_node.ts";

const NEEDED = ["binary", "root", "gluster", "gluster-eventsapi", "namespaces"] as const;

const URL = "http://127.0.0.1:9/hook";
/** Words of which no shell is to make anything; a blank stands between two. */
const SAME: readonly string[] = [
  "",
  "sync",
  `webhook-add ${URL} --bearer_token=T`,
  `webhook-add ${URL}`,
  `webhook-mod ${URL} -t T2`,
  "webhook-mod http://127.0.0.1:9/other --json",
  "webhook-del http://127.0.0.1:9/other",
  "config-get",
  "config-get --name port --json",
  "config-get --name x",
  "config-set log-level ERROR",
  "config-set log-level ERROR --json",
  "config-set disable-events-log on --json",
  "config-get --json",
  "config-reset log-level",
  "config-reset log-level --json",
  "config-reset all",
  `webhook-del ${URL} --json`,
  `webhook-del ${URL}`,
];

/** Said on standard error, below a usage that names other commands. */
const WRONG: readonly string[] = [
  "webhook-add",
  "webhook-add a b",
  "webhook-add a -t",
  "webhook-add a -t -x",
  "webhook-add a --json=3",
  "webhook-add -- -- x",
  "webhook-add a --=x",
  "config-set a",
  "config-set",
  "status x y --z",
  "status -- x",
  "status --",
  "sync --bearer_token=3",
  "--json status",
  "--json",
  "--",
  "-x",
];

/** The words behind the name of the command. */
function wordsOf(line: string): string[] {
  return line.split(" ").filter((word) => word !== "");
}

testNeeding(NEEDED, "upstream's command and ours print the same and end the same", async () => {
  await using node = await GlusterNode.make();
  await node.startGlusterd();
  const link = `${node.folder}/gluster-eventsapi`;
  await Deno.symlink(BINARY, link);
  for (const line of SAME) {
    // Each keeps what it is told in files of its own.
    const theirs = await node.run(["gluster-eventsapi", ...wordsOf(line)]);
    const ours = await node.run([link, ...wordsOf(line)]);
    assertEquals(ours, theirs, `gluster-eventsapi ${line}`);
  }
});

testNeeding(
  ["binary", "gluster-eventsapi"],
  "what makes no sense is refused by both in the same words",
  async () => {
    await using folder = await makeTempFolder();
    const { path } = folder;
    await Deno.symlink(BINARY, `${path}/gluster-eventsapi`);
    await Deno.mkdir(`${path}/bin`);
    // Upstream asks it where its files are, before it looks at the command line.
    await Deno.writeTextFile(`${path}/bin/gluster`, "#!/bin/sh\nexit 1\n", { mode: 0o755 });
    const env = { PATH: `${path}/bin:${Deno.env.get("PATH")}` };
    const lastLine = ({ code, stdout, stderr }: ProgramResult) => [
      code,
      stdout,
      stderr.trimEnd().split("\n").at(-1)?.replace("peer_eventsapi.py", "gluster-eventsapi"),
    ];
    for (const line of WRONG) {
      const [theirs, ours] = await Promise.all(
        [mustFind("gluster-eventsapi"), `${path}/gluster-eventsapi`].map((binary) =>
          runProgram(wordsOf(line), { binary, env })
        ),
      );
      if (theirs === undefined || ours === undefined) throw new Error("Nothing was run");
      assertEquals(lastLine(ours), lastLine(theirs), `gluster-eventsapi ${line}`);
    }
  },
);

testNeeding(NEEDED, "what upstream's command has written is taken over", async () => {
  await using node = await GlusterNode.make();
  await node.startGlusterd();
  const upstream = async (...words: string[]) => {
    const { code, stderr } = await node.run(["gluster-eventsapi", ...words]);
    assertEquals(code, 0, stderr);
  };
  await upstream("webhook-add", URL, "-t", "T");
  await upstream("webhook-add", "https://ops.example.com/", "-s", "S");
  await upstream("webhook-add", "notaurl");
  await upstream("config-set", "log-level", "loud");
  await upstream("config-set", "disable-events-log", "yes");
  const { code, stdout } = await node.eventing("import-upstream", "--local", "--json");
  const { output } = JSON.parse(stdout);
  assertEquals([code, output.taken, output.left], [0, [
    { kind: "webhook", name: "127.0.0.1", url: URL, "bearer-token": "***", secret: null },
    {
      kind: "webhook",
      name: "ops.example.com",
      url: "https://ops.example.com/",
      "bearer-token": null,
      secret: "***",
    },
    { kind: "config", key: "disable-events-log", value: true },
  ], [
    { kind: "webhook", what: "notaurl", reason: "no URL to post to: it has no scheme" },
    {
      kind: "config",
      what: "log-level",
      reason: 'must be one of DEBUG, INFO, WARNING, ERROR, not "loud"',
    },
  ]]);
});
