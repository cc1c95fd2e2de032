import { readRegistry } from "../../src/registry/read_registry.ts";
import { assertEquals } from "../support/assert.ts";
import { registryText } from "./our_relay.ts";

Deno.test("the registry of a benchmark is one that the daemon accepts", () => {
  const text = registryText([
    { name: "h1", url: "http://127.0.0.1:1/h1", order: "none", concurrency: 16 },
    { name: "h2", url: "http://127.0.0.1:1/h2", batch: 100, paused: true },
  ]);
  const { webhooks } = readRegistry(text, "webhooks.toml");
  assertEquals(webhooks.map(({ name }) => name), ["h1", "h2"]);
});
