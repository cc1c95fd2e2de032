/**
 * The live page of a daemon in a real browser.
 *
 * @module
 */
import type { Page } from "playwright-core";
import type { GlusterCommand } from "../../src/cluster/gluster_command.ts";
import { formatDatagram } from "../../src/event/datagram.ts";
import type { DaemonDeps } from "../../src/daemon/daemon_options.ts";
import { setConfig } from "../../src/registry/changes.ts";
import { assertEquals, assertMatch } from "../support/assert.ts";
import { startBrowser, type TestBrowser, type WatchedPage } from "../support/browser.ts";
import { readGlusterXml } from "../support/gluster_xml.ts";
import { Receiver } from "../support/receiver.ts";
import { testNeeding } from "../support/requirements.ts";
import { makeTempFolder } from "../support/temp_folder.ts";
import { QUICK_RETRY, startOf, TestDaemon } from "../support/test_daemon.ts";
import { until } from "../support/until.ts";

const TOKEN = "0123456789abcdef0123";
/** What the browser says of an answer that refuses, and of a server that is away. */
const REFUSED = /status of (?:401|403|429)|ERR_CONNECTION_REFUSED|ERR_INCOMPLETE|ERR_EMPTY/;

/** A daemon that serves its page on a port of its own, which it keeps. */
async function startPaged(
  daemon: TestDaemon,
  { token }: { readonly token?: string } = {},
): Promise<string> {
  const probe = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = probe.addr;
  probe.close();
  const tokenFile = `${daemon.folder}/token`;
  if (token !== undefined) await Deno.writeTextFile(tokenFile, token, { mode: 0o600 });
  await daemon.file.change(() => [
    ...setConfig("api-listen", `127.0.0.1:${port}`),
    ...token === undefined ? [] : setConfig("api-token-file", tokenFile),
  ]);
  await daemon.start();
  const [url = ""] = daemon.daemon.status().api.listening;
  return url;
}

/** A body of a test on a daemon and a page of it. */
interface OnPage {
  readonly daemon: TestDaemon;
  readonly url: string;
  readonly page: Page;
}

interface PageTest {
  readonly token?: string;
  readonly deps?: Partial<DaemonDeps>;
  readonly prepare?: (daemon: TestDaemon) => Promise<void>;
}

async function onPage(
  browser: TestBrowser,
  { token, deps = {}, prepare = () => Promise.resolve() }: PageTest,
  body: (on: OnPage) => Promise<void>,
): Promise<void> {
  await using folder = await makeTempFolder();
  await using daemon = new TestDaemon(folder.path, { hostname: () => "gl1", ...deps });
  await prepare(daemon);
  const url = await startPaged(daemon, token === undefined ? {} : { token });
  await using watched: WatchedPage = await browser.open(url, {
    allows: (complaint) => REFUSED.test(complaint),
  });
  await body({ daemon, url, page: watched.page });
}

async function logIn(page: Page, token: string): Promise<void> {
  await page.getByLabel("Token").fill(token);
  await page.getByRole("button", { name: "Log in" }).click();
}

/** The names of the events in the table, newest first. */
async function eventsIn(page: Page): Promise<string[]> {
  return await page.locator("#rows button.name").allTextContents();
}

async function showsEvents(page: Page, wanted: readonly string[]): Promise<void> {
  let seen: string[] = [];
  await until(`the table shows ${wanted.join(", ")}`, async () => {
    seen = await eventsIn(page);
    return JSON.stringify(seen) === JSON.stringify(wanted);
  }, { seen: () => seen });
}

async function says(page: Page, selector: string, wanted: RegExp): Promise<string> {
  let seen = "";
  return await until(`${selector} says ${wanted}`, async () => {
    seen = (await page.locator(selector).allInnerTexts()).join("\n");
    return wanted.test(seen) ? seen : undefined;
  }, { seen: () => seen });
}

function view(page: Page, name: string): Promise<void> {
  return page.getByRole("button", { name, exact: true }).click();
}

