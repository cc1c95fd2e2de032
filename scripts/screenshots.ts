/**
 * Takes the pictures of the README: `scripts/deno run -A scripts/screenshots.ts`. It writes
 * `scripts/screenshots/page_light.png`, the page of the test hook, and `page_dark.png`, the page of a
 * daemon. Both run in this process and are told the story of a cluster of three nodes; the browser is
 * Debian's `chromium`. Look at the pictures before you commit them.
 *
 * @module
 */
import type { Page } from "playwright-core";
import type { GlusterCommand } from "../src/cluster/gluster_command.ts";
import { systemClock } from "../src/dispatcher/clock.ts";
import type { WebhookClient } from "../src/dispatcher/http/webhook_client.ts";
import { makeJwt } from "../src/dispatcher/jwt.ts";
import type { AttemptResult } from "../src/dispatcher/verdict.ts";
import { formatDatagram } from "../src/event/datagram.ts";
import { type Message, toPayload } from "../src/event/event.ts";
import { addWebhook, setConfig } from "../src/registry/changes.ts";
import { newUlid } from "../src/std/ulid.ts";
import { startTestHook, urlOf } from "../src/testhook/test_hook.ts";
import { startBrowser, type TestBrowser } from "../tests/support/browser.ts";
import { readGlusterXml } from "../tests/support/gluster_xml.ts";
import { makeTempFolder } from "../tests/support/temp_folder.ts";
import { TestDaemon } from "../tests/support/test_daemon.ts";
import { say } from "./task.ts";

const SIZE = { width: 1280, height: 720 };
const FOLDER = new URL("./screenshots/", import.meta.url);
/** What the page marks as new is so for less. */
const SETTLED_MS = 2500;
const SECRET = "not-a-secret";
const IDS: Readonly<Record<string, string>> = {
  gl1: "2c6ea128-08c8-4245-b056-d2508e8106a4",
  gl2: "e9bfb6da-6bc7-431f-9139-d20d93663784",
  gl3: "6139dcd1-34a9-4f26-9341-9b6196fa6aee",
};

/** An event of the story. */
interface Told {
  /** How many seconds before the picture is taken. */
  readonly ago: number;
  readonly node: string;
  readonly event: string;
  readonly message: Message;
  /** With what it is signed. */
  readonly secret?: string;
}

const tell = (ago: number, node: string, event: string, message: Message): Told => ({
  ago,
  node,
  event,
  message,
});
const connected = (ago: number, node: string, volume: string) =>
  tell(ago, node, "BRICK_CONNECTED", { peer: node, volume, brick: `/srv/${volume}` });
const bricksOn = (volume: string, ...nodes: string[]) =>
  nodes.map((node) => `${node}:/srv/${volume}`).join(" ");

/** What happens in a cluster. */
const STORY: readonly Told[] = [
  tell(5410, "gl1", "PEER_ATTACH", { host: "gl2" }),
  tell(5391, "gl1", "PEER_ATTACH", { host: "gl3" }),
  tell(5202, "gl1", "VOLUME_CREATE", {
    name: "home",
    bricks: bricksOn("home", "gl1", "gl2", "gl3"),
  }),
  tell(5175, "gl1", "VOLUME_START", { name: "home", force: false }),
  ...["gl1", "gl2", "gl3"].map((node) => connected(5174, node, "home")),
  tell(4410, "gl2", "VOLUME_CREATE", { name: "media", bricks: bricksOn("media", "gl1", "gl3") }),
  tell(4380, "gl2", "VOLUME_START", { name: "media", force: false }),
  ...["gl1", "gl3"].map((node) => connected(4379, node, "media")),
  tell(2210, "gl2", "VOLUME_SET", { name: "home", options: [["cluster.quorum-type", "auto"]] }),
  tell(1322, "gl1", "SNAPSHOT_CREATED", {
    snapshot_name: "home-daily",
    volume_name: "home",
    snapshot_uuid: "4a1c1f0e-5f0b-4f7d-9b1d-0d5f0c6a2a31",
  }),
  tell(655, "gl3", "QUOTA_CROSSED_SOFT_LIMIT", {
    Usage: "82.0GB",
    volume: "media",
    path: "/uploads",
  }),
  {
    ...tell(301, "gl3", "VOLUME_STOP", { name: "media", force: false }),
    secret: "of somebody else",
  },
  tell(74, "gl2", "BRICK_DISCONNECTED", { peer: "gl2", volume: "home", brick: "/srv/home" }),
];

/** The page of the test hook, with what a webhook of each node posts. */
async function takeLight(browser: TestBrowser): Promise<void> {
  const endMs = Date.now();
  let nowMs = endMs - 5500 * 1000;
  await using hook = startTestHook({
    hostname: "127.0.0.1",
    port: 9000,
    now: () => nowMs,
    onRequest: () => {},
    proof: { secrets: [SECRET] },
    machine: "gl1",
  });
  for (const told of STORY) {
    nowMs = endMs - told.ago * 1000;
    await post(urlOf(hook), told, nowMs);
  }
  await using look = await browser.open(urlOf(hook), { ...SIZE, colorScheme: "light" });
  const { page } = look;
  await page.locator(".brick.down").waitFor();
  await take(page, "page_light.png");
}

