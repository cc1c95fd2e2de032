/**
 * The commands of the compiled program without a daemon: what they print, write and exit with.
 *
 * @module
 */
import project from "../../deno.json" with { type: "json" };
import { assert, assertEquals, assertMatch, assertStringIncludes } from "../support/assert.ts";
import { type ProgramResult, runProgram } from "../support/program.ts";
import { testNeeding } from "../support/requirements.ts";
import { makeTempFolder, type TempFolder } from "../support/temp_folder.ts";

/** A node of its own: the program with all its places in a temporary folder. */
class Node implements AsyncDisposable {
  readonly #folder: TempFolder;

  constructor(folder: TempFolder) {
    this.#folder = folder;
  }

  get path(): string {
    return this.#folder.path;
  }

  get registry(): string {
    return `${this.path}/events/webhooks.toml`;
  }

  async run(...args: string[]): Promise<ProgramResult> {
    return await runProgram([...args, "--local"], {
      env: {
        GLUSTER_EVENTING_WORKDIR: this.path,
        GLUSTER_EVENTING_STATE_DIR: `${this.path}/state`,
        GLUSTER_EVENTING_SOCKET: `${this.path}/sock`,
      },
    });
  }

  /** Runs with `--json`. @returns The exit code and what was printed, which is one JSON object. */
  async json(...args: string[]): Promise<[number, { output: unknown; error: string }]> {
    const { code, stdout, stderr } = await this.run(...args, "--json");
    assertEquals(stderr, "", "standard error with --json");
    return [code, JSON.parse(stdout)];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#folder[Symbol.asyncDispose]();
  }
}

async function makeNode(): Promise<Node> {
  return new Node(await makeTempFolder());
}

testNeeding(["binary"], "the version is the project's, with how it was built", async () => {
  const { code, stdout } = await runProgram(["--version"]);
  assertEquals(code, 0);
  const pattern = /^gluster-eventing (\S+) \(.*built \d{4}-\d\d-\d\d, Deno 2\.7\.11\)\n$/;
  assertMatch(stdout, pattern);
  assertEquals(pattern.exec(stdout)?.[1], project.version);
});

testNeeding(
  ["binary"],
  "help goes to standard output, usage errors to standard error with 64",
  async () => {
    const help = await runProgram(["--help"]);
    assertEquals([help.code, help.stderr], [0, ""]);
    assertStringIncludes(help.stdout, "webhook-add");
    for (const args of [["webhook-ad"], ["emit"], ["status", "--jsn"], ["run", "--listen", "x"]]) {
      const { code, stdout, stderr } = await runProgram(args);
      assertEquals([code, stdout], [64, ""], args.join(" "));
      assertMatch(stderr, /^error: .+\nhint: .+\n$/, args.join(" "));
    }
  },
);

testNeeding(["binary"], "a webhook is added, listed, shown, changed and removed", async () => {
  await using node = await makeNode();
  const url = "https://user:pa55@ops.example.com/listen?key=s3cret";
  const added = await node.run(
    "webhook-add",
    url,
    "--bearer_token=t0ken",
    "--header",
    "X-A=h1dden",
  );
  assertEquals([added.code, added.stderr], [0, ""]);
  assertStringIncludes(added.stdout, 'Added the webhook "ops.example.com"');
  const { mode } = await Deno.stat(node.registry);
  assertEquals((mode ?? 0) & 0o777, 0o600);

  const [, list] = await node.json("webhook-list");
  assertEquals(list, {
    output: [{
      name: "ops.example.com",
      url: "https://***@ops.example.com/listen?***",
      state: "unknown",
      delivered: null,
      pending: null,
      dead: null,
      dropped: null,
      filtered: null,
      oldest_pending_seconds: null,
      failure: null,
      pause: null,
      certificate_expires_at: null,
    }],
    error: "",
  });
  const changed = await node.run("webhook-mod", url, "--name", "ops", "--timeout", "5s", "-t", "");
  assertEquals(changed.code, 0, changed.stderr);
  assertEquals(await node.json("webhook-mod", "ops", "--timeout", "5s"), [
    0,
    { output: { name: "ops", changed: false }, error: "" },
  ]);
  const shown = await node.run("webhook-show", "ops");
  assertMatch(shown.stdout, /timeout +5s/);
  assert(!shown.stdout.includes("bearer-token"), shown.stdout);
  const texts = [added, changed, shown, await node.run("webhook-list")].map(({ stdout, stderr }) =>
    stdout + stderr
  );
  for (const secret of ["pa55", "s3cret", "t0ken", "h1dden"]) {
    assert(!texts.join().includes(secret), `${secret} is shown`);
  }
  assertEquals((await node.run("webhook-del", "ops")).code, 0);
  assertEquals(await node.json("webhook-list"), [0, { output: [], error: "" }]);
});

