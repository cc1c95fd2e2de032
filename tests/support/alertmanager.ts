/**
 * Prometheus' Alertmanager, alone on a port of this machine.
 *
 * @module
 */
import { freePort } from "../soak/free_port.ts";
import { mustFind } from "./installed.ts";
import { RunningProgram } from "./program.ts";
import { ALERTMANAGER } from "./requirements.ts";
import { makeTempFolder } from "./temp_folder.ts";
import { until } from "./until.ts";

/** An alert as its API tells it. */
export interface KnownAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly status: { readonly state: "active" | "suppressed" | "unprocessed" };
}

/** An Alertmanager that tells nobody of its alerts. */
export interface Alertmanager extends AsyncDisposable {
  /** Where alerts are posted. */
  readonly url: string;
  /** The alerts that are open. */
  readonly alerts: () => Promise<KnownAlert[]>;
}

const CONFIG = `route:\n  receiver: nobody\nreceivers:\n  - name: nobody\n`;

/** Starts one, which forgets everything at its end. */
export async function startAlertmanager(): Promise<Alertmanager> {
  await using cleanups = new AsyncDisposableStack();
  const { path } = cleanups.use(await makeTempFolder());
  await Deno.writeTextFile(`${path}/config.yml`, CONFIG);
  const address = `127.0.0.1:${freePort()}`;
  const program = cleanups.use(
    new RunningProgram([
      `--config.file=${path}/config.yml`,
      `--storage.path=${path}/data`,
      `--web.listen-address=${address}`,
      // No cluster of them.
      "--cluster.listen-address=",
    ], { binary: mustFind(ALERTMANAGER) }),
  );
  await until("Alertmanager is ready", () => isReady(`http://${address}/-/ready`), {
    seen: () => program.stderr,
  });
  const url = `http://${address}/api/v2/alerts`;
  const stack = cleanups.move();
  return {
    url,
    alerts: async () => await (await fetch(url)).json(),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

async function isReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(url);
    await response.body?.cancel();
    return response.ok;
  } catch (error) {
    // Nothing listens yet.
    if (error instanceof TypeError) return false;
    throw error;
  }
}
