import { apiFault, type ApiSettings, isLoopback } from "../../../src/registry/api_rules.ts";
import { setConfig } from "../../../src/registry/changes.ts";
import { InvalidRegistryError, InvalidValueError } from "../../../src/registry/errors.ts";
import { planChange } from "../../../src/registry/plan_change.ts";
import { readRegistry } from "../../../src/registry/read_registry.ts";
import { CONFIG_KEYS } from "../../../src/registry/schema.ts";
import { assertEquals, assertMatch, assertThrows } from "../../support/assert.ts";

const PATH = "/etc/webhooks.toml";

function apiOf(...lines: string[]): ApiSettings {
  return readRegistry(["[config]", ...lines].join("\n"), PATH).config.api;
}

function problemsOf(...lines: string[]) {
  return assertThrows(() => apiOf(...lines), InvalidRegistryError).problems;
}

const TOKEN = 'api-token-file = "/etc/api.token"';
const CERT = 'api-cert-file = "/etc/api.pem"';
const KEY = 'api-key-file = "/etc/api.key"';

Deno.test("without an entry the API is served on the control socket only", () => {
  assertEquals(apiOf(), {});
  assertEquals(apiOf('api-listen = ""', 'api-token-file = ""'), {});
});

Deno.test("loopback needs neither a token nor TLS", () => {
  for (const host of ["127.0.0.1", "127.8.9.1", "localhost", "[::1]", "[::ffff:127.0.0.1]"]) {
    assertEquals(apiOf(`api-listen = "${host}:24080"`), { listen: `${host}:24080` });
  }
});

Deno.test("all that is no loopback counts as reachable by others", () => {
  const hosts = ["0.0.0.0", "::", "10.0.0.1", "126.255.255.255", "128.0.0.1", "fe80::1"];
  const names = ["example.com", "localhost.example.com", "127.0.0.1.example.com", "", "::ffff:0:0"];
  for (const host of [...hosts, ...names]) assertEquals(isLoopback(host), false, host);
});

Deno.test("beyond loopback a token and TLS are needed, and what is missing is named", () => {
  const listen = 'api-listen = "0.0.0.0:24080"';
  const [problem, ...others] = problemsOf(listen, TOKEN);
  assertEquals(others, []);
  assertEquals([problem?.line, problem?.key], [2, "config.api-listen"]);
  assertMatch(
    problem?.message ?? "",
    /"0.0.0.0:24080", which other .* api-cert-file and api-key-file are not set$/,
  );
  assertMatch(problem?.hint ?? "", /config-set api-cert-file FILE; or listen on loopback/);
  assertMatch(problemsOf(listen, CERT, KEY)[0]?.message ?? "", /and api-token-file is not set$/);
  assertEquals(apiOf(listen, TOKEN, CERT, KEY), {
    listen: "0.0.0.0:24080",
    tokenFile: "/etc/api.token",
    certFile: "/etc/api.pem",
    keyFile: "/etc/api.key",
  });
});

Deno.test("a certificate without its key is refused where something is served, and not before", () => {
  assertEquals(apiOf(CERT), { certFile: "/etc/api.pem" });
  const [problem] = problemsOf('api-listen = "127.0.0.1:0"', CERT);
  assertEquals([problem?.line, problem?.key], [3, "config.api-cert-file"]);
  assertMatch(problem?.message ?? "", /^api-cert-file needs api-key-file while /);
  const [other] = problemsOf('api-listen = "127.0.0.1:0"', KEY);
  assertMatch(other?.message ?? "", /^api-key-file needs api-cert-file while /);
});

Deno.test("a bad value is one problem, and not two", () => {
  const problems = problemsOf('api-listen = "0.0.0.0:24080"', 'api-token-file = "api.token"');
  assertEquals(problems.map(({ key }) => key), ["config.api-token-file"]);
  assertMatch(problems[0]?.message ?? "", /^must be the absolute path of a file, .*"api.token"$/);
});

Deno.test("what is no address and port is refused", () => {
  const bad = ["24080", "127.0.0.1", "127.0.0.1:70000", "::1:24080", "300.1.1.1:1", "a b:1"];
  for (const text of [...bad, "127.1:1", "http://127.0.0.1:1", "-a.example.com:1", "[gl1]:1"]) {
    const [problem] = problemsOf(`api-listen = "${text}"`);
    assertMatch(problem?.message ?? "", /^must be an address and a port, /, text);
  }
  assertMatch(problemsOf("api-listen = 24080")[0]?.message ?? "", /not 24080$/);
});

Deno.test("config-set takes the words for nothing, and names what is missing", () => {
  const set = (text: string, key: "api-listen" | "api-key-file", value: string) =>
    planChange({ path: PATH, text }, { decide: () => setConfig(key, value) });
  const served = 'generation = 1\n[config]\napi-listen = "127.0.0.1:1"\n';
  assertEquals(set(served, "api-listen", "OFF").text, "generation = 2\n[config]\n");
  assertEquals(set(served, "api-listen", "").registry.config.api, {});
  const error = assertThrows(
    () => set(served, "api-listen", "[::]:24080"),
    InvalidValueError,
    "api-token-file and api-cert-file and api-key-file are not set",
  );
  assertMatch(error.hint ?? "", /config-set api-token-file FILE/);
  assertEquals(CONFIG_KEYS["api-key-file"].kind.fromText("none"), "");
});

Deno.test("settings that no registry can hold are faults too, for whoever serves", () => {
  assertEquals(apiFault({ listen: "10.0.0.1:1", tokenFile: "/t" })?.key, "api-listen");
  assertEquals(
    apiFault({ listen: "10.0.0.1:1", tokenFile: "/t", certFile: "/c", keyFile: "/k" }),
    undefined,
  );
});
