import { assert, assertEquals, assertStringIncludes } from "../support/assert.ts";
import { SimulatedPool } from "../support/simulated_pool.ts";

Deno.test("a command shows a row for each node, peers first, and a note where no daemon runs", async () => {
  await using pool = await SimulatedPool.make(3);
  const { code, stdout, stderr } = await pool.run(pool.node(1), "webhook-add", "http://a/");
  assertEquals(code, 0, stderr);
  assertEquals(stdout.split("\n").slice(2), [
    "NODE       NODE STATUS  SYNC STATUS",
    "gl2        UP           OK",
    "gl3        UP           OK",
    "localhost  UP           OK",
    "",
  ]);
  assertStringIncludes(stderr, "note: gl2: no daemon is running there");
});

Deno.test("a node that is down has a row too, and the exit code says that some are not well", async () => {
  await using pool = await SimulatedPool.make(3);
  pool.node(3).faults.isDown = true;
  const { code, stdout } = await pool.run(pool.node(1), "webhook-add", "http://a/", "--json");
  assertEquals(code, 4);
  assertEquals(JSON.parse(stdout).output, [
    { node: "gl2", node_status: "UP", sync_status: "OK", error: "" },
    { node: "gl3", node_status: "DOWN", sync_status: "NOT OK", error: "N/A" },
    { node: "localhost", node_status: "UP", sync_status: "OK", error: "" },
  ]);
});

Deno.test("while glusterd is down here a change is made here, and the exit code says so", async () => {
  await using pool = await SimulatedPool.make(2);
  pool.node(1).faults.isDown = true;
  const args = ["webhook-add", "http://a/", "--workdir", pool.node(1).workdir];
  const { code, stdout } = await pool.run(pool.node(1), ...args, "--local");
  assertEquals(code, 0, stdout);
  assertStringIncludes(await pool.node(1).text(), "http://a/");
});

Deno.test("with --local nobody else is asked", async () => {
  await using pool = await SimulatedPool.make(2);
  const { code } = await pool.run(pool.node(1), "webhook-add", "http://a/", "--local");
  assertEquals(code, 0);
  assertEquals(await pool.node(2).text(), "");
  assertEquals(pool.calls.filter((call) => call.includes("execute")), []);
});

Deno.test("a folder that is not glusterd's is changed alone, and that is said", async () => {
  await using pool = await SimulatedPool.make(2);
  const workdir = `${pool.node(1).workdir}/other`;
  const { stderr } = await pool.run(pool.node(1), "webhook-add", "http://a/", "--workdir", workdir);
  assertStringIncludes(stderr, `note: this acts on this node only: ${workdir} is not glusterd's`);
  assertEquals(await pool.node(2).text(), "");
});

Deno.test("nodes come in step with sync, wherever it is run", async () => {
  await using pool = await SimulatedPool.make(3);
  pool.node(3).faults.isDown = true;
  await pool.run(pool.node(1), "webhook-add", "http://a/");
  pool.heal();
  const { code, stdout, stderr } = await pool.run(pool.node(3), "sync");
  assertEquals(code, 0, stderr);
  assertStringIncludes(stdout, "Generation 1 of the registry counts.");
  assertStringIncludes(stderr, "note: this node was behind: it has taken over generation 1");
  assertEquals(await pool.node(3).text(), await pool.node(1).text());
});

Deno.test("a status names nodes without a daemon, nodes that are down and nodes out of step", async () => {
  await using pool = await SimulatedPool.make(3);
  await pool.run(pool.node(1), "webhook-add", "http://a/");
  await pool.run(pool.node(1), "webhook-add", "http://b/", "--local");
  pool.node(3).faults.isDown = true;
  const { code, stdout } = await pool.run(pool.node(2), "status");
  assertEquals(code, 3, stdout);
  assertStringIncludes(stdout, "localhost: has generation 1 of the registry, the newest is 2");
  assert(/gl3 +DOWN +NOT OK: N\/A/.test(stdout), stdout);
});

Deno.test("a node that cannot do its part is told of without a traceback", async () => {
  await using pool = await SimulatedPool.make(2);
  await Deno.writeTextFile(`${pool.node(2).workdir}/events`, "no folder");
  const { code, stdout } = await pool.run(pool.node(1), "webhook-add", "http://a/");
  assertEquals(code, 4);
  assertStringIncludes(stdout, "NOT OK: ");
  assertEquals(/Unexpected|at file:|\.ts:/.test(stdout), false, stdout);
});

Deno.test("no command line that glusterd gets holds a secret, nor does what is shown", async () => {
  await using pool = await SimulatedPool.make(2);
  const secrets = ["s3cr3t-of-webhook", "b34rer", "pw-of-url"];
  const [secret = "", bearer = "", password = ""] = secrets;
  const url = `https://user:${password}@a.example.com/?token=${bearer}`;
  const results = [
    await pool.run(pool.node(1), "webhook-add", url, "--sign", "jwt", "--secret", secret),
    await pool.run(pool.node(2), "webhook-mod", "a.example.com", "--bearer-token", bearer),
    await pool.run(pool.node(2), "webhook-list"),
    await pool.run(pool.node(1), "status"),
    await pool.run(pool.node(1), "sync"),
  ];
  assertEquals(results.map(({ code }) => code).slice(0, 2), [0, 0], results[1]?.stderr ?? "");
  const seen = [...pool.calls.flat(), ...results.flatMap(({ stdout, stderr }) => [stdout, stderr])];
  for (const word of secrets) assertEquals(seen.join("\n").includes(word), false, word);
});
