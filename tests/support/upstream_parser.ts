/**
 * Upstream's daemon as a function: what it would post of a datagram.
 *
 * @module
 */
import { mustFind } from "./installed.ts";
import { makeTempFolder } from "./temp_folder.ts";

const SCRIPT = new URL("../fixtures/parse_as_upstream.py", import.meta.url).pathname;

/** What upstream posts for each datagram; `undefined` where it drops the event. */
export async function parseAsUpstream(
  datagrams: readonly (string | Uint8Array)[],
  nodeId: string,
): Promise<(string | undefined)[]> {
  await using folder = await makeTempFolder();
  // It asks for Gluster's folder when it is loaded, and takes a default if that fails.
  const gluster = `${folder.path}/gluster`;
  await Deno.writeTextFile(gluster, "#!/bin/sh\nexit 1\n", { mode: 0o755 });
  const code = (await Deno.realPath(mustFind("glustereventsd"))).replace(/\/[^/]+$/, "");
  const child = new Deno.Command("/usr/bin/python3", {
    args: ["-B", SCRIPT, code, nodeId],
    env: { PATH: `${folder.path}:${Deno.env.get("PATH")}` },
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const input = new Blob([datagrams.map((datagram) => `${toHex(datagram)}\n`).join("")]);
  const [{ code: exitCode, stdout }] = await Promise.all([
    child.output(),
    input.stream().pipeTo(child.stdin),
  ]);
  const lines = new TextDecoder().decode(stdout).split("\n").slice(0, -1);
  if (exitCode !== 0 || lines.length !== datagrams.length) {
    throw new Error(`Upstream's code told ${lines.length} of ${datagrams.length}: ${exitCode}`);
  }
  return lines.map((line) => line === "" ? undefined : line);
}

function toHex(datagram: string | Uint8Array): string {
  const bytes = typeof datagram === "string" ? new TextEncoder().encode(datagram) : datagram;
  return bytes.toHex();
}
