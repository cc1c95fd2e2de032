/**
 * Finds out what runs the service on this node.
 *
 * @module
 */
import { type DetachedDeps, DetachedService } from "./detached_service.ts";
import type { Service, ServiceAction, ServiceOutcome } from "./service.ts";
import { type SystemdDeps, SystemdService } from "./systemd_service.ts";

/** What control of the service works with. */
export interface ServiceDeps extends DetachedDeps, SystemdDeps {}

/** Exists where systemd runs, and nowhere else: see sd_booted(3). */
const SYSTEMD_MARK = "/run/systemd/system";

/** Whether systemd manages this node's services. */
export async function hasSystemd(isThere: (path: string) => Promise<boolean>): Promise<boolean> {
  return await isThere(SYSTEMD_MARK);
}

/** The service of this node: systemd's where systemd runs, else a detached process. */
export async function findService(deps: ServiceDeps): Promise<Service> {
  return await hasSystemd(deps.isThere) ? new SystemdService(deps) : new DetachedService(deps);
}

/** Does what is asked. @throws {ServiceError} */
export async function controlService(
  action: ServiceAction,
  deps: ServiceDeps,
): Promise<ServiceOutcome> {
  return await (await findService(deps))[action]();
}
