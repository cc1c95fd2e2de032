import { adviseOn } from "../../../src/dispatcher/probe_advice.ts";
import type { Proxy } from "../../../src/dispatcher/proxies/proxy.ts";
import type { ProxyStep } from "../../../src/dispatcher/proxies/proxy_error.ts";
import type { AttemptResult, ErrorClass, Stage } from "../../../src/dispatcher/verdict.ts";
import type { Webhook } from "../../../src/registry/schema.ts";
import { assertEquals, assertMatch } from "../../support/assert.ts";
import { answerWith, WEBHOOK } from "./lanes/lane_answers.ts";

const PROXY: Proxy = { scheme: "http", hostname: "proxy", port: 3128, variable: "HTTPS_PROXY" };

function failing(stage: Stage | undefined, errorClass: ErrorClass, detail = ""): AttemptResult {
  const where = stage === undefined ? {} : { stage };
  return { kind: "error", errorClass, ...where, detail, durationMs: 1 };
}

const EXPIRED = "invalid peer certificate: certificate expired: verification time 1795652775 " +
  "(UNIX), but certificate is not valid after 1794788775 (864000 seconds ago)";

const FAILURES: readonly (readonly [AttemptResult, RegExp, Partial<Webhook>?])[] = [
  [failing("name", "dns", "there is none"), /spelled right.*: getent hosts ops\.example$|getent/],
  [failing("name", "dns", "the name server does not answer"), /name server: getent hosts/],
  [failing("name", "timeout"), /name server/],
  [failing("connect", "refused"), /running, and on port 80\?.*firewall/],
  [failing("connect", "refused"), /nothing listens on port 9000 of this node/, {
    url: "http://localhost:9000/",
  }],
  [failing("connect", "timeout"), /firewall.*TCP port 80/],
  [failing("connect", "network", "No route to host (os error 113)"), /ip route get ops\.example/],
  [
    failing("tls", "tls", "invalid peer certificate: UnknownIssuer"),
    /private CA.*--ca-file.*webhook-trust \S+\)/,
  ],
  [
    failing("tls", "tls", "invalid peer certificate: UnknownIssuer"),
    /in ca-file \/etc\/ca\.pem is/,
    {
      transport: { caFile: "/etc/ca.pem" },
    },
  ],
  [failing("tls", "tls", "invalid peer certificate: UnknownIssuer"), /pinned .* --ca-file FILE/, {
    transport: { serverPin: "0".repeat(64) },
  }],
  [
    failing("tls", "tls", "invalid peer certificate: BadSignature"),
    /another key: was that CA made/,
    {
      transport: { caFile: "/etc/ca.pem" },
    },
  ],
  [failing("tls", "tls", "Other(OtherError(UnsupportedCertVersion))"), /version 1 .*CA:FALSE/],
  [failing("tls", "tls", "Other(OtherError(CaUsedAsEndEntity))"), /basicConstraints=critical,CA:F/],
  [failing("tls", "tls", 'certificate not valid for name "ops"'), /not made for ops\.example:/],
  [failing("tls", "tls", EXPIRED), /expired, or .* clock is wrong/],
  [failing("tls", "tls", "invalid peer certificate: certificate not valid yet: "), /not valid yet/],
  [failing("tls", "tls", "received corrupt message of type InvalidContentType"), /with http:\/\//],
  [failing("tls", "tls", "received fatal alert: ProtocolVersion"), /TLS 1\.2 or 1\.3/],
  [
    failing("tls", "tls", "received fatal alert: CertificateRequired"),
    /--cert-file FILE --key-file FILE$/,
  ],
  [
    failing("tls", "tls", "received fatal alert: UnknownCA"),
    /not take .* cert-file \/etc\/c\.pem/,
    {
      transport: { certFile: "/etc/c.pem", keyFile: "/etc/c.key" },
    },
  ],
  [
    failing("tls", "tls", "received fatal alert: CertificateExpired"),
    /not take .* has it expired/,
    {
      transport: { certFile: "/etc/c.pem", keyFile: "/etc/c.key" },
    },
  ],
  [failing("tls", "tls", "received fatal alert: HandshakeFailure"), /TLS 1\.2 .*--cert-file FILE/],
  [failing("tls", "timeout"), /does not go on: .*-connect \[::1\]:443/, { url: "https://[::1]/" }],
  [failing("tls", "reset"), /hung up while TLS/],
  [failing("response", "timeout"), /needs more than 1 s.*--timeout/],
  [failing("response", "reset"), /hangs up without an answer/],
  [failing("response", "network", 'it begins with "\\u0015\\u0003"'), /want TLS\?/],
  [failing("response", "network", 'it begins with "220 "'), /does not speak HTTP/],
];

