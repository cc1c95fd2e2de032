/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import type { Page } from "playwright-core";
import { startTestHook, type TestHook } from "../../src/testhook/test_hook.ts";
import { assert, assertEquals, assertStringIncludes } from "../support/assert.ts";
import { startBrowser } from "../support/browser.ts";
import { testNeeding } from "../support/requirements.ts";
import { until } from "../support/until.ts";

/** What the table holds in the document at most. */
const MOST_LINES = 300;
const SECRET = "a token that nobody may see";

testNeeding(["chromium"], "the live page of the test hook", async (context) => {
  await using browser = await startBrowser();
  const step = (name: string, fn: () => Promise<void>) => context.step(name, fn);
  let hook = startHook(0);
  const { port } = hook;
  const url = `http://127.0.0.1:${port}/`;
  await using watched = await browser.open(url, {
    allows: (text) => text.includes("net::ERR_"),
  });
  const { page } = watched;
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);

  await step("shows events and the cluster as they come, without a reload", async () => {
    await page.getByText("Live", { exact: true }).waitFor();
    await page.evaluate(() => Reflect.set(globalThis, "isStillHere", true));
    await post(url, "PEER_CONNECT", { host: "gl2" });
    await post(url, "VOLUME_CREATE", { name: "gv0", bricks: "gl1:/b1 gl2:/b1" });
    await post(url, "VOLUME_START", { name: "gv0" });
    await page.getByRole("button", { name: "VOLUME_START" }).waitFor();
    await page.locator("#cluster .volume").getByText("started", { exact: true }).waitFor();
    assertEquals(await eventsOf(page), ["VOLUME_START", "VOLUME_CREATE", "PEER_CONNECT"]);
  });

  await step("turns a killed brick red, and green again when it is back", async () => {
    const brick = page.locator("#cluster .brick").filter({ hasText: "gl2:/b1" });
    await post(url, "BRICK_DISCONNECTED", { peer: "gl2", volume: "gv0", brick: "/b1" });
    await brick.getByText("down", { exact: true }).waitFor();
    await post(url, "BRICK_CONNECTED", { peer: "gl2", volume: "gv0", brick: "/b1" });
    await brick.getByText("up", { exact: true }).waitFor();
    assertEquals(await page.evaluate(() => Reflect.has(globalThis, "isStillHere")), true);
  });

  await step("filters, and the address holds the filter", async () => {
    await page.getByRole("combobox", { name: "Events" }).fill("VOLUME_*, !VOLUME_START");
    await untilEvents(page, ["VOLUME_CREATE"]);
    await page.reload();
    await untilEvents(page, ["VOLUME_CREATE"]);
    await page.getByRole("button", { name: "Reset", exact: true }).click();
    await page.getByLabel("Severity").selectOption("alert");
    await untilEvents(page, ["BRICK_DISCONNECTED"]);
    await page.getByRole("button", { name: "Reset", exact: true }).click();
    await page.getByLabel("Group").selectOption("PEER");
    await untilEvents(page, ["PEER_CONNECT"]);
    await page.getByLabel("Group").selectOption("");
    await page.getByRole("combobox", { name: "Node", exact: true }).selectOption("gl1");
    await page.getByLabel("Text").fill("gl2:/b1 created");
    await untilEvents(page, ["VOLUME_CREATE"]);
    await page.getByRole("button", { name: "Reset", exact: true }).click();
    assertEquals(new URL(page.url()).hash, "");
  });

  await step("shows a request whole and copies it, without its credentials", async () => {
    await page.getByRole("button", { name: "VOLUME_CREATE" }).click();
    const details = page.locator("#details");
    const text = await details.innerText();
    for (const part of ["gl1:/b1 gl2:/b1", "application/json", '{"nodeid"', "127.0.0.1:"]) {
      assertStringIncludes(text, part);
    }
    assert(!text.includes(SECRET));
    await details.getByRole("button", { name: "Copy as curl" }).click();
    await details.getByText("Copied").waitFor();
    const command = await page.evaluate(() => navigator.clipboard.readText());
    assertStringIncludes(command, `-X POST ${url}hook`);
    assertStringIncludes(command, "Bearer <hidden: put the authorization here>");
    assert(!command.includes(SECRET));
    await details.getByRole("button", { name: "Copy body" }).click();
    await until("the body is copied", async () => {
      const body = await page.evaluate(() => navigator.clipboard.readText());
      return body.startsWith('{"nodeid"');
    });
    await page.keyboard.press("Escape");
    await details.waitFor({ state: "hidden" });
  });

  await step("is used by keyboard alone", async () => {
    await page.locator("#clear").focus();
    const keys = ["Tab", "Home", "ArrowDown", "ArrowDown", "Enter"];
    for (const key of keys) await page.keyboard.press(key);
    await page.getByRole("region", { name: "VOLUME_START" }).waitFor();
    assertEquals(await focusedText(page), "VOLUME_START");
    await page.keyboard.press("Escape");
    assertEquals(await focusedText(page), "VOLUME_START");
    await page.keyboard.press("End");
    assertEquals(await focusedText(page), "PEER_CONNECT");
  });

  await step("exports what is filtered, one JSON object per line", async () => {
    await page.getByLabel("Group").selectOption("BRICK");
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Export NDJSON" }).click();
    const text = await Deno.readTextFile(await (await download).path());
    const events = text.trimEnd().split("\n").map((line) => JSON.parse(line).event);
    assertEquals(events, ["BRICK_DISCONNECTED", "BRICK_CONNECTED"]);
    await page.getByLabel("Group").selectOption("");
  });

  await step("lets events wait during a pause, and counts them", async () => {
    const before = await eventsOf(page);
    await page.getByRole("button", { name: "Pause" }).click();
    for (const name of ["a", "b"]) await post(url, "VOLUME_STOP", { name });
    const held = page.getByRole("button", { name: "2 new events while paused: show them" });
    await held.waitFor();
    assertEquals(await eventsOf(page), before);
    await held.click();
    await untilEvents(page, ["VOLUME_STOP", "VOLUME_STOP", ...before]);
  });

  await step("goes on by itself after the test hook was restarted", async () => {
    const before = await eventsOf(page);
    await hook[Symbol.asyncDispose]();
    await page.getByText("Reconnecting since").waitFor();
    hook = startHook(port);
    await post(url, "VOLUME_DELETE", { name: "a" });
    await page.getByText("The test hook was restarted").waitFor();
    await post(url, "VOLUME_DELETE", { name: "b" });
    await untilEvents(page, ["VOLUME_DELETE", "VOLUME_DELETE", ...before]);
    await page.getByText("Live", { exact: true }).waitFor();
  });

  await step("stays usable while a thousand events stream in", async () => {
    const before = (await eventsOf(page)).length;
    const streaming = (async () => {
      for (let batch = 0; batch < 50; batch++) await postMany(url, batch);
    })();
    await page.locator("#rows").getByText("PEER_DISCONNECT").first().waitFor();
    await page.getByLabel("Group").selectOption("PEER");
    await page.waitForFunction(() =>
      [...document.querySelectorAll("#rows .event")].every(({ textContent }) =>
        textContent.startsWith("PEER_")
      )
    );
    await streaming;
    const all = (before + 1000).toLocaleString("en");
    await page.getByText(`${all} events, 501 fit the filter`).waitFor();
    await page.getByLabel("Group").selectOption("");
    assertEquals(await page.locator("#rows tr").count(), MOST_LINES);
    await page.getByRole("button", { name: /^Show 300 more of/ }).click();
    assertEquals(await page.locator("#rows tr").count(), 2 * MOST_LINES);
  });

  await hook[Symbol.asyncDispose]();
});

