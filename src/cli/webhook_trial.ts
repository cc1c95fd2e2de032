/**
 * Tries a webhook from this node.
 *
 * @module
 */
import { ControlRefusedError, DaemonNotRunningError } from "../api/control_client.ts";
import { readNodeId } from "../daemon/node_identity.ts";
import { systemClock } from "../dispatcher/clock.ts";
import { type ProbeVerdict, probeWebhook } from "../dispatcher/probe_webhook.ts";
import {
  addWebhook,
  getWebhook,
  isCalled,
  modifyWebhook,
  type WebhookSettings,
} from "../registry/changes.ts";
import { editText } from "../registry/edit_text.ts";
import { readRegistry } from "../registry/read_registry.ts";
import type { RegistryFile } from "../registry/registry_file.ts";
import type { Webhook } from "../registry/schema.ts";
import { newUlid } from "../std/ulid.ts";
import type { Invocation } from "./command.ts";
import type { Places } from "./places.ts";

/** What is tried: plain data, so that it can be handed to another node. It may hold secrets. */
export interface TestTarget {
  readonly webhook: Webhook;
  /** Whether an empty body is posted instead of a test event. */
  readonly isEmpty: boolean;
}

/** What stands for the id of a node that has none yet. */
const NO_ID = "00000000-0000-0000-0000-000000000000";

/**
 * The webhook that somebody means, with settings over its own; nothing is stored.
 *
 * @param which The URL or name of a registered webhook, or any other URL.
 * @throws {InvalidRegistryError | RegistryAccessError} If the registry cannot be read.
 * @throws {InvalidValueError} If the URL or a setting is not allowed.
 * @throws {UnknownWebhookError} If it is neither a URL nor the name of a webhook.
 */
export async function resolveWebhook(
  file: RegistryFile,
  which: string,
  settings: WebhookSettings,
): Promise<Webhook> {
  let name: string | undefined;
  const planned = await file.preview((current) => {
    name = current.webhooks.find((webhook) => isCalled(webhook, which))?.name;
    // No name holds a colon, and every URL does.
    if (name === undefined && which.includes(":")) return addWebhook(current, which, settings);
    return modifyWebhook(current, which, settings);
  });
  return getWebhook(planned, name ?? planned.webhooks.at(-1)?.name ?? which);
}

/**
 * A webhook that is not registered, with nothing but what is given.
 *
 * @throws {InvalidValueError} If the URL or a setting is not allowed.
 */
export function makeWebhook(url: string, settings: WebhookSettings): Webhook {
  const path = "the webhook";
  const text = editText("", addWebhook(readRegistry("", path), url, settings));
  const [webhook] = readRegistry(text, path).webhooks;
  if (webhook === undefined) throw new RangeError("The webhook that was just added is gone");
  return webhook;
}

/** Posts to the webhook from this node. Neither the spool nor the counts know of it. */
export async function testHere(
  { webhook, isEmpty }: TestTarget,
  { places, environment, version }: Pick<Invocation, "places" | "environment" | "version">,
): Promise<ProbeVerdict> {
  const atMs = systemClock.now();
  const node = { id: await findNodeId(places), host: Deno.hostname() };
  return await probeWebhook(webhook, {
    origin: { id: newUlid(atMs), node, atMs },
    isEmpty,
    userAgent: `gluster-eventing/${version}`,
    clock: systemClock,
    environment,
  });
}

async function findNodeId(places: Places): Promise<string> {
  try {
    return (await places.daemon().status()).node_id;
  } catch (error) {
    // Whether the webhook works does not depend on the daemon.
    if (!(error instanceof DaemonNotRunningError || error instanceof ControlRefusedError)) {
      throw error;
    }
  }
  const { stateDir } = places;
  return readNodeId({ workdir: await places.workdir(), stateDir }) ?? NO_ID;
}
