/**
 * Tests that need more than Deno: each says by name what it needs, and is skipped with the reason
 * where that is missing. With `GLUSTER_EVENTING_TEST_ALL=1` a skip is a failure.
 *
 * @module
 */
import { loopback } from "../../src/cli/send_datagram.ts";
import { outerAddress } from "./outer_address.ts";
import { findProgram } from "./installed.ts";

/** Something that a machine may lack. */
export type Requirement =
  | "binary"
  | "root"
  | "gluster"
  | "gluster-eventsapi"
  | "glustereventsd"
  | "alertmanager"
  | "namespaces"
  | "tmpfs"
  | "ipv6"
  | "outer address"
  | "strace"
  | "nginx"
  | "proxies"
  | "overlays"
  | "logrotate"
  | "systemd-analyze"
  | "zsh"
  | "fish"
  | "man"
  | "openssl"
  | "chromium"
  | "promtool"
  | "websockets"
  | "curl";

/** The compiled program; empty if there is none. */
export const BINARY = Deno.env.get("GLUSTER_EVENTING_BINARY") ?? "";

/** The browser under the name that Debian gives it. */
export const CHROMIUM = "chromium";

/** Alertmanager under the name that Debian gives it. */
export const ALERTMANAGER = "prometheus-alertmanager";

const CHECKS: Readonly<Record<Requirement, () => string | undefined>> = {
  binary: () =>
    BINARY === "" ? "the compiled binary (no base runtime for deno compile)" : undefined,
  root: () => Deno.uid() === 0 ? undefined : "root",
  gluster: () => hasCommands("glusterd", "gluster") ? undefined : "glusterfs-server",
  "gluster-eventsapi": () =>
    hasCommands("gluster-eventsapi") &&
      succeeds("/usr/bin/python3", ["-c", "import prettytable, requests"])
      ? undefined
      : "upstream's gluster-eventsapi (glusterfs-server, python3-prettytable, python3-requests)",
  glustereventsd: () =>
    findProgram("glustereventsd") !== undefined && hasCommands("/usr/bin/python3")
      ? undefined
      : "upstream's glustereventsd (glusterfs-server)",
  alertmanager: () =>
    findProgram(ALERTMANAGER) !== undefined ? undefined : "Alertmanager (prometheus-alertmanager)",
  namespaces: () =>
    succeeds("ip", ["-V"]) && succeeds("unshare", ["--net", "--mount", "--pid", "--fork", "true"])
      ? undefined
      : "network namespaces (iproute2, util-linux, root)",
  overlays: () => overlaysWork() ? undefined : "overlay mounts (root, a Linux with overlayfs)",
  ipv6: () => loopback() === "::1" ? undefined : "IPv6",
  "outer address": () => outerAddress() === undefined ? "an outer IPv4 address" : undefined,
  strace: () => succeeds("strace", ["-e", "trace=none", "true"]) ? undefined : "strace",
  nginx: () => findProgram("nginx") !== undefined ? undefined : "nginx (nginx-light)",
  proxies: () =>
    findProgram("tinyproxy") !== undefined && findProgram("microsocks") !== undefined
      ? undefined
      : "proxies (tinyproxy, microsocks)",
  "systemd-analyze": () =>
    succeeds("systemd-analyze", ["--version"]) ? undefined : "systemd-analyze (systemd)",
  logrotate: () => findProgram("logrotate") !== undefined ? undefined : "logrotate",
  zsh: () => findProgram("zsh") !== undefined ? undefined : "zsh",
  fish: () => findProgram("fish") !== undefined ? undefined : "fish",
  man: () =>
    findProgram("groff") !== undefined && findProgram("mandoc") !== undefined
      ? undefined
      : "readers of man pages (packages groff, mandoc)",
  chromium: () => findProgram(CHROMIUM) !== undefined ? undefined : "Chromium (chromium)",
  promtool: () => findProgram("promtool") !== undefined ? undefined : "promtool (prometheus)",
  websockets: () =>
    succeeds("/usr/bin/python3", ["-c", "import websockets"])
      ? undefined
      : "Python's websockets (python3-websockets)",
  curl: () => findProgram("curl") !== undefined ? undefined : "curl",
  openssl: () => hasCommands("openssl") ? undefined : "openssl",
  tmpfs: () => succeeds("unshare", ["--mount", "true"]) ? undefined : "mounting a tmpfs (root)",
};

/** Registers a test that runs where all of its requirements are met. */
export function testNeeding(
  requirements: readonly Requirement[],
  name: string,
  fn: (context: Deno.TestContext) => void | Promise<void>,
): void {
  const missing = requirements.flatMap((requirement) => CHECKS[requirement]() ?? []);
  if (missing.length === 0) {
    Deno.test(name, fn);
  } else if (Deno.env.get("GLUSTER_EVENTING_TEST_ALL") === "1") {
    Deno.test(name, () => {
      throw new Error(`May not be skipped here, but this is missing: ${missing.join("; ")}`);
    });
  } else {
    Deno.test.ignore(`${name} [skipped, missing: ${missing.join("; ")}]`, fn);
  }
}

/** Tries it where nodes have their folders. */
function overlaysWork(): boolean {
  const folder = Deno.makeTempDirSync({ prefix: "ge-overlay-" });
  try {
    for (const name of ["upper", "work"]) Deno.mkdirSync(`${folder}/${name}`);
    const layers = `lowerdir=/usr,upperdir=${folder}/upper,workdir=${folder}/work`;
    return succeeds("unshare", ["--mount", "mount", "-t", "overlay", "-o", layers, "o", "/usr"]);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

function hasCommands(...names: string[]): boolean {
  return names.every((name) => succeeds("sh", ["-c", `command -v ${name}`]));
}

function succeeds(program: string, args: string[]): boolean {
  try {
    const command = new Deno.Command(program, { args, stdout: "null", stderr: "null" });
    return command.outputSync().success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
