import { proxyOf } from "../../../src/dispatcher/proxy.ts";
import { assertEquals } from "../../support/assert.ts";

type Variables = Readonly<Record<string, string>>;

function find(url: string, variables: Variables): string | undefined {
  const proxy = proxyOf(url, (name) => variables[name]);
  return proxy === undefined ? undefined : `${proxy.hostname} ${proxy.port} ${proxy.variable}`;
}

Deno.test("the proxy is the one for all URLs, else the one for the URL's scheme", () => {
  const cases: readonly (readonly [string, Variables, string | undefined])[] = [
    ["http://ops/", {}, undefined],
    ["http://ops/", { HTTP_PROXY: "" }, undefined],
    ["http://ops/", { HTTP_PROXY: "http://p:3128" }, "p 3128 HTTP_PROXY"],
    ["http://ops/", { http_proxy: "p" }, "p 80 http_proxy"],
    ["http://ops/", { HTTPS_PROXY: "http://p:3128" }, undefined],
    ["https://ops/", { HTTPS_PROXY: "https://user:pass@p" }, "p 443 HTTPS_PROXY"],
    ["https://ops/", { HTTP_PROXY: "http://p" }, undefined],
    ["https://ops/", { ALL_PROXY: "socks5://p", HTTPS_PROXY: "http://q" }, "p 1080 ALL_PROXY"],
    ["https://ops/", { all_proxy: "http://[::1]:8080" }, "::1 8080 all_proxy"],
    ["https://ops/", { ALL_PROXY: "://" }, undefined],
  ];
  for (const [url, variables, expected] of cases) {
    assertEquals(find(url, variables), expected, `${url} ${Deno.inspect(variables)}`);
  }
});

Deno.test("hosts that NO_PROXY names are reached without one", () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ["http://ops.example.com/", "example.com", false],
    ["http://ops.example.com/", "other, .example.com", false],
    ["http://example.com/", ".example.com", false],
    ["http://myexample.com/", "example.com", true],
    ["http://ops.example.com/", "*", false],
    ["http://10.1.2.3/", "10.0.0.0/8", false],
    ["http://10.1.2.3/", "10.1.2.3", false],
    ["http://10.1.2.3/", "192.168.0.0/16,*", true],
    ["http://[fd00::1]/", "fd00::/8", false],
    ["http://ops/", "", true],
  ];
  for (const [url, exceptions, isProxied] of cases) {
    for (const name of ["NO_PROXY", "no_proxy"]) {
      const found = find(url, { HTTP_PROXY: "http://p", [name]: exceptions });
      assertEquals(found !== undefined, isProxied, `${url} ${name}=${exceptions}`);
    }
  }
});
