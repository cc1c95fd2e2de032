/**
 * Our daemon with the webhooks that a benchmark needs.
 *
 * @module
 */
import { SoakDaemon } from "../soak/daemon_process.ts";
import { makeTempFolder } from "../support/temp_folder.ts";
import type { Relay } from "./relay.ts";

/** Our name in tables. */
export const OURS = "gluster-eventing";

/** The UUID of the node on which a program believes to be. */
export const NODE_ID = "e9bfb6da-5a8b-4b8e-9d2b-3f6a3f5f2c11";

/** A webhook of the registry, with settings by the names they have there. */
export interface RegisteredWebhook {
  readonly name: string;
  readonly url: string;
  readonly [setting: string]: string | number | boolean;
}

/** Our daemon while it runs. */
export interface OurRelay extends Relay {
  readonly daemon: SoakDaemon;
}

/** Starts the daemon in a folder of its own and waits until it is ready. */
export async function startOurs(webhooks: readonly RegisteredWebhook[]): Promise<OurRelay> {
  await using cleanups = new AsyncDisposableStack();
  const { path } = cleanups.use(await makeTempFolder());
  await writePlaces(path, webhooks);
  const daemon = cleanups.use(new SoakDaemon({ folder: path }));
  await daemon.start();
  const kept = cleanups.move();
  const { port, pid } = daemon;
  return { daemon, port, pid, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

/** Writes what a daemon that lives in this folder would find on a node: its UUID, the registry. */
async function writePlaces(
  folder: string,
  webhooks: readonly RegisteredWebhook[],
): Promise<void> {
  await Deno.writeTextFile(`${folder}/glusterd.info`, `UUID=${NODE_ID}\n`);
  await Deno.mkdir(`${folder}/events`);
  await Deno.writeTextFile(`${folder}/events/webhooks.toml`, registryText(webhooks), {
    mode: 0o600,
  });
}

/** The registry as TOML. A setting is a string, a number or a flag, which JSON spells alike. */
export function registryText(webhooks: readonly RegisteredWebhook[]): string {
  const tables = webhooks.map((webhook) =>
    [
      "[[webhook]]",
      ...Object.entries(webhook).map(([key, value]) => {
        return `${key} = ${JSON.stringify(value)}`;
      }),
    ].join("\n")
  );
  return `${["generation = 1", ...tables].join("\n\n")}\n`;
}
