import { offerPath, openNodeRegistry } from "../../src/cluster/node_registry.ts";
import { takeOffer } from "../../src/daemon/offer_care.ts";
import { Logger } from "../../src/daemon/logger.ts";
import { addWebhook, setConfig } from "../../src/registry/changes.ts";
import { formatOffer, parseOffer } from "../../src/registry/offer.ts";
import { RegistryFile } from "../../src/registry/registry_file.ts";
import { assertEquals, assertMatch } from "../support/assert.ts";
import { makeTempFolder } from "../support/temp_folder.ts";

Deno.test("who gives a registry is told once what it replaced, even by a quicker daemon", async () => {
  await using folder = await makeTempFolder();
  const file = new RegistryFile({ path: `${folder.path}/events/webhooks.toml` });
  await file.change((registry) => addWebhook(registry, "http://127.0.0.1:9/", { name: "ops" }));
  const { text: before, ancestors } = await file.copy();
  const text = before.replace("generation = 1", "generation = 2");
  const offer = formatOffer({ text, ancestors });
  const edited = before.replace("ops", "by-hand");
  await Deno.writeTextFile(file.path, edited);
  const path = offerPath(file.path);
  await Deno.writeTextFile(path, offer);

  const lines: string[] = [];
  const logger = new Logger({ write: (line) => lines.push(line), now: () => 0 });
  await takeOffer({ file, path, logger, onTaken: () => Promise.resolve() });

  const { checksum = "" } = parseOffer(offer) ?? {};
  const node = openNodeRegistry(file, Date.now);
  const { keptAs = "" } = await node.take(checksum);
  assertMatch(lines.join(), /taken over/);
  assertMatch(keptAs, /\.replaced-1-[0-9a-f]{8}$/);
  assertEquals(await Deno.readTextFile(keptAs), edited);
  assertEquals((await node.take(checksum)).keptAs, undefined);
  await file.change(() => setConfig("timeout", "7s"));
  assertEquals(await file.tellKept(), undefined);
});