for (const [result, pattern, settings = {}] of FAILURES) {
  const { stage, errorClass, detail } = result as AttemptResult & { kind: "error" };
  Deno.test(`there is advice on ${stage} ${errorClass} ${detail}`, () => {
    assertMatch(adviseOn(result, { webhook: { ...WEBHOOK, ...settings } }), pattern);
  });
}

Deno.test("whoever found out what is wrong knows best what helps", () => {
  const result = { ...failing("tls", "tls", "Cannot read ca-file /ca.pem"), hint: "ls -l /ca.pem" };
  assertEquals(adviseOn(result, { webhook: WEBHOOK }), "ls -l /ca.pem");
});

Deno.test("an answer that asks for a certificate is told from others", () => {
  const answer = "<title>400 No required SSL certificate was sent</title>";
  const result: AttemptResult = { kind: "response", status: 400, answer, durationMs: 1 };
  assertMatch(adviseOn(result, { webhook: WEBHOOK }), /--cert-file FILE/);
});

Deno.test("there is advice on every answer but success, in one line", () => {
  for (let status = 100; status <= 599; status++) {
    const advice = adviseOn(answerWith(status), { webhook: WEBHOOK });
    assertEquals(advice === "", status >= 200 && status <= 299, String(status));
    assertEquals(advice.includes("\n"), false);
  }
});

Deno.test("of answers, those are told apart that want another thing done", () => {
  const statuses = [302, 401, 404, 405, 410, 413, 429, 500, 502, 503, 504, 418];
  const advices = statuses.map((status) => adviseOn(answerWith(status), { webhook: WEBHOOK }));
  assertEquals(new Set(advices).size, statuses.length);
});

Deno.test("a refusal is told apart by what the receiver is sent", () => {
  const advise = (settings: Partial<Webhook>) =>
    adviseOn(answerWith(403), { webhook: { ...WEBHOOK, ...settings } });
  assertMatch(advise({}), /none are set: .*--bearer-token/);
  assertMatch(advise({ bearerToken: "s3cret" }), /does not take the token/);
  assertMatch(advise({ url: "http://user:pa55@ops/" }), /the user and the password of the URL/);
  assertMatch(advise({ bearerTokenFile: "/etc/t" }), /compare its own with the one in \/etc\/t/);
  assertMatch(advise({ signing: { as: "jwt", secret: "s3cret" } }), /\(JWT\).* with --secret; /);
  const signing = { as: "standard", secretFile: "/etc/s" } as const;
  assertMatch(advise({ signing }), /Standard Webhooks.* first line of \/etc\/s; .*clock/);
});

Deno.test("of a file that cannot be used the advice is what reading it said, whatever the way", () => {
  const failure: AttemptResult = {
    kind: "error",
    errorClass: "settings",
    detail: "Cannot read secret-file /etc/s",
    hint: "ls -l /etc/s",
    durationMs: 0,
  };
  for (const tried of [{ webhook: WEBHOOK }, { webhook: WEBHOOK, proxy: PROXY }]) {
    assertEquals(adviseOn(failure, tried), "ls -l /etc/s");
  }
});

Deno.test("a redirect is answered with where it leads, without secrets", () => {
  const webhook = { ...WEBHOOK, url: "http://ops.example/a?key=pa55word", bearerToken: "t0ken" };
  const advise = (location?: string) => {
    const answer = answerWith(308);
    return adviseOn({ ...answer, ...(location === undefined ? {} : { location }) }, { webhook });
  };
  assertMatch(advise("/b/?key=pa55word"), /leads to, http:\/\/ops\.example\/b\/\?\*\*\*$/);
  assertMatch(
    advise("https://u:p@ops.example/pa55word/t0ken"),
    /, https:\/\/\*\*\*@ops\.example\/\*\*\*\/\*\*\*$/,
  );
  for (const location of [undefined, "", "https://["]) {
    assertMatch(advise(location), /give the URL that answers itself$/);
  }
});

