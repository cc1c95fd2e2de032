import { createClient } from "../../../src/dispatcher/create_client.ts";
import { PROXY_VARIABLES } from "../../../src/dispatcher/proxy.ts";
import { SocketClient } from "../../../src/dispatcher/socket_client.ts";
import { assertEquals } from "../../support/assert.ts";

function isOwn(environment: Readonly<Record<string, string>>): boolean {
  using client = createClient((name) => environment[name]);
  return client instanceof SocketClient;
}

Deno.test("where the environment names a proxy, the client is one that knows proxies", () => {
  const url = "http://proxy:3128";
  const seen = PROXY_VARIABLES.map((name) => [name, isOwn({ [name]: url })]);
  assertEquals(seen, [
    ["HTTP_PROXY", false],
    ["http_proxy", false],
    ["HTTPS_PROXY", false],
    ["https_proxy", false],
    ["ALL_PROXY", false],
    ["all_proxy", false],
  ]);
});

Deno.test("without a proxy the client is our own", () => {
  assertEquals([{}, { HTTP_PROXY: "" }, { NO_PROXY: "*" }].map(isOwn), [true, true, true]);
});