function startHook(port: number): TestHook {
  return startTestHook({ hostname: "127.0.0.1", port, now: Date.now, onRequest: () => {} });
}

function payloadOf(event: string, message: Record<string, unknown>) {
  const ts = Math.floor(Date.now() / 1000);
  return { nodeid: "e9bfb6da-0000-4000-8000-000000000001", ts, event, message, host: "gl1" };
}

async function post(url: string, event: string, message: Record<string, unknown>): Promise<void> {
  await send(url, payloadOf(event, message));
}

/** Twenty requests at once, every second one of a peer. */
async function postMany(url: string, batch: number): Promise<void> {
  await Promise.all(Array.from({ length: 20 }, (_, index) =>
    send(
      url,
      index % 2 === 0
        ? payloadOf("PEER_DISCONNECT", { host: `gl${batch}` })
        : payloadOf("VOLUME_SET", { name: `gv${batch}`, options: String(index) }),
    )));
}

async function send(url: string, payload: unknown): Promise<void> {
  const response = await fetch(`${url}hook`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${SECRET}` },
    body: JSON.stringify(payload),
  });
  await response.body?.cancel();
  assertEquals(response.status, 200);
}

/** The names in the table, newest first, without notices. */
async function eventsOf(page: Page): Promise<string[]> {
  return await page.locator("#rows td.event").allTextContents();
}

async function untilEvents(page: Page, wanted: readonly string[]): Promise<void> {
  let seen: string[] = [];
  await until("the table shows these events", async () => {
    seen = await eventsOf(page);
    return JSON.stringify(seen) === JSON.stringify(wanted);
  }, { seen: () => ({ seen, wanted }) });
}

async function focusedText(page: Page): Promise<string> {
  return await page.evaluate(() => document.activeElement?.textContent ?? "");
}
