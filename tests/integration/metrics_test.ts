/**
 * What a daemon tells Prometheus, and that it is true.
 *
 * @module
 */
import { ATTEMPT_CLASSES } from "../../src/daemon/delivery_counts.ts";
import { removeWebhook, setConfig } from "../../src/registry/changes.ts";
import { assert, assertEquals } from "../support/assert.ts";
import { Metrics } from "../support/metrics.ts";
import { Receiver } from "../support/receiver.ts";
import { makeTempFolder } from "../support/temp_folder.ts";
import { QUICK_RETRY, startOf, TestDaemon } from "../support/test_daemon.ts";
import { until } from "../support/until.ts";

/** Waits until the figures are as wanted. */
async function metricsOf(
  daemon: TestDaemon,
  check: (metrics: Metrics) => boolean,
): Promise<Metrics> {
  let seen = "";
  return await until("the metrics are as wanted", async () => {
    const metrics = await Metrics.of(daemon.socket);
    seen = metrics.text;
    return check(metrics) ? metrics : undefined;
  }, { seen: () => seen });
}

/** Those of a family that are not 0, by the value of a label. */
function nonZero(metrics: Metrics, start: string, label: string): Record<string, number> {
  return Object.fromEntries(
    metrics.all(start).filter(([, value]) => value !== 0).map(([series, value]) => [
      new RegExp(`${label}="([^"]*)"`).exec(series)?.[1] ?? "",
      value,
    ]),
  );
}

Deno.test("the figures of a webhook tell what became of its events, and how long it took", async () => {
  await using folder = await makeTempFolder();
  const statuses = [200, 503, 204, 404, 404, 404, 404, 404, 302];
  await using receiver = new Receiver({
    answer: (_, number) => new Response(null, { status: statuses[number - 1] ?? 200 }),
  });
  await using daemon = new TestDaemon(folder.path);
  await daemon.register(receiver.url, { ...QUICK_RETRY, name: "ops", events: ["VOLUME_*"] });
  await daemon.start();
  await daemon.send(
    startOf("gv1"),
    startOf("gv2"),
    startOf("gv3"),
    startOf("gv4"),
    "1795333034 999 name=x",
    "no event",
  );
  await daemon.reports("all is in", ({ events }) => events.received === 5 && events.refused === 1);
  await daemon.delivers(5);
  const metrics = await metricsOf(
    daemon,
    (now) => now.get('webhook_delivered_total{webhook="ops"}') === 3,
  );
  const of = (name: string) => metrics.get(`webhook_${name}{webhook="ops"}`);
  assertEquals(
    nonZero(metrics, "webhook_attempts_total", "class"),
    { "2xx": 3, "3xx": 1, "4xx": 5, "5xx": 1 },
  );
  assertEquals(metrics.all("webhook_attempts_total").length, ATTEMPT_CLASSES.length);
  assertEquals(of("delivered_total"), 3);
  assertEquals(of("filtered_total"), 1);
  assertEquals([of("given_up_total"), of("dead"), of("dead_letters")], [1, 1, 1]);
  assertEquals([of("pending"), of("oldest_pending_seconds"), of("dropped_total")], [0, 0, 0]);
  assertEquals(nonZero(metrics, "webhook_state", "state"), { waiting: 1 });
  assertEquals(metrics.all("webhook_state").length, 4);
  assertEquals(of("attempt_duration_seconds_count"), 10);
  assertEquals(of("delivery_delay_seconds_count"), 3);
  const [success = 0, attempt = 0] = [
    of("last_success_timestamp_seconds"),
    of("last_attempt_timestamp_seconds"),
  ];
  assert(attempt >= success && Math.abs(attempt - Date.now() / 1000) < 60, `${attempt}`);

  assertEquals(metrics.get("events_received_total"), 5);
  assertEquals(metrics.get("datagrams_refused_total"), 1);
  assertEquals(
    nonZero(metrics, "events_received_by_type_total", "event"),
    { VOLUME_START: 4, UNKNOWN: 1 },
  );
  assertEquals(metrics.get("kernel_drops_total"), 0);
  assertEquals([metrics.get("spool_ok"), metrics.get("registry_valid")], [1, 1]);
  assertEquals(metrics.get("registry_generation"), 1);
  assert(Number(metrics.get("spool_used_bytes")) > 0, metrics.text);
  assert(Number(metrics.get("spool_commit_duration_seconds_count")) > 0, metrics.text);
  assert(Number(metrics.get("process_resident_memory_bytes")) > 1e6, metrics.text);
  assert(Number(metrics.get("process_cpu_seconds_total")) > 0, metrics.text);
  assert(Number(metrics.get("process_open_fds")) > 3, metrics.text);
  assertEquals(metrics.get('build_info{version="0.0.0-test"}'), 1);

  // A replay is as late as it is: it says nothing of how long deliveries take.
  const [client, body] = [
    Deno.createHttpClient({ proxy: { transport: "unix", path: daemon.socket } }),
    JSON.stringify({ webhook: "ops", dead_letters: true }),
  ];
  using _ = client;
  await (await fetch("http://daemon/v1/replay", { client, method: "POST", body })).json();
  const after = await metricsOf(
    daemon,
    (now) => now.get('webhook_delivered_total{webhook="ops"}') === 4,
  );
  assertEquals(
    ["dead", "dead_letters", "given_up_total", "delivery_delay_seconds_count"].map((name) =>
      after.get(`webhook_${name}{webhook="ops"}`)
    ),
    [0, 0, 1, 3],
  );
});

