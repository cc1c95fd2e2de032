/**
 * What the compiled program tells Prometheus, asked by Prometheus itself.
 *
 * @module
 */
import { assert, assertEquals } from "../support/assert.ts";
import { findProgram } from "../support/installed.ts";
import { startDaemon, statusOf } from "../support/local_node.ts";
import { Metrics } from "../support/metrics.ts";
import { expressionsOf, metricNamesIn, MONITORING, readDashboard } from "../support/monitoring.ts";
import { promtool, startPrometheus, untilFound } from "../support/prometheus.ts";
import { type Answer, Receiver } from "../support/receiver.ts";
import { testNeeding } from "../support/requirements.ts";
import { makeTempFolder } from "../support/temp_folder.ts";
import { startOf } from "../support/test_daemon.ts";
import { until } from "../support/until.ts";

const CERT = new URL("../fixtures/tls/cert.pem", import.meta.url).pathname;
const README = new URL("../../README.md", import.meta.url).pathname;
const TOKEN = "0123456789abcdef";

/** The longest and the oddest names that the registry takes. */
const LONG = "n".repeat(64);
const ODD = "_.-a-.";

/** A daemon with a webhook in every state, whose API asks for a token. */
class Node implements AsyncDisposable {
  readonly path: string;
  /** Of the API. */
  readonly url: string;
  readonly #udpPort: number;
  readonly #cleanups: AsyncDisposable;

  private constructor(
    path: string,
    { url, udpPort, cleanups }: { url: string; udpPort: number; cleanups: AsyncDisposable },
  ) {
    this.path = path;
    this.url = url;
    this.#udpPort = udpPort;
    this.#cleanups = cleanups;
  }

  static async start(): Promise<Node> {
    await using cleanups = new AsyncDisposableStack();
    const { path } = cleanups.use(await makeTempFolder());
    const at = (answer: Answer) => cleanups.use(new Receiver({ answer })).url;
    const answers = (status: number) => at(() => new Response(null, { status }));
    const webhooks = {
      ops: answers(200),
      [LONG]: answers(503),
      [ODD]: "http://127.0.0.1:1/",
      gone: answers(410),
      rejecting: answers(404),
      held: "http://127.0.0.1:1/held",
      hanging: at(() => new Promise(() => {})),
    };
    await Deno.writeTextFile(`${path}/token`, `${TOKEN}\n`, { mode: 0o600 });
    await Deno.mkdir(`${path}/events`);
    const config = [
      "generation = 7\n[config]",
      `api-listen = "127.0.0.1:0"\napi-token-file = "${path}/token"`,
      'retry-min = "10ms"\nretry-max = "50ms"',
      ...Object.entries(webhooks).map(([name, url]) =>
        `[[webhook]]\nname = "${name}"\nurl = "${url}"\npaused = ${name === "held"}`
      ),
      `[[webhook]]\nname = "tls"\nurl = "https://127.0.0.1:1/"\nca-file = "${CERT}"`,
    ];
    await Deno.writeTextFile(`${path}/events/webhooks.toml`, config.join("\n"), { mode: 0o600 });
    cleanups.use(await startDaemon(path));
    const { api, listening: [address = ""] } = await statusOf(path);
    const node = new Node(path, {
      url: api.listening[0] ?? "",
      udpPort: Number(address.split(":")[1]),
      cleanups: cleanups.move(),
    });
    await node.send(startOf("gv1"), "no event", `1795333034 4000000 a="b\\;c=d`);
    return node;
  }

