/**
 * A Gluster node with the daemon on it, and a receiver for its webhooks.
 *
 * @module
 */
import type { StatusReport } from "../../src/api/status_report.ts";
import { assertEquals } from "../support/assert.ts";
import type { RunningProgram } from "../support/program.ts";
import type { RecordedEvent } from "../support/receiver.ts";
import { until } from "../support/until.ts";
import type { GlusterNode } from "./gluster_node.ts";

/** A webhook's URL that the receiver answers to. */
export const RECEIVER_URL = "http://127.0.0.1:9000/";

/** Gluster's own work can take a while on a busy machine. */
const PATIENCE = { withinMs: 60_000 };

/** The daemon of a node, its commands and its receiver. */
export class WatchedNode {
  readonly #node: GlusterNode;
  readonly #places: readonly string[];
  readonly #received: string;

  /** @param node Has to outlive this. */
  constructor(node: GlusterNode) {
    this.#node = node;
    const { folder } = node;
    this.#places = ["--state-dir", `${folder}/state`, "--socket", `${folder}/control.sock`];
    this.#received = `${folder}/received.jsonl`;
  }

  /** Starts the daemon the way a service manager would: only its own files are put elsewhere. */
  async startDaemon(): Promise<RunningProgram> {
    const daemon = this.#node.startEventing("run", ...this.#places);
    await daemon.shows(/ ready /);
    return daemon;
  }

  /** Starts the receiver; one that comes later writes on behind what the one before wrote. */
  async startReceiver(): Promise<RunningProgram> {
    const { port } = new URL(RECEIVER_URL);
    const receiver = this.#node.startEventing(
      ...["serve-test-hook", "--json", "--port", port, "--output", this.#received],
    );
    await receiver.shows(/Listening/);
    return receiver;
  }

  /** Registers a webhook on this node. */
  async addWebhook(url: string, ...options: string[]): Promise<void> {
    const { code, stdout, stderr } = await this.#node.eventing(
      ...["webhook-add", url, "--local", ...options, ...this.#places],
    );
    assertEquals(code, 0, stdout + stderr);
  }

  /** What `status --json` says. */
  async status(): Promise<StatusReport> {
    const { code, stdout, stderr } = await this.#node.eventing(
      ...["status", "--local", "--json", ...this.#places],
    );
    assertEquals(code, 0, stdout + stderr);
    const { output, error } = JSON.parse(stdout);
    assertEquals(error, "");
    return output;
  }

  /** What the receivers got so far, in the order in which it came. */
  async received(): Promise<RecordedEvent[]> {
    const text = await Deno.readTextFile(this.#received).catch((error) => {
      if (error instanceof Deno.errors.NotFound) return "";
      throw error;
    });
    // What follows the last line feed is a line that is just being written, or nothing.
    return text.split("\n").slice(0, -1).map((line) => JSON.parse(line).body);
  }

  /** Waits until the receiver got an event that this finds among all of them. */
  async receives(
    what: string,
    find: (events: readonly RecordedEvent[]) => RecordedEvent | undefined,
  ): Promise<RecordedEvent> {
    let events: RecordedEvent[] = [];
    return await until(what, async () => {
      events = await this.received();
      return find(events);
    }, { ...PATIENCE, seen: () => events });
  }

  /** Waits until `status` shows something. */
  async shows(
    what: string,
    check: (status: StatusReport) => boolean | Promise<boolean>,
  ): Promise<StatusReport> {
    let status: StatusReport | undefined;
    return await until(what, async () => {
      status = await this.status();
      return await check(status) ? status : undefined;
    }, { ...PATIENCE, seen: () => status });
  }

  /** Waits until no webhook has an event that is not delivered. */
  async isDone(): Promise<StatusReport> {
    return await this.shows(
      "every event is delivered",
      ({ events, webhooks }) => webhooks.every(({ delivered }) => delivered === events.received),
    );
  }
}