testNeeding(
  ["binary"],
  "refused changes have upstream's exit codes and change nothing",
  async () => {
    await using node = await makeNode();
    await node.run("webhook-add", "http://a.example/", "--name", "a");
    await node.run("webhook-add", "http://b.example/", "--name", "b");
    await node.run("config-set", "retry-max", "1m");
    const before = await Deno.readTextFile(node.registry);
    const cases: [number, string[]][] = [
      [5, ["webhook-add", "http://A.example:80"]],
      [5, ["webhook-add", "http://c.example", "--name", "a"]],
      [5, ["webhook-mod", "a", "--name", "b"]],
      [5, ["webhook-mod", "a", "--url", "http://b.example"]],
      [6, ["webhook-del", "c"]],
      [6, ["webhook-mod", "http://c.example/", "--timeout", "1s"]],
      [6, ["webhook-show", "c"]],
      [7, ["webhook-add", "ftp://c.example/"]],
      [7, ["webhook-add", "notaurl"]],
      [7, ["webhook-add", ""]],
      [7, ["webhook-add", "http://c.example/#frag"]],
      [7, ["webhook-mod", "a", "--timeout", "soon"]],
      [7, ["webhook-mod", "a", "--retry-min", "2m"]],
      [7, ["config-set", "port", "abc"]],
      [7, ["config-set", "prot", "1"]],
      [7, ["config-get", "--name", "prot"]],
      [7, ["config-reset", "prot"]],
      [2, ["config-set", "port", "55555"]],
      [2, ["config-set", "retry-max", "60s"]],
      [2, ["config-reset", "port"]],
      [64, ["webhook-mod", "a"]],
      [64, ["webhook-add", "http://c.example", "--name", ""]],
      [64, ["webhook-mod", "a", "--name", "c", "--url", "http://c.example/"]],
      [64, ["webhook-list", "--workdir="]],
      [7, ["webhook-add", "http://c.example/", "--retry-max", "500ms"]],
      [7, ["webhook-add", "http://c.example:0/"]],
      [2, ["config-reset", "retry-for"]],
      [69, ["status"]],
      [69, ["reload"]],
    ];
    for (const [wanted, args] of cases) {
      const { code, stdout, stderr } = await node.run(...args);
      assertEquals([code, stdout], [wanted, ""], `${args.join(" ")}: ${stderr}`);
      assertMatch(stderr, /^error: .+\n(?: {2}.+\n)*hint: .+\n$/, args.join(" "));
      const [again, { output, error }] = await node.json(...args);
      assertEquals([again, output, error !== ""], [wanted, "", true], args.join(" "));
    }
    assertEquals(await Deno.readTextFile(node.registry), before);
  },
);

testNeeding(
  ["binary"],
  "a registry with problems is shown with all of them and left alone",
  async () => {
    await using node = await makeNode();
    await Deno.mkdir(`${node.path}/events`);
    const text = `[config]
port = "55555"
log-levle = "INFO"

[[webhook]]
name = "a"
url = "ftp://a/"
timeout = 5
`;
    await Deno.writeTextFile(node.registry, text);
    for (const args of [["webhook-list"], ["webhook-add", "http://b/"], ["config-get"], ["run"]]) {
      const { code, stderr } = await node.run(...args);
      assertEquals(code, 7, args.join(" "));
      for (const part of ["line 2, config.port", "line 3", '"log-level"', "line 7", "line 8"]) {
        assertStringIncludes(stderr, part, args.join(" "));
      }
    }
    assertEquals(await Deno.readTextFile(node.registry), text);
  },
);

testNeeding(
  ["binary"],
  "shared settings are shown, set and put back, and comments stay",
  async () => {
    await using node = await makeNode();
    await Deno.mkdir(`${node.path}/events`);
    await Deno.writeTextFile(
      node.registry,
      "# ours\n[config] # all nodes\nport = 24009 # old Gluster\n",
    );
    assertEquals((await node.run("config-set", "log-level", "debug")).code, 0);
    assertEquals((await node.run("config-set", "disable-events-log", "enabled")).code, 0);
    const [, all] = await node.json("config-get");
    assertEquals(all.output, {
      "port": 24009,
      "allow-from": [],
      "api-listen": "",
      "api-token-file": "",
      "api-cert-file": "",
      "api-key-file": "",
      "log-level": "DEBUG",
      "disable-events-log": true,
      "timeout": "15s",
      "retry-min": "1s",
      "retry-max": "5m",
      "retry-for": "3d",
      "history-max-age": "7d",
      "history-max-size": "512MiB",
      "receive-buffer": "64MiB",
      "spool-max-size": "2GiB",
    });
    assertEquals(await node.json("config-get", "--name", "port"), [
      0,
      { output: { port: 24009 }, error: "" },
    ]);
    assertEquals((await node.run("config-reset", "ALL")).code, 0);
    const left = await Deno.readTextFile(node.registry);
    assertStringIncludes(left, "# ours\n[config] # all nodes\n");
    assert(!left.includes("24009"), left);
  },
);

