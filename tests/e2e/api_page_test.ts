/**
 * The live page of the compiled daemon, as somebody on another machine opens it.
 *
 * @module
 */
import { assertEquals, assertMatch } from "../support/assert.ts";
import { startBrowser } from "../support/browser.ts";
import { mustDo, startDaemon, statusOf } from "../support/local_node.ts";
import { needOuterAddress } from "../support/outer_address.ts";
import { testNeeding } from "../support/requirements.ts";
import { makeTempFolder } from "../support/temp_folder.ts";
import { until } from "../support/until.ts";

const CERT = new URL("../fixtures/tls/cert.pem", import.meta.url).pathname;
const KEY = new URL("../fixtures/tls/key.pem", import.meta.url).pathname;
const TOKEN = "0123456789abcdef";

testNeeding(
  ["binary", "chromium", "outer address"],
  "beyond loopback the page is served with TLS, and shows events to who has the token",
  async () => {
    await using folder = await makeTempFolder();
    const { path } = folder;
    await Deno.writeTextFile(`${path}/token`, TOKEN, { mode: 0o600 });
    await mustDo(path, "config-set", "api-token-file", `${path}/token`);
    await mustDo(path, "config-set", "api-cert-file", CERT);
    await mustDo(path, "config-set", "api-key-file", KEY);
    await mustDo(path, "config-set", "api-listen", "0.0.0.0:0");
    await using _daemon = await startDaemon(path);
    const [listening = ""] = (await statusOf(path)).api.listening;
    const url = listening.replace("0.0.0.0", needOuterAddress());
    assertMatch(url, /^https:/);

    await using browser = await startBrowser();
    await using watched = await browser.open(url, {
      trustsAll: true,
      allows: (complaint) => /status of 401/.test(complaint),
    });
    const { page } = watched;
    await page.getByLabel("Token").fill(TOKEN);
    await page.getByRole("button", { name: "Log in" }).click();
    await until(
      "it is live",
      async () => /Live/.test(await page.locator("#connection").innerText()),
    );
    const cookies = await page.context().cookies();
    assertEquals(
      cookies.map(({ name, httpOnly, secure, sameSite }) => [name, httpOnly, secure, sameSite]),
      [[`__Host-gluster-eventing-${new URL(url).port}`, true, true, "Strict"]],
    );
    await mustDo(path, "emit", "VOLUME_START", "name=gv1");
    await page.getByRole("button", { name: "VOLUME_START" }).waitFor();
    await page.getByRole("button", { name: "Webhooks", exact: true }).click();
    await page.getByText("There is no webhook yet").waitFor();
  },
);
