/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import type { Page } from "playwright-core";
import type { ClusterPicture } from "../../src/event/cluster_picture.ts";
import { assert, assertEquals } from "../support/assert.ts";
import { type PageLook, startBrowser, type TestBrowser } from "../support/browser.ts";
import { poorContrasts } from "../support/contrast.ts";
import { type PageServer, startPageServer } from "../support/page_server.ts";
import { testNeeding } from "../support/requirements.ts";
import { until } from "../support/until.ts";

const BIDI = "\u202e\u2066gnp.exe";
const MARKUP = `<script>window.broken = 1</script><img src=x onerror="window.broken = 1">`;
const HUGE = "A".repeat(60 * 1024);
const HOSTILE = `${MARKUP}${BIDI}\0\x1b[31m`;

const PICTURE: ClusterPicture = {
  peers: [
    { name: "gl1", uuid: null, state: "up", detail: "", changed_at: null },
    { name: "gl2", uuid: null, state: "down", detail: "lost touch", changed_at: null },
  ],
  volumes: [{
    name: "gv0",
    type: "Replicate",
    state: "started",
    health: "degraded",
    detail: "1 of 2 bricks is down",
    changed_at: null,
    bricks: [
      { name: "gl1:/b1", state: "up", detail: "", changed_at: null },
      { name: "gl2:/b1", state: "down", detail: "disconnected", changed_at: null },
    ],
    faults: [
      { part: "gv0-replicate-0", is_down: true, detail: "cannot be read" },
      { part: "gv0-replicate-1", is_down: false, detail: "has no quorum" },
    ],
  }],
  last_change: {
    kind: "brick",
    name: "gl2:/b1",
    what: "disconnected",
    changed_at: "2026-11-26T14:03:22Z",
  },
};

testNeeding(["chromium"], "the live page", async (context) => {
  await using browser = await startBrowser();
  const step = (name: string, fn: () => Promise<void>) => context.step(name, fn);

  await onStage(browser, {}, async ({ server, page }) => {
    await step("shows hostile text as text, and runs none of it", async () => {
      sendHostile(server);
      await page.getByRole("button", { name: MARKUP.slice(0, 20) }).click();
      const details = page.locator("#details");
      await details.getByText("Headers").waitFor();
      const table = await page.locator("#rows").innerText();
      assert(table.includes("<script>window.broken"), table.slice(0, 500));
      assert(table.includes("\\u{202e}\\u{2066}gnp.exe"), table.slice(0, 500));
      assert((await details.innerText()).includes("\\u{0}\\u{1b}[31m"));
      assert((await details.locator("pre").last().innerText()).length > 60 * 1024);
      const longest = await page.locator("#rows td").evaluateAll((cells) =>
        Math.max(...cells.map((cell) => cell.textContent.length))
      );
      assert(longest < 700, `a cell of ${longest} characters`);
      for (const view of ["Cluster", "Nodes"]) {
        await openView(page, view);
        await page.locator("main section:visible").getByText("<script>").first().waitFor();
      }
      assertEquals(await page.evaluate(() => Reflect.has(globalThis, "broken")), false);
      assertEquals(await page.locator("main script, main img").count(), 0);
    });

    await step("fits a phone, whatever names there are", async () => {
      await page.setViewportSize({ width: 390, height: 800 });
      for (const view of ["Cluster", "Nodes", "Events"]) {
        await openView(page, view);
        assertEquals(await widthOf(page), 390, view);
      }
      await page.getByRole("button", { name: "Close the details" }).click();
      await page.getByRole("button", { name: "Filters", exact: true }).click();
      assertEquals(await widthOf(page), 390);
    });
  });

  await onStage(browser, {}, async ({ server, page }) => {
    await step("marks what changed last in the cluster, in words", async () => {
      server.sendCluster(PICTURE);
      const last = page.locator("#cluster .brick.last");
      await last.waitFor();
      assertEquals(await wordsOf(last), "✕ down gl2:/b1 last change disconnected");
      const change = await wordsOf(page.locator(".last-change"));
      assert(change.startsWith("Last change brick gl2:/b1 disconnected"), change);
    });

    await step("has enough contrast, light and dark", async () => {
      sendAllKinds(server);
      await page.getByRole("button", { name: "BRICK_DISCONNECTED" }).click();
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        for (const view of ["Cluster", "Nodes", "Events"]) {
          await openView(page, view);
          assertEquals(await poorContrasts(page), [], `${colorScheme} ${view}`);
        }
      }
    });

    await step("remembers the colours that were chosen", async () => {
      await page.emulateMedia({ colorScheme: "light" });
      const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      const light = await background();
      await page.getByRole("button", { name: "Switch to dark colours" }).click();
      const dark = await background();
      await page.reload();
      assertEquals([light === dark, await background()], [false, dark]);
      await page.getByRole("button", { name: "Switch to light colours" }).waitFor();
    });
  });

  const allows = (text: string) => text.includes("503");
  await onStage(browser, { allows }, async ({ server, page }) => {
    await step("tells how to begin while nothing has arrived", async () => {
      await page.getByText(`gluster-eventing webhook-add ${server.url}`).waitFor();
      server.send({ events: [{ text: "first" }] });
      await page.getByText("Nothing has arrived yet").waitFor({ state: "hidden" });
      await page.getByLabel("Text").fill("nowhere");
      await page.getByRole("button", { name: "Reset the filter" }).click();
      assertEquals(await textsOf(page), ["first"]);
    });

    await step("goes on without a hole and without doubles", async () => {
      server.failsWith = 503;
      server.drop();
      await page.getByText("Reconnecting since").waitFor();
      server.send({ events: [{ text: "second" }] });
      server.failsWith = undefined;
      await page.getByText("second").waitFor();
      await page.getByText("Live", { exact: true }).waitFor();
      server.send({ events: [{ text: "third" }] });
      await page.getByText("third").waitFor();
      assertEquals(await textsOf(page), ["third", "second", "first"]);
    });

    await step("shows what more is known of a request later", async () => {
      const request = server.send({ events: [{ event: "PEER_ATTACH", text: "fourth" }] });
      await page.getByRole("button", { name: "PEER_ATTACH" }).click();
      server.resend({ ...request, forwarded: { url: "http://a/", status: 502, error: null } });
      await page.locator("#details").getByText("http://a/: answered 502").waitFor();
      await page.locator("#rows .mark").getByText("not sent on").waitFor();
    });

    await step("tells in its title what came while it was hidden", async () => {
      await page.evaluate(() => Object.defineProperty(document, "hidden", { get: () => true }));
      const severities = ["alert", "critical", "info"] as const;
      server.send({ events: severities.map((severity) => ({ severity })) });
      await page.waitForFunction(() =>
        document.title.startsWith("(1 critical, 1 alert) test hook")
      );
    });
  });
});