testNeeding(["chromium"], "the live page of a daemon", async (test) => {
  await using browser = await startBrowser();

  await test.step("events that were and events that come are shown, and what is no change cannot be made", async () => {
    await using bad = new Receiver({ answer: () => new Response("no", { status: 404 }) });
    const prepare = (daemon: TestDaemon) =>
      daemon.register(bad.url, { ...QUICK_RETRY, name: "ops" });
    await onPage(browser, { prepare }, async ({ daemon, page }) => {
      await daemon.send(startOf("gv1"));
      await showsEvents(page, ["VOLUME_START"]);
      assertMatch(await says(page, "#rows", /gv1/), /volume gv1 was started/);
      await page.reload();
      await showsEvents(page, ["VOLUME_START"]);
      await daemon.send("1795333034 0 host=<b>gl4</b>");
      await showsEvents(page, ["PEER_ATTACH", "VOLUME_START"]);
      await says(page, "#rows", /peer <b>gl4<\/b> joined the pool/);
      assertEquals(await page.getByRole("button", { name: "Log out" }).count(), 0);
      assertEquals(await page.getByRole("button", { name: "Cluster", exact: true }).count(), 0);
      await view(page, "Dead letters");
      await says(page, ".note", /set a token: gluster-eventing config-set api-token-file FILE/);
      await says(page, "#panel tbody", /404 Not Found, rejected 6 times/);
      assertEquals(await page.getByRole("button", { name: /Replay/ }).count(), 0);
    });
  });

  await test.step("who has the token logs in and out, and is told what is wrong", async () => {
    await onPage(browser, { token: TOKEN }, async ({ daemon, page }) => {
      await logIn(page, "not-the-token-at-all");
      await says(page, "#login-problem", /This is not the token/);
      await logIn(page, TOKEN);
      await says(page, "#connection", /Live/);
      await daemon.send(startOf("gv1"));
      await showsEvents(page, ["VOLUME_START"]);
      assertEquals(await page.evaluate(() => document.cookie), "");
      await page.locator("#filter-text").fill("gv");
      await page.getByRole("button", { name: "Log out" }).click();
      await page.getByLabel("Token").waitFor();
      assertEquals(await page.locator("#rows").isVisible(), false);
      assertEquals(await page.evaluate(async () => (await fetch("/v1/status")).status), 401);
      await daemon.send(startOf("gv2"));
      await logIn(page, TOKEN);
      // What came meanwhile is not missing, and what was chosen is still chosen.
      await showsEvents(page, ["VOLUME_START", "VOLUME_START"]);
      assertEquals(await page.locator("#filter-text").inputValue(), "gv");
    });
  });

  await test.step("a session that ended leads to the login, and a restart of the daemon loses nothing", async () => {
    await onPage(browser, { token: TOKEN }, async ({ daemon, page }) => {
      await logIn(page, TOKEN);
      await daemon.send(startOf("gv1"));
      await showsEvents(page, ["VOLUME_START"]);
      await daemon.stop();
      await says(page, "#connection", /Reconnecting/);
      await daemon.start();
      await daemon.send(startOf("gv2"));
      await page.getByLabel("Token").waitFor();
      await logIn(page, TOKEN);
      await showsEvents(page, ["VOLUME_START", "VOLUME_START"]);
      await says(page, "#connection", /Live/);
    });
  });

  await test.step("without a token the page goes on by itself after a restart", async () => {
    await onPage(browser, {}, async ({ daemon, page }) => {
      await daemon.send(startOf("gv1"));
      await showsEvents(page, ["VOLUME_START"]);
      await daemon.stop();
      await says(page, "#connection", /Reconnecting/);
      await daemon.start();
      await daemon.send("1795333034 0 host=gl4");
      await showsEvents(page, ["PEER_ATTACH", "VOLUME_START"]);
    });
  });

  await test.step("a webhook that fails says why, and its dead letters are posted again by hand", async () => {
    let status = 404;
    await using receiver = new Receiver({ answer: () => new Response("gone", { status }) });
    const prepare = (daemon: TestDaemon) =>
      daemon.register(receiver.url, { ...QUICK_RETRY, name: "ops" });
    await onPage(browser, { token: TOKEN, prepare }, async ({ daemon, page }) => {
      await logIn(page, TOKEN);
      await view(page, "Webhooks");
      await says(page, ".webhook", /ops[^]*nothing waits/);
      await daemon.send(startOf("gv1"), startOf("gv2"), startOf("gv3"));
      await says(
        page,
        ".webhook",
        /failed last[^]*18 attempts failed since .*404 Not Found[^]*dead\s3/,
      );
      await page.getByRole("button", { name: "Attempts of ops" }).click();
      await says(page, "#panel tbody", /VOLUME_START\s404 Not Found\s+gone[^]*given up/);
      await page.getByLabel("Failed only").check();
      assertEquals(await page.locator("#panel tbody tr").count(), 18);

      status = 200;
      await view(page, "Dead letters");
      await page.locator("#panel tbody tr").nth(2).waitFor();
      await page.getByLabel("Select VOLUME_START").first().check();
      await page.getByRole("button", { name: "Replay selected (1)" }).click();
      await says(page, ".question", /1 event would be posted again to ops\./);
      assertEquals(receiver.requests.length, 18);
      await page.getByRole("button", { name: "Cancel" }).click();
      await page.getByRole("button", { name: "Replay selected (1)" }).click();
      await page.getByRole("button", { name: "Post 1 event" }).click();
      await says(page, ".question", /1 event is posted again\./);
      await daemon.reports("it is delivered", ({ webhooks }) => webhooks[0]?.dead === 2);
      await until("two are left", async () => await page.locator("#panel tbody tr").count() === 2);
      await page.getByRole("button", { name: "Replay all of ops" }).click();
      await page.getByRole("button", { name: "Post 2 events" }).click();
      await says(page, "#panel .empty", /No event was given up on/);
      const [{ dead, delivered } = { dead: 1, delivered: 0 }] = await daemon.delivers(3);
      assertEquals([dead, delivered], [0, 3]);
      assertEquals(receiver.requests.length, 21);
    });
  });

  await test.step("the cluster is what glusterd tells, and follows events", async () => {
    const answers: Record<string, string> = {
      "pool list": await readGlusterXml("pool"),
      "volume info": await readGlusterXml("volume_info"),
      "volume status": await readGlusterXml("volume_status"),
    };
    const gluster: GlusterCommand = ([one = "", two = ""]) =>
      Promise.resolve({ code: 0, stdout: answers[`${one} ${two}`] ?? "", stderr: "" });
    const pool = { gluster, isOurs: () => Promise.resolve(false) };
    await onPage(browser, { deps: { pool } }, async ({ daemon, page }) => {
      await says(page, "#cluster", /3 peers, 3 volumes, 8 bricks/);
      answers["volume status"] = await readGlusterXml("volume_status_brick_killed");
      const message = { peer: "gl2", volume: "rep", brick: "/bricks/r2" };
      await daemon.send(formatDatagram({ ts: 1795333034, event: "BRICK_DISCONNECTED", message }));
      await page.locator(".brick.down", { hasText: "gl2:/bricks/r2" }).waitFor();
      await says(page, ".last-change", /gl2:\/bricks\/r2/);
      // glusterd confirms it, in its words.
      await says(page, ".brick.down", /its process does not run/);
      answers["volume status"] = "Connection failed.";
      await daemon.send("1795333034 0 host=gl4");
      await says(page, "#cluster", /This may be out of date: glusterd: its answer cannot be read/);
    });
  });
});
