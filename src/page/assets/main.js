// @ts-check
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/**
 * The page's beginning: asks who serves it, and begins with the source for that.
 *
 * @module
 */
import { askServer, LoginNeededError } from "./ask_server.js";
import { backOffMs } from "./back_off.js";
import { byId, make } from "./dom.js";
import { PageApp } from "./page_app.js";
import { setUpTheme } from "./theme.js";

/** The modules of the kinds of servers, which are loaded only where they are needed. */
const SOURCES = { "test-hook": "./hook_source.js", daemon: "./daemon_source.js" };
const LOGIN = "./daemon_login.js";

/** @returns {Promise<import("./page_types.js").PageAnswer>} */
async function askPage() {
  for (let failures = 1;; failures++) {
    try {
      return await askServer("/v1/page");
    } catch (error) {
      if (error instanceof LoginNeededError) {
        await login();
        continue;
      }
      const reason = error instanceof Error ? error.message : String(error);
      byId("connection").textContent = `The server cannot be heard: ${reason}`;
    }
    await new Promise((resolve) => setTimeout(resolve, backOffMs(failures)));
  }
}

/** Shows the form in place of all views until the server lets the person in. */
async function login() {
  const { renderLogin } = await import(LOGIN);
  const place = byId("login");
  place.hidden = false;
  document.body.classList.add("needs-login");
  await new Promise((resolve) => {
    const form = make("div", {});
    place.replaceChildren(form);
    renderLogin(form, () => resolve(undefined));
  });
  place.hidden = true;
  place.replaceChildren();
  document.body.classList.remove("needs-login");
}

async function main() {
  setUpTheme(byId("theme"));
  const page = await askPage();
  const module = Object.entries(SOURCES).find(([kind]) => kind === page.kind)?.[1];
  if (module === undefined) throw new Error(`The page knows no server of the kind "${page.kind}"`);
  byId("connection").replaceChildren();
  const { openSource } = await import(module);
  const app = new PageApp(openSource(page));
  const start = () =>
    app.start(async () => {
      await login();
      start();
    });
  start();
}

main();
