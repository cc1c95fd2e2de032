/**
 * The services of this node, as installing and uninstalling need them.
 *
 * @module
 */
import { endDaemon } from "../cluster/detached_service.ts";
import { controlService, hasSystemd } from "../cluster/find_service.ts";
import type { NodeServices } from "../install/install.ts";
import { Tree } from "../install/tree.ts";
import { folderOf } from "../std/files.ts";
import { UNIT_PATH } from "../install/unit.ts";
import type { RunSystemctl } from "../install/upstream_daemon.ts";
import { isThere, serviceDeps } from "./control_here.ts";
import { openUdpPort } from "./udp_port.ts";
import type { Places } from "./places.ts";
import { INSTALLED_PATH } from "./service_programs.ts";

/** What installing needs. */
export function installServices(places: Places): NodeServices {
  const deps = serviceDeps(places);
  return {
    systemctl: onlyWithSystemd(places),
    binary: INSTALLED_PATH,
    isPortTaken: async () =>
      !await deps.control.isAnswering() && !openUdpPort(await configuredPort(places)),
    isRunning: () => deps.control.isAnswering(),
    restart: async () => void await controlService("restart", deps),
  };
}

/** What uninstalling needs. */
export function uninstallServices(
  places: Places,
): { readonly systemctl: RunSystemctl; readonly stop: () => Promise<boolean> } {
  const deps = serviceDeps(places);
  return {
    systemctl: onlyWithSystemd(places),
    stop: async () => {
      // Without the unit systemd has nothing to stop, but a daemon may run all the same.
      const isUnit = await hasSystemd(isThere) && await isThere(UNIT_PATH);
      const wasRunning = isUnit
        ? (await controlService("stop", deps)).changed
        : await endDaemon(deps);
      await removeSocketFolder(places.socket);
      return wasRunning;
    },
  };
}

/** What a daemon leaves that no systemd tidies up after. */
async function removeSocketFolder(socket: string): Promise<void> {
  const folder = folderOf(socket);
  const tree = new Tree();
  if (await tree.has(`${socket}.lock`)) await tree.remove(`${socket}.lock`);
  if (await tree.has(folder)) await tree.removeIfEmpty(folder);
}

function onlyWithSystemd(places: Places): RunSystemctl {
  const { systemctl } = serviceDeps(places);
  return async (args) => await hasSystemd(isThere) ? await systemctl(args) : undefined;
}

async function configuredPort(places: Places): Promise<number> {
  return (await (await places.registry()).read()).config.port;
}
