import {
  chooseProxy,
  proxyAuthorization,
  proxyOf,
  showProxy,
} from "../../../../src/dispatcher/proxies/proxy.ts";
import { assertEquals } from "../../../support/assert.ts";

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

Deno.test("the webhook's own proxy goes before the environment, and none before both", () => {
  const environment = (name: string) => name === "ALL_PROXY" ? "http://env:1" : undefined;
  const choose = (setting: string | undefined) => {
    const proxy = chooseProxy("https://ops/", setting, environment);
    return proxy === undefined ? undefined : [showProxy(proxy), proxy.variable];
  };
  assertEquals(choose(undefined), ["proxy env:1", "ALL_PROXY"]);
  assertEquals(choose("none"), undefined);
  assertEquals(choose("socks5://own"), ["proxy own:1080", undefined]);
});

Deno.test("a proxy's URL is taken apart as it is meant", () => {
  const cases: readonly (readonly [string, string, number, string?])[] = [
    ["http://Proxy.Example/", "proxy.example", 80],
    ["https://proxy", "proxy", 443],
    ["socks5h://Proxy.Example", "proxy.example", 1080],
    ["socks5://bücher.example:9", "xn--bcher-kva.example", 9],
    ["http://[2001:DB8::1]:3128", "2001:db8::1", 3128],
    ["socks5://[::1]", "::1", 1080],
    ["http://us%40er:p%3Ass@proxy", "proxy", 80, "us@er:p:ss"],
    ["socks5://us@proxy", "proxy", 1080, "us:"],
    ["http://@proxy", "proxy", 80],
  ];
  for (const [setting, hostname, port, login] of cases) {
    const proxy = chooseProxy("http://ops/", setting, () => undefined);
    const basic = proxy === undefined ? undefined : proxyAuthorization(proxy);
    const expected = login === undefined ? undefined : `Basic ${btoa(login)}`;
    assertEquals([proxy?.hostname, proxy?.port, basic], [hostname, port, expected], setting);
  }
});

Deno.test("a proxy of the environment may lack its scheme, and one of no known kind is none", () => {
  const cases: readonly (readonly [string, string | undefined])[] = [
    ["proxy:3128", "proxy 3128 HTTPS_PROXY"],
    ["us:pa55@proxy:3128", "proxy 3128 HTTPS_PROXY"],
    ["socks5h://proxy", "proxy 1080 HTTPS_PROXY"],
    ["socks4://proxy", undefined],
    ["ftp://proxy", undefined],
  ];
  for (const [text, expected] of cases) {
    assertEquals(find("https://ops/", { HTTPS_PROXY: text }), expected, text);
  }
});
