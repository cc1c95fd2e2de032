/**
 * The stream as a real browser's `EventSource` and `WebSocket` follow it.
 *
 * @module
 */
import { type Browser, chromium } from "playwright-core";
import { setConfig } from "../../src/registry/changes.ts";
import { assertEquals } from "../support/assert.ts";
import { findProgram } from "../support/installed.ts";
import { CHROMIUM, testNeeding } from "../support/requirements.ts";
import { makeTempFolder } from "../support/temp_folder.ts";
import { startOf, TestDaemon } from "../support/test_daemon.ts";
import { until } from "../support/until.ts";

async function startChromium(): Promise<Browser & AsyncDisposable> {
  return await chromium.launch({
    executablePath: findProgram(CHROMIUM) ?? CHROMIUM,
    args: ["--no-sandbox"],
  });
}

function apiOf(daemon: TestDaemon): string {
  return daemon.daemon.status().api.listening[0] ?? "";
}

/** Run in the page: both kinds, each with what it got. */
const FOLLOW = `
  window.got = { source: [], socket: [], opened: 0 };
  const take = (list) => ({ data }) => list.push(JSON.parse(data));
  const source = new EventSource("/v1/events?events=VOLUME_*");
  source.onopen = () => got.opened++;
  source.onmessage = take(got.source);
  source.addEventListener("notice", take(got.source));
  const socket = new WebSocket("/v1/events".replace(/^/, location.origin.replace("http", "ws")));
  socket.onmessage = take(got.socket);
  socket.onclose = ({ code }) => got.closed = code;
`;

interface Got {
  readonly source: Record<string, unknown>[];
  readonly socket: Record<string, unknown>[];
  readonly opened: number;
  readonly closed?: number;
}

function namesIn(list: readonly Record<string, unknown>[]): unknown[] {
  return list.map(({ notice, message }) =>
    notice ?? (message as Record<string, unknown> | undefined)?.["name"]
  );
}

testNeeding(
  ["chromium"],
  "a browser follows, comes back by itself after a restart, and misses nothing",
  async () => {
    await using folder = await makeTempFolder();
    await using daemon = new TestDaemon(folder.path);
    await daemon.start();
    await daemon.send(startOf("gv0"));
    await daemon.reports("it is in", ({ events }) => events.received === 1);
    await daemon.file.change(() => setConfig("api-listen", "127.0.0.1:0"));
    await daemon.daemon.reload();
    const url = apiOf(daemon);
    // The same port after the restart, which the browser knows.
    await daemon.file.change(() => setConfig("api-listen", url.slice("http://".length)));
    await daemon.daemon.reload();
    await using browser = await startChromium();
    const page = await browser.newPage();
    await page.goto(`${url}/healthz`);
    await page.evaluate(FOLLOW);
    const got = async () => await page.evaluate("got") as Got;
    const shows = async (list: "source" | "socket", wanted: readonly unknown[]) => {
      let names: unknown[] = [];
      await until(`${list} has ${wanted}`, async () => {
        names = namesIn((await got())[list]);
        return names.length >= wanted.length;
      }, { seen: () => names });
      assertEquals(names, [...wanted]);
    };
    await shows("source", ["live"]);
    await shows("socket", ["live"]);
    await daemon.send(startOf("gv1"));
    await shows("source", ["live", "gv1"]);
    await shows("socket", ["live", "gv1"]);

    await daemon.stop();
    await until("the socket is told why", async () => (await got()).closed === 1001);
    await daemon.start();
    // At once, before the browser is back.
    await daemon.send(startOf("gv2"));
    const volumes = async () => namesIn((await got()).source).filter((name) => name !== "live");
    await until("it is back", async () => (await got()).opened === 2);
    await until("what it missed is there", async () => (await volumes()).length >= 2);
    assertEquals(await volumes(), ["gv1", "gv2"]);

    // A page of somebody else gets nothing.
    const other = await browser.newPage();
    await other.goto(url.replace("127.0.0.1", "localhost") + "/healthz");
    const answer = await other.evaluate(`new Promise((resolve) => {
      const socket = new WebSocket("${url.replace("http", "ws")}/v1/events");
      socket.onmessage = () => resolve("served");
      socket.onclose = () => resolve("refused");
    })`);
    assertEquals(answer, "refused");
  },
);
