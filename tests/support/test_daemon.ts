/**
 * A daemon in this process, on free ports and in a temporary folder.
 *
 * @module
 */
import { Daemon } from "../../src/daemon/daemon.ts";
import type { DaemonDeps } from "../../src/daemon/daemon_options.ts";
import { systemDaemonDeps } from "../../src/cli/daemon_deps.ts";
import { addWebhook, type WebhookSettings } from "../../src/registry/changes.ts";
import { RegistryFile, registryPath } from "../../src/registry/registry_file.ts";
import type { StatusReport, WebhookStatus } from "../../src/api/status_report.ts";
import { assertEquals } from "./assert.ts";
import { until } from "./until.ts";

/** What no test should wait for. */
export const QUICK_RETRY: WebhookSettings = { "retry-min": "10ms", "retry-max": "50ms" };

/** A daemon with its folders; it can be stopped and started again. */
export class TestDaemon implements AsyncDisposable {
  readonly folder: string;
  readonly log: string[] = [];
  /** The address that it listens on and is sent to from. */
  hostname = "127.0.0.1";
  readonly file: RegistryFile;
  readonly #deps: Partial<DaemonDeps>;
  #daemon: Daemon | undefined;

  constructor(folder: string, deps: Partial<DaemonDeps> = {}) {
    this.folder = folder;
    this.file = new RegistryFile({ path: registryPath(folder) });
    this.#deps = deps;
  }

  get daemon(): Daemon {
    if (this.#daemon === undefined) throw new Error("The daemon does not run");
    return this.#daemon;
  }

  get socket(): string {
    return `${this.folder}/sock`;
  }

  get spoolPath(): string {
    return `${this.folder}/state/spool.db`;
  }

  async start(): Promise<void> {
    const deps = { ...systemDaemonDeps((line) => this.log.push(line)), ...this.#deps };
    this.#daemon = await Daemon.start({
      version: "0.0.0-test",
      workdir: this.folder,
      stateDir: `${this.folder}/state`,
      socket: this.socket,
      listen: [{ hostname: this.hostname, port: 0 }],
    }, deps);
  }

  async stop(): Promise<void> {
    await this.#daemon?.stop();
    this.#daemon = undefined;
  }

  /** Registers a webhook; the daemon, if it runs, has it afterwards. */
  async register(url: string, settings: WebhookSettings = QUICK_RETRY): Promise<void> {
    await this.file.change((registry) => addWebhook(registry, url, settings));
    await this.#daemon?.reload();
  }

  /** Sends datagrams. */
  async send(...datagrams: (string | Uint8Array)[]): Promise<void> {
    const [address] = this.daemon.addresses;
    if (address === undefined) throw new Error("The daemon listens nowhere");
    const { hostname } = this;
    const socket = Deno.listenDatagram({ transport: "udp", hostname, port: 0 });
    for (const datagram of datagrams) {
      const bytes = typeof datagram === "string" ? new TextEncoder().encode(datagram) : datagram;
      await socket.send(bytes, { transport: "udp", ...address });
    }
    socket.close();
  }

  /** Waits until the status is as wanted. */
  async reports<T>(what: string, check: (status: StatusReport) => T): Promise<NonNullable<T>> {
    return await until(what, () => check(this.daemon.status()), {
      seen: () => ({ status: this.daemon.status(), log: this.log }),
    });
  }

  /** Waits until so many events came in and none is waiting, and checks that all counts add up. */
  async delivers(received: number): Promise<readonly WebhookStatus[]> {
    const { webhooks } = await this.reports(
      `${received} events are in and none is waiting`,
      (status) =>
        status.events.received >= received &&
          status.webhooks.every(({ pending }) => pending === 0)
          ? status
          : undefined,
    );
    for (const { name, matched, delivered, pending, dead, dropped } of webhooks) {
      assertEquals(matched, delivered + pending + dead + dropped, name);
    }
    return webhooks;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

/** A datagram that says that the volume was started. */
export function startOf(volume: string): string {
  return `1795333034 3 name=${volume};force=0`;
}