testNeeding(["binary"], "event types are listed, filtered and explained", async () => {
  const [all, alerts, bricks] = await Promise.all([
    runProgram(["event-types", "--json"]),
    runProgram(["event-types", "--severity", "alert", "--json"]),
    runProgram(["event-types", "--group", "brick", "--json"]),
  ]);
  const counts = [all, alerts, bricks].map(({ stdout }) => JSON.parse(stdout).output.length);
  assertEquals(counts, [142, 52, 8]);
  const one = await runProgram(["event-types", "brick_disconnected"]);
  assertMatch(one.stdout, /Severity +alert\n/);
  assertMatch(one.stdout, /Fields +peer, volume, brick\n/);
  const wrong = await runProgram(["event-types", "BRICK_DISCONECTED"]);
  assertEquals(wrong.code, 64);
  assertStringIncludes(wrong.stderr, "did you mean: BRICK_DISCONNECTED");
});

testNeeding(["binary"], "completions are printed for each shell, and no other", async () => {
  for (const shell of ["bash", "zsh", "fish"]) {
    const { code, stdout } = await runProgram(["completions", shell]);
    assertEquals(code, 0);
    assertStringIncludes(stdout, `made by: gluster-eventing completions ${shell}\n`);
    assert(stdout.endsWith("\n") && !stdout.endsWith("\n\n"));
  }
  const { code, stdout, stderr } = await runProgram(["completions", "bahs"]);
  assertEquals([code, stdout], [64, ""]);
  assertStringIncludes(stderr, "only for bash, zsh, fish\nhint: ");
  assertStringIncludes(stderr, "completions bash\n");
});

testNeeding(["binary"], "a shell gets the names of the webhooks, and never an error", async () => {
  await using node = await makeNode();
  const names = async () => {
    const { code, stdout, stderr } = await node.run("complete-webhooks");
    assertEquals(stderr, "");
    return [code, stdout];
  };
  assertEquals(await names(), [0, ""]);
  await node.run("webhook-add", "http://a.example/", "--name", "ops");
  await node.run("webhook-add", "http://b.example/");
  assertEquals(await names(), [0, "ops\nb.example\n"]);
  await Deno.writeTextFile(node.registry, "no registry");
  assertEquals(await names(), [1, ""]);
});

testNeeding(["binary"], "the man page of this version is printed", async () => {
  const { code, stdout } = await runProgram(["man-page"]);
  assertEquals(code, 0);
  assertStringIncludes(stdout, `"gluster\\-eventing ${project.version}"`);
  assertMatch(stdout, /^\.TH .+\n[^]*\n\.SH SEE ALSO\n.+\n$/);
});

testNeeding(["binary"], "output that cannot be written is an error and no crash", async () => {
  for (const args of ["version", "event-types --json", "--help"]) {
    const script = `"$GLUSTER_EVENTING_BINARY" ${args} >/dev/full`;
    const { code, stderr } = await new Deno.Command("sh", { args: ["-c", script] }).output();
    assertEquals(code, 1, args);
    assertMatch(
      new TextDecoder().decode(stderr),
      /^error: Cannot write the output: .*No space left.*\nhint: .+\n$/,
    );
  }
});

testNeeding(["binary"], "a reader that goes away early does no harm", async () => {
  const command = new Deno.Command("sh", {
    args: ["-c", '"$GLUSTER_EVENTING_BINARY" event-types | head -n 1'],
  });
  const { code, stdout, stderr } = await command.output();
  const decoder = new TextDecoder();
  assertEquals([code, decoder.decode(stderr)], [0, ""]);
  assertMatch(decoder.decode(stdout), /^INDEX +EVENT/);
});

testNeeding(
  ["binary", "root"],
  "without permission it says what failed and how to go on",
  async () => {
    await using folder = await makeTempFolder();
    await Deno.chmod(folder.path, 0o755);
    const places = ["--workdir", `${folder.path}/w`, "--state-dir", `${folder.path}/s`];
    const asNobody = async (...args: string[]) => {
      const command = new Deno.Command("setpriv", {
        args: [
          "--reuid=65534",
          "--regid=65534",
          "--clear-groups",
          Deno.env.get("GLUSTER_EVENTING_BINARY") ?? "",
          ...args,
          ...places,
          "--socket",
          `${folder.path}/sock`,
        ],
      });
      const { code, stderr } = await command.output();
      return [code, new TextDecoder().decode(stderr)] as const;
    };
    for (const args of [["webhook-add", "http://a/", "--local"], ["run"]]) {
      const [code, stderr] = await asNobody(...args);
      assertEquals(code, 1, stderr);
      assertMatch(stderr, /^error: Cannot .*ermission denied.*\nhint: .*root.*\n$/);
    }
    assertEquals(await Array.fromAsync(Deno.readDir(folder.path)), []);
  },
);