Deno.test("a webhook that is gone has no figures, and one of its name begins anew", async () => {
  await using folder = await makeTempFolder();
  await using receiver = new Receiver();
  await using daemon = new TestDaemon(folder.path);
  await daemon.register(receiver.url, { ...QUICK_RETRY, name: "ops" });
  await daemon.start();
  await daemon.send(startOf("gv1"));
  await daemon.delivers(1);
  const attempts = 'webhook_attempts_total{webhook="ops",class="2xx"}';
  assertEquals((await Metrics.of(daemon.socket)).get(attempts), 1);
  await daemon.file.change((registry) => removeWebhook(registry, "ops"));
  await daemon.daemon.reload();
  const gone = await Metrics.of(daemon.socket);
  assertEquals([gone.all("webhook_"), gone.get("webhooks")], [[], 0]);
  await daemon.register(receiver.url, { ...QUICK_RETRY, name: "ops" });
  assertEquals((await Metrics.of(daemon.socket)).get(attempts), 0);
});

Deno.test("what is not as it should be shows: pauses, a bad registry, nobody who listens", async () => {
  await using folder = await makeTempFolder();
  await using daemon = new TestDaemon(folder.path);
  const url = "http://user:s3cret@127.0.0.1:1/?key=s3cret";
  await daemon.register(url, { ...QUICK_RETRY, name: "down", headers: { "X-Key": "s3cret" } });
  await daemon.register("http://127.0.0.1:1/p", { name: "held", paused: true });
  await daemon.start();
  await daemon.send(startOf("gv1"));
  const metrics = await metricsOf(
    daemon,
    (now) => Number(now.get('webhook_attempts_total{webhook="down",class="refused"}')) > 0,
  );
  assertEquals(nonZero(metrics, "webhook_state", "webhook"), { down: 1, held: 1 });
  assertEquals(metrics.get('webhook_state{webhook="down",state="retrying"}'), 1);
  assertEquals(metrics.get('webhook_state{webhook="held",state="paused"}'), 1);
  assertEquals(metrics.text.includes("s3cret"), false);
  assertEquals(metrics.get('webhook_pending{webhook="held"}'), 1);
  assert(Number(metrics.get('webhook_oldest_pending_seconds{webhook="down"}')) > 0, metrics.text);
  assertEquals(metrics.get('webhook_last_attempt_timestamp_seconds{webhook="held"}'), undefined);
  assertEquals(metrics.get('webhook_last_success_timestamp_seconds{webhook="down"}'), undefined);

  await Deno.writeTextFile(daemon.file.path, "[config]\nport = 0\n");
  await daemon.daemon.reload();
  const bad = await Metrics.of(daemon.socket);
  assertEquals([bad.get("registry_valid"), bad.get("webhooks")], [0, 2]);
});

Deno.test("it is asked for like all else over TCP: as text, by GET, with the token", async () => {
  await using folder = await makeTempFolder();
  await using daemon = new TestDaemon(folder.path);
  const tokenFile = `${folder.path}/token`;
  await Deno.writeTextFile(tokenFile, "0123456789abcdef\n", { mode: 0o600 });
  await daemon.start();
  await daemon.file.change(() => [
    ...setConfig("api-token-file", tokenFile),
    ...setConfig("api-listen", "127.0.0.1:0"),
  ]);
  await daemon.daemon.reload();
  const url = `${daemon.daemon.status().api.listening[0]}/metrics`;
  const refused = await fetch(url);
  assertEquals(refused.status, 401);
  await refused.body?.cancel();
  const headers = { authorization: "Bearer 0123456789abcdef" };
  const posted = await fetch(url, { method: "POST", headers });
  assertEquals(posted.status, 405);
  await posted.body?.cancel();
  const answer = await fetch(url, { headers });
  assertEquals(answer.status, 200);
  assertEquals(answer.headers.get("content-type"), "text/plain; version=0.0.4; charset=utf-8");
  assertEquals(new Metrics(await answer.text()).get("api_refused_total"), 1);
});