interface Stage {
  readonly server: PageServer;
  readonly page: Page;
}

/** With a server and a page that follows it. */
async function onStage(
  browser: TestBrowser,
  look: PageLook,
  fn: (stage: Stage) => Promise<void>,
): Promise<void> {
  await using server = startPageServer();
  await using watched = await browser.open(server.url, look);
  await until("the page follows", () => server.followers() > 0);
  await fn({ server, page: watched.page });
}

function sendHostile(server: PageServer): void {
  const bad = { name: HOSTILE, huge: HUGE, nested: { [HOSTILE]: [HOSTILE] } };
  const event = { event: HOSTILE, group: HOSTILE, host: HOSTILE, nodeid: HOSTILE, text: HOSTILE };
  server.send({
    path: "/%3Cscript%3E",
    headers: { "x-bad": MARKUP + HUGE },
    body: HOSTILE + HUGE,
    verdicts: [{ scheme: "jwt", ok: false, reason: HOSTILE + HUGE }],
    events: [{ ...event, message: bad }, { text: HUGE, event: HUGE, host: HUGE }],
  });
  const part = {
    name: HOSTILE + HUGE,
    detail: HOSTILE,
    state: "down",
    changed_at: HOSTILE,
  } as const;
  const volume = { type: HOSTILE, health: "down", detail: HUGE, changed_at: null } as const;
  server.sendCluster({
    peers: [{ ...part, uuid: HOSTILE }],
    volumes: [{ ...volume, name: HOSTILE, state: "started", bricks: [part] }],
    last_change: { kind: "volume", name: HOSTILE, what: HOSTILE, changed_at: HOSTILE },
  });
  const counts = { events: 1, duplicates: 1, retries: 0, disorder: 0, gaps: 0, skipped: 0 };
  server.sendSummary({
    started_at: "",
    requests: 1,
    events: 1,
    unverified: 1,
    nodes: [{ nodeid: HUGE, host: HOSTILE, ...counts }],
  });
}

/** Events of all severities, and one with all that can be odd. */
function sendAllKinds(server: PageServer): void {
  for (const severity of ["info", "warning", "alert", "critical", null] as const) {
    server.send({ events: [{ severity, marks: ["duplicate"] }] });
  }
  const verdicts = [
    { scheme: "bearer", ok: true, reason: "it is the token" },
    { scheme: "jwt", ok: false, reason: "expired" },
  ] as const;
  server.send({ verdicts, events: [{ event: "BRICK_DISCONNECTED", severity: "alert" }] });
}

async function openView(page: Page, name: string): Promise<void> {
  await page.locator("#views").getByRole("button", { name, exact: true }).click();
}

async function textsOf(page: Page): Promise<string[]> {
  return await page.locator("#rows td.text").allTextContents();
}

async function widthOf(page: Page): Promise<number> {
  return await page.evaluate(() => document.documentElement.scrollWidth);
}

async function wordsOf(locator: ReturnType<Page["locator"]>): Promise<string> {
  return (await locator.innerText()).replace(/\s+/g, " ").trim();
}
