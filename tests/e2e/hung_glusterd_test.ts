/**
 * The compiled daemon beside a glusterd that does not answer.
 *
 * @module
 */
import { assertEquals } from "../support/assert.ts";
import { RunningProgram } from "../support/program.ts";
import { testNeeding } from "../support/requirements.ts";
import { makeTempFolder } from "../support/temp_folder.ts";
import { until } from "../support/until.ts";

/** Says where its folder is, and of all else that it was asked, and nothing more. */
function hangingGluster(folder: string): string {
  return `#!/bin/sh
case "$*" in *getwd*) echo ${folder}; exit 0;; esac
echo "$$ $*" >> ${folder}/asked
exec sleep 1000
`;
}

/** Whether a process is more than a row in the table of whoever has to take note of its end. */
async function lives(pid: string): Promise<boolean> {
  const stat = await Deno.readTextFile(`/proc/${pid}/stat`).catch(() => "");
  return stat !== "" && !/\) Z /.test(stat);
}

testNeeding(
  ["binary"],
  "a daemon whose glusterd hangs ends and leaves no process behind",
  async () => {
    // The program may write into no folder that holds what it may run.
    await using programs = await makeTempFolder();
    await using folder = await makeTempFolder();
    const { path } = folder;
    const gluster = `${programs.path}/gluster`;
    await Deno.writeTextFile(gluster, hangingGluster(path), { mode: 0o755 });
    await Deno.mkdir(`${path}/events`);
    const places = ["--workdir", path, "--state-dir", `${path}/state`, "--socket", `${path}/sock`];
    const env = { PATH: `${programs.path}:${Deno.env.get("PATH")}` };
    await using program = new RunningProgram(["run", ...places, "--listen", "127.0.0.1:0"], {
      env,
    });
    await program.shows(/ ready /);
    using client = Deno.createHttpClient({ proxy: { transport: "unix", path: `${path}/sock` } });
    const answer = fetch("http://localhost/v1/cluster", { client }).then((response) =>
      response.text()
    ).catch(() => undefined);
    const read = () => Deno.readTextFile(`${path}/asked`).catch(() => "");
    const asked = await until("glusterd is asked for the cluster and for the pool", async () => {
      const text = await read();
      return text.includes("volume status") && text.split("pool list").length > 2
        ? text
        : undefined;
    }, { seen: read });
    program.kill("SIGTERM");
    assertEquals((await program.ended()).code, 0, program.stderr);
    const pids = asked.split("\n").flatMap((line) => /^\d+/.exec(line)?.[0] ?? []);
    await until(
      "all it has started has ended",
      async () => !(await Promise.all(pids.map(lives))).some(Boolean),
      { seen: () => asked },
    );
    await answer;
  },
);