async function post(url: string, { node, event, message, secret }: Told, atMs: number) {
  const ts = Math.floor(atMs / 1000);
  const id = newUlid(atMs);
  const payload = toPayload({ id, nodeId: IDS[node] ?? "", host: node, ts, event, message });
  const response = await fetch(url, {
    method: "POST",
    body: JSON.stringify(payload),
    headers: {
      "content-type": "application/json",
      "authorization": `Bearer ${makeJwt(secret ?? SECRET, { event, ts, atMs })}`,
      "webhook-id": id,
    },
  });
  await response.body?.cancel();
}

/** What the webhooks' receivers answer, by their hosts. */
const ANSWERS: Readonly<Record<string, AttemptResult>> = {
  "chat.example.com": {
    kind: "error",
    errorClass: "refused",
    detail: "Connection refused",
    durationMs: 4,
  },
  "tickets.example.com": {
    kind: "response",
    status: 404,
    answer: "no such queue",
    durationMs: 21,
  },
};
const TAKEN: AttemptResult = { kind: "response", status: 200, answer: "", durationMs: 3 };

const client: WebhookClient = {
  post: ({ url }) => Promise.resolve(ANSWERS[new URL(url).hostname] ?? TAKEN),
  [Symbol.dispose]() {},
};

/** What glusterd of a real cluster said, under the names of the story. */
async function glusterOfStory(): Promise<GlusterCommand> {
  const files = {
    "pool list": "pool",
    "volume info": "volume_info",
    "volume status": "volume_status_brick_killed",
  };
  const names = { rep: "home", disp: "media", dist: "scratch" };
  const folders = { r: "home", e: "media", d: "scratch" };
  const texts = new Map<string, string>();
  for (const [command, file] of Object.entries(files)) {
    let xml = await readGlusterXml(file);
    for (const [old, name] of Object.entries(names)) {
      xml = xml.replaceAll(`>${old}<`, `>${name}<`);
    }
    for (const [letter, name] of Object.entries(folders)) {
      xml = xml.replaceAll(new RegExp(`/bricks/${letter}\\d`, "g"), `/srv/${name}`);
    }
    texts.set(command, xml);
  }
  return ([one = "", two = ""]) =>
    Promise.resolve({ code: 0, stdout: texts.get(`${one} ${two}`) ?? "", stderr: "" });
}

/** The page of the daemon on gl1, while two of its webhooks have trouble. */
async function takeDark(browser: TestBrowser): Promise<void> {
  await using folder = await makeTempFolder();
  let agoMs = 5500 * 1000;
  const clock = { ...systemClock, now: () => Date.now() - agoMs };
  const pool = { gluster: await glusterOfStory(), isOurs: () => Promise.resolve(false) };
  await using daemon = new TestDaemon(folder.path, {
    clock,
    pool,
    hostname: () => "gl1",
    createClient: () => client,
    lookAtCertificate: () => Promise.resolve(undefined),
  });
  const probe = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = probe.addr;
  probe.close();
  await daemon.file.change(() => setConfig("api-listen", `127.0.0.1:${port}`));
  for (
    const [name, settings] of [
      ["ops", {}],
      ["alerts", { severity: "warning" }],
      ["tickets", {
        "events": ["BRICK_DISCONNECTED", "QUOTA_*"],
        "retry-min": "10ms",
        "retry-max": "20ms",
      }],
      ["chat", { severity: "warning" }],
      ["audit", { events: ["VOLUME_*"] }],
      ["backup", { events: ["SNAPSHOT_*"] }],
    ] as const
  ) {
    const url = `https://${name}.example.com/gluster`;
    await daemon.file.change((registry) => addWebhook(registry, url, { name, ...settings }));
  }
  await daemon.start();
  let sent = 0;
  for (const { ago, event, message } of STORY) {
    agoMs = ago * 1000;
    const ts = Math.floor(clock.now() / 1000);
    await daemon.send(formatDatagram({ ts, event, message }));
    sent++;
    await daemon.reports("it is in", ({ events }) => events.received === sent);
  }
  await daemon.reports(
    "tickets has two dead letters",
    ({ webhooks }) => webhooks.some(({ name, dead }) => name === "tickets" && dead === 2),
  );
  agoMs = 0;
  await using look = await browser.open(`http://127.0.0.1:${port}/`, {
    ...SIZE,
    colorScheme: "dark",
    // There is no pool here whose nodes could be followed.
    allows: (complaint) => complaint.includes("scope=cluster"),
  });
  const { page } = look;
  await page.getByRole("button", { name: "Webhooks", exact: true }).click();
  await page.locator(".webhook").nth(5).waitFor();
  await take(page, "page_dark.png");
}

async function take(page: Page, name: string): Promise<void> {
  await page.waitForTimeout(SETTLED_MS);
  const path = new URL(name, FOLDER).pathname;
  await page.screenshot({ path });
  const { size } = await Deno.stat(path);
  say(`${path}: ${Math.ceil(size / 1024)} KiB`);
}

await using browser = await startBrowser();
await takeLight(browser);
await takeDark(browser);
