/**
 * `webhook-show --explain` in this process, over a registry in a folder.
 *
 * @module
 */
import { runCli } from "../../src/cli/run_cli.ts";
import { registryPath } from "../../src/registry/registry_file.ts";
import { assertEquals, assertMatch } from "../support/assert.ts";
import { makeTempFolder } from "../support/temp_folder.ts";

const NODE_ID = "e9bfb6da-6bc7-431f-9139-d20d93663784";
const REGISTRY = `
[[webhook]]
name = "ops"
url = "http://ops.example.com/listen?key=s3cret"
events = ["group:BRICK", "VOLUME_*", "!VOLUME_SET"]
severity = "info"
volumes = ["gv*"]
fields = ["message.force!=true"]
paused = true

[[webhook]]
name = "all"
url = "http://all.example.com/"

[[webhook]]
name = "here"
url = "http://here.example.com/"
fields = ["nodeid=${NODE_ID}", "message.options.auth.allow=10.0.0.1,*"]
`;

/** Runs the command in a folder of its own. */
async function show(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  await using folder = await makeTempFolder();
  await Deno.mkdir(`${folder.path}/events`);
  await Deno.writeTextFile(registryPath(folder.path), REGISTRY);
  await Deno.writeTextFile(`${folder.path}/glusterd.info`, `UUID=${NODE_ID}\n`);
  const end = { code: -1, stdout: "", stderr: "" };
  const places = ["--workdir", folder.path, "--state-dir", folder.path, "--socket", "/nowhere"];
  end.code = await runCli(["webhook-show", ...args, "--local", ...places], {
    streams: {
      stdout: (text) => end.stdout += text,
      stderr: (text) => end.stderr += text,
    },
    environment: () => undefined,
    signals: { on: () => ({ [Symbol.dispose]: () => {} }) },
    gluster: () => Promise.resolve(undefined),
  });
  return end;
}

Deno.test("an event that would be posted is explained by each setting", async () => {
  const { code, stdout, stderr } = await show("ops", "--explain", "event_volume_start", "name=gv1");
  assertEquals([code, stderr], [0, ""]);
  assertEquals(stdout.split("\n"), [
    "VOLUME_START would be posted to ops.",
    "ops is paused: it would wait for gluster-eventing webhook-resume ops",
    "",
    "SETTING   WANTED                              THE EVENT HAS  FITS  WHY",
    "events    group:BRICK, VOLUME_*, !VOLUME_SET  VOLUME_START   yes   VOLUME_* fits it",
    "severity  info or worse                       info           yes   it is info",
    "volumes   gv*                                 gv1            yes   gv* fits it",
    "fields    message.force!=true                 -              yes   the event has no message.force",
    "",
  ]);
});

Deno.test("an event that would not be posted ends with 0 too, and says which settings decide", async () => {
  const url = "http://ops.example.com/listen?key=s3cret";
  const args = ["name=x1", "force=1"];
  const { code, stdout } = await show(url, "--explain", "VOLUME_START", ...args);
  assertEquals(code, 0);
  assertMatch(
    stdout,
    /^VOLUME_START would not be posted to ops, because of its volumes and fields\.\n\nSETTING/,
  );
  assertMatch(stdout, /message\.force!=true +true +no +message\.force is true\n$/);
});

Deno.test("a webhook without a filter gets every event, also an unknown one", async () => {
  const { code, stdout } = await show("all", "--explain", "UNKNOWN_142");
  assertEquals([code, stdout], [
    0,
    "UNKNOWN_142 would be posted to all, which gets every event.\n",
  ]);
});

Deno.test("for programs it is JSON, and options are read as the daemon reads them", async () => {
  const options = "options=,auth.allow,10.0.0.1,10.0.0.2,performance.cache-size,1GB";
  const { code, stdout } = await show(
    "here",
    "--explain",
    "VOLUME_SET",
    "name=g",
    options,
    "--json",
  );
  const pairs = [["auth.allow", "10.0.0.1,10.0.0.2"], ["performance.cache-size", "1GB"]];
  assertEquals([code, JSON.parse(stdout)], [0, {
    output: {
      webhook: "here",
      event: "VOLUME_SET",
      event_group: "VOLUME",
      severity: "info",
      volume: "g",
      message: { name: "g", options: pairs },
      matches: true,
      paused: false,
      checks: [
        {
          setting: "fields",
          wanted: `nodeid=${NODE_ID}`,
          has: NODE_ID,
          fits: true,
          reason: `nodeid is ${NODE_ID}`,
        },
        {
          setting: "fields",
          wanted: "message.options.auth.allow=10.0.0.1,*",
          has: "10.0.0.1,10.0.0.2",
          fits: true,
          reason: "message.options.auth.allow is 10.0.0.1,*",
        },
      ],
    },
    error: "",
  }]);
});

Deno.test("what makes no sense is refused with what was meant", async () => {
  const refused: [args: string[], code: number, message: RegExp][] = [
    [
      ["ops", "--explain", "VOLUME_STAR"],
      64,
      /no event "VOLUME_STAR"\nhint: did you mean: VOLUME_START\n/,
    ],
    [["ops", "--explain", "VOLUME_START", "gv1"], 64, /"gv1" is not KEY=VALUE\nhint: /],
    [["ops", "--explain", "VOLUME_START", "a=1", "a=2"], 64, /A key is given twice/],
    [["ops", "--explain"], 64, /--explain needs a value: EVENT/],
    // What stands there may be a secret that went astray.
    [
      ["ops", "s3cret"],
      64,
      /^error: webhook-show takes KEY=VALUE only with --explain\nhint: [^\n]*\n$/,
    ],
    [["opa", "--explain", "VOLUME_START"], 6, /Webhook does not exist/],
  ];
  for (const [args, code, message] of refused) {
    const end = await show(...args);
    assertEquals([end.code, end.stdout], [code, ""], args.join(" "));
    assertMatch(end.stderr, message);
    assertEquals(end.stderr.includes("s3cret"), false);
  }
});

Deno.test("a key that the daemon would not see as one is noted", async () => {
  const { stdout, stderr } = await show("ops", "--explain", "VOLUME_START", "name=gv1", "forse=1");
  assertMatch(stderr, /^note: VOLUME_START has no forse: /);
  assertMatch(stdout, /^VOLUME_START would be posted to ops\./);
});
