/**
 * A node without a real service: what systemd and the daemon would do is written down here.
 *
 * @module
 */
import type { ServiceDeps } from "../../../src/cluster/find_service.ts";

/** How the pretended node behaves. */
export interface PretendedNode {
  hasSystemd: boolean;
  unit: "loaded" | "masked" | "not-found";
  isActive: boolean;
  isEnabled: boolean;
  /** Whether a daemon answers on the socket. */
  isAnswering: boolean;
  /** Whether something holds the socket. */
  isHeld: boolean;
  /** What becomes of a daemon that is started. */
  fate: "answers" | "ends" | "hangs";
  /** Whether it ends when asked. */
  obeys: boolean;
  isInstalled: boolean;
  log: string[];
}

/** A node with that behaviour; `calls` is what was run on it. */
export function pretendNode(
  more: Partial<PretendedNode> = {},
): { node: PretendedNode; deps: ServiceDeps; calls: string[] } {
  const node: PretendedNode = {
    hasSystemd: false,
    unit: "loaded",
    isActive: false,
    isEnabled: false,
    isAnswering: false,
    isHeld: false,
    fate: "answers",
    obeys: true,
    isInstalled: true,
    log: [],
    ...more,
  };
  const calls: string[] = [];
  let nowMs = 0;
  const begin = () => {
    node.isHeld = node.fate !== "ends";
    node.isAnswering = node.fate === "answers";
    if (node.fate === "ends") node.log.push("cannot start: the port is taken");
  };
  const end = () => {
    if (!node.obeys) return;
    node.isAnswering = false;
    node.isHeld = false;
  };
  const deps: ServiceDeps = {
    isThere: (path) => Promise.resolve(node.hasSystemd && path === "/run/systemd/system"),
    systemctl: (args) => {
      calls.push(args.join(" "));
      const [verb = ""] = args;
      const ok = { code: 0, stdout: "", stderr: "" };
      const yes = (is: boolean) => Promise.resolve({ ...ok, code: is ? 0 : 3 });
      if (verb === "show") return Promise.resolve({ ...ok, stdout: `${node.unit}\n` });
      if (verb === "is-active") return yes(node.isActive);
      if (verb === "is-enabled") return yes(node.isEnabled);
      if (verb === "disable") {
        node.isEnabled = false;
        if (node.isActive) end();
        node.isActive = false;
      } else {
        if (verb === "enable") node.isEnabled = true;
        begin();
        node.isActive = node.fate !== "ends";
      }
      return Promise.resolve(ok);
    },
    spawn: (args) => {
      if (!node.isInstalled) return undefined;
      calls.push(args.join(" "));
      begin();
      return { ended: node.fate === "ends" ? Promise.resolve(1) : new Promise(() => {}) };
    },
    control: {
      socket: "/run/x.sock",
      isAnswering: () => Promise.resolve(node.isAnswering),
      askToStop: () => {
        const was = node.isAnswering;
        if (was) end();
        return Promise.resolve(was);
      },
      isFree: () => Promise.resolve(!node.isHeld),
    },
    clock: {
      steadyNow: () => nowMs,
      sleep: (ms) => {
        nowMs += ms;
        return Promise.resolve();
      },
    },
    logFile: "/var/log/x.log",
    placeArgs: ["--socket", "/run/x.sock"],
    lastLogLine: () => Promise.resolve(node.log.at(-1)),
  };
  return { node, deps, calls };
}