function failingAt(proxyStep: ProxyStep, errorClass: ErrorClass, detail = ""): AttemptResult {
  return { kind: "error", stage: "proxy", proxyStep, errorClass, detail, durationMs: 1 };
}

const WAYS: readonly (readonly [Proxy, RegExp, RegExp])[] = [
  [
    PROXY,
    / \(the request goes through the proxy proxy:3128 of HTTPS_PROXY; NO_PROXY can .* webhook\)$/,
    /HTTPS_PROXY=http:\/\/USER:PASSWORD@proxy:3128 \(/,
  ],
  [
    { scheme: "socks5", hostname: "proxy", port: 3128 },
    / \(the request goes through the proxy proxy:3128 of --proxy; --proxy none goes without it\)$/,
    /--proxy socks5:\/\/USER:PASSWORD@proxy:3128 \(/,
  ],
];

for (const [proxy, way, setting] of WAYS) {
  const named = proxy.variable ?? "--proxy";
  Deno.test(`through the proxy of ${named}, the advice says so and means the right one`, () => {
    const webhook = { ...WEBHOOK, url: "https://ops.example/" };
    const advise = (result: AttemptResult) => adviseOn(result, { webhook, proxy });
    const cases: readonly (readonly [AttemptResult, RegExp])[] = [
      [failingAt("connect", "refused"), /^it is the proxy .*: is it running, and on port 3128\?/],
      [failingAt("connect", "timeout"), /^it is the proxy .* is proxy up, .* TCP port 3128/],
      [failingAt("name", "dns"), /^it is the proxy .* getent hosts proxy/],
      [
        failingAt("tls", "tls", "UnknownIssuer"),
        /^is the proxy one with TLS .*-connect proxy:3128 -/,
      ],
      [failingAt("tls", "timeout"), /^does the proxy take TLS .*-connect proxy:3128 /],
      [failingAt("login", "network"), /wants a user and a password/],
      [failingAt("tunnel", "network"), /not connect to ops\.example:443/],
      [failingAt("tunnel", "reset"), /not connect to ops\.example:443/],
      [failingAt("tunnel", "timeout"), /nothing came back: does it reach ops\.example:443/],
      [failing("tls", "tls", "UnknownIssuer"), /-connect ops\.example:443/],
      [failing("response", "timeout"), /^it has the request/],
      [answerWith(502), /does not reach it/],
    ];
    for (const [result, pattern] of cases) {
      assertMatch(advise(result), pattern);
      assertMatch(advise(result), way);
    }
    assertMatch(advise(failingAt("login", "network")), setting);
    const known = { ...proxy, login: { user: "us", password: "pa55word" } };
    const again = adviseOn(failingAt("login", "network"), { webhook, proxy: known });
    assertMatch(again, /^are the user and the password of the proxy right\?/);
    assertEquals(again.includes("pa55word"), false);
    assertEquals(advise(answerWith(204)), "");
  });
}

Deno.test("of what forwards requests and speaks no HTTP, the advice is to look at the proxy", () => {
  const garbage = failing("response", "network", 'it begins with "220 "');
  const advise = (url: string, proxy: Proxy) =>
    adviseOn(garbage, { webhook: { ...WEBHOOK, url }, proxy });
  assertMatch(advise("http://ops.example/", PROXY), /^is it an HTTP proxy .* port 3128 of proxy\?/);
  assertMatch(advise("https://ops.example/", PROXY), /^is a web server what listens there\?/);
  const socks: Proxy = { ...PROXY, scheme: "socks5" };
  assertMatch(advise("http://ops.example/", socks), /^is a web server what listens there\?/);
});

Deno.test("of an answer through a proxy that forwards it is said that the proxy may have given it", () => {
  const answer = { ...answerWith(500), through: "proxy proxy:3128" };
  const advice = adviseOn(answer, { webhook: WEBHOOK, proxy: PROXY });
  assertMatch(advice, /proxy:3128 of HTTPS_PROXY, which may have answered itself; NO_PROXY/);
});