  /** Sends datagrams. */
  async send(...datagrams: string[]): Promise<void> {
    const hostname = "127.0.0.1";
    const socket = Deno.listenDatagram({ transport: "udp", hostname, port: 0 });
    for (const datagram of datagrams) {
      const to = { transport: "udp", hostname, port: this.#udpPort } as const;
      await socket.send(new TextEncoder().encode(datagram), to);
    }
    socket.close();
  }

  /** Waits until each webhook is in the state that it is to be in. */
  async inEveryState(): Promise<void> {
    const wanted: [webhook: string, state: string][] = [
      ["ops", "waiting"],
      [LONG, "retrying"],
      [ODD, "retrying"],
      ["gone", "paused"],
      ["held", "paused"],
      ["hanging", "delivering"],
    ];
    await until("there is a webhook in every state", async () => {
      const metrics = await Metrics.of(`${this.path}/sock`);
      return metrics.get('webhook_dead_letters{webhook="rejecting"}') === 2 &&
        wanted.every(([webhook, state]) =>
          metrics.get(`webhook_state{webhook="${webhook}",state="${state}"}`) === 1
        );
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#cleanups[Symbol.asyncDispose]();
  }
}

async function curl(...args: string[]): Promise<string> {
  const program = findProgram("curl") ?? "";
  const { success, stdout } = await new Deno.Command(program, { args: ["-sS", ...args] }).output();
  assert(success, `curl ${args}`);
  return new TextDecoder().decode(stdout);
}

/** What a pool that is well, or a daemon that has just started, has nothing to show for. */
const OFTEN_EMPTY = new Set(["Waiting events", "Faults", "annotations"]);

testNeeding(
  ["binary", "promtool", "curl"],
  "what the compiled program tells is what Prometheus takes, and what rules and dashboard ask for",
  async (test) => {
    await using node = await Node.start();
    await using prometheus = await startPrometheus(`
global:
  scrape_interval: 200ms
  evaluation_interval: 200ms
rule_files: [${MONITORING}alerts.yml]
scrape_configs:
  - job_name: gluster-eventing
    authorization: { credentials_file: ${node.path}/token }
    static_configs: [{ targets: ["${new URL(node.url).host}"] }]
`);
    await node.inEveryState();
    // While Prometheus takes its time.
    await test.step("with the token, curl gets what promtool has nothing to say of", async () => {
      await checkWithPromtool(node.url);
    });
    await test.step("Prometheus scrapes it with the token", async () => {
      await untilFound(prometheus, 'up{job="gluster-eventing"} == 1');
    });
    await test.step("every panel of the dashboard has something to show", async () => {
      await node.send(startOf("gv2"));
      const received = 'gluster_eventing_events_received_by_type_total{event="VOLUME_START"}';
      await untilFound(prometheus, `increase(${received}[1m]) > 0`);
      for (const [title, expr] of expressionsOf(await readDashboard())) {
        const found = await prometheus.query(expr);
        assert(found.length > 0 || OFTEN_EMPTY.has(title), `${title} shows nothing: ${expr}`);
      }
    });
    await test.step("no alert rule fails", async () => {
      const { groups } = await prometheus.ask("rules") as RuleGroups;
      const rules = groups.flatMap(({ rules }) => rules);
      assert(rules.length > 0, "there are no rules");
      assertEquals(rules.filter(({ health }) => health !== "ok"), []);
    });
  },
);

interface RuleGroups {
  readonly groups: readonly {
    readonly rules: readonly { readonly name: string; readonly health: string }[];
  }[];
}

async function checkWithPromtool(url: string): Promise<void> {
  assertEquals(await curl("-o", "/dev/null", "-w", "%{http_code}", `${url}/metrics`), "401");
  const text = await curl("-H", `Authorization: Bearer ${TOKEN}`, `${url}/metrics`);
  const { code, stdout, stderr } = await promtool(["check", "metrics"], { stdin: text });
  assertEquals([code, stdout, stderr], [0, "", ""]);
  assertEquals(text.includes(TOKEN), false);

  const metrics = new Metrics(text);
  // What only the compiled program's permissions could take away.
  for (const name of ["resident_memory_bytes", "cpu_seconds_total", "open_fds"]) {
    assert(Number(metrics.get(`process_${name}`)) > 0, name);
  }
  assert(metrics.get("kernel_drops_total") === 0, text);
  const files = ["alerts.yml", "alerts_test.yml", "dashboard.json"].map((file) =>
    MONITORING + file
  );
  for (const file of [...files, README]) {
    const used = metricNamesIn(await Deno.readTextFile(file));
    assert(used.size > 5 || file === README, file);
    assertEquals([...used].filter((name) => !metrics.names.has(name)), [], file);
  }
}
