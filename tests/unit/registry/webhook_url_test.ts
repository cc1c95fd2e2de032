import {
  isSameUrl,
  maskUrl,
  nameFromUrl,
  webhookUrlFault,
} from "../../../src/registry/webhook_url.ts";
import { assert, assertEquals, assertMatch } from "../../support/assert.ts";

for (
  const url of [
    "http://ops.example.com",
    "https://ops.example.com/listen",
    "HTTPS://OPS.example.com/Listen",
    "http://127.0.0.1:9000/listen",
    "http://[::1]:9000/listen",
    "http://[fd00::1]/",
    "https://user:p%40ss@ops.example.com/",
    "https://user@ops.example.com/",
    "https://ops.example.com/listen?key=value&other=%23",
    "https://ops.example.com:443/",
    "http://localhost",
    "http://müller.example/hook",
    "http://my_host/x",
    "http://ops.example.com/a//b/../c",
  ]
) {
  Deno.test(`a webhook can have the URL ${url}`, () => {
    assertEquals(webhookUrlFault(url), undefined);
  });
}

const BAD: readonly (readonly [url: string, fault: RegExp])[] = [
  ["", /no scheme/],
  ["notaurl", /no scheme/],
  ["ops.example.com/listen", /no scheme/],
  ["//ops.example.com/listen", /no scheme/],
  ["/listen", /no scheme/],
  ["://ops.example.com", /no scheme/],
  ["localhost:9000/listen", /scheme is "localhost"/],
  ["ftp://ops.example.com/", /scheme is "ftp"/],
  ["ws://ops.example.com/", /scheme is "ws"/],
  ["file:///etc/passwd", /scheme is "file"/],
  ["javascript:alert(1)", /scheme is "javascript"/],
  ["httpx://ops.example.com/", /scheme is "httpx"/],
  ["http:", /no host/],
  ["http:/", /no host/],
  ["http://", /no host/],
  ["http:host", /no host/],
  ["http:/host/x", /no host/],
  ["http:///x", /no host/],
  ["http:\\\\host\\x", /no host/],
  ["http://\\host", /no host/],
  ["http://?x", /no host/],
  ["http://#x", /no host/],
  ["http://:80/", /not valid/],
  ["http://user@/", /not valid/],
  ["http://host:port/", /not valid/],
  ["http://host:65536/", /not valid/],
  ["http://[::1/", /not valid/],
  ["http://[::g]/", /not valid/],
  ["http://1.2.3.256/", /not valid/],
  ["http://ho%zzst/", /not valid/],
  ["http://ops.example.com/listen#top", /fragment/],
  ["http://ops.example.com/#", /fragment/],
  [" http://ops.example.com/", /white space/],
  ["http://ops.example.com/ ", /white space/],
  ["http://ops.example.com/a b", /white space/],
  ["http://ops.exa\nmple.com/", /white space/],
  ["http://ops.example.com/\n", /white space/],
  ["ht\ttp://ops.example.com/", /white space/],
  ["http://ops.example.com/\r\nX-Header: 1", /white space/],
  ["http://ops.example.com/\u0000", /control/],
  ["http://ops.example.com/\u007f", /control/],
  ["http://ops.example.com/\u00a0", /white space/],
];

for (const [url, fault] of BAD) {
  Deno.test(`a webhook cannot have the URL ${JSON.stringify(url)}`, () => {
    assertMatch(webhookUrlFault(url) ?? "no fault", fault);
  });
}

Deno.test("two ways to write one URL are the same webhook", () => {
  assert(isSameUrl("http://Host", "http://host:80/"));
  assert(isSameUrl("HTTPS://host:443/a/../b", "https://host/b"));
  assert(!isSameUrl("http://host/", "https://host/"));
  assert(!isSameUrl("http://host/a", "http://host/A"));
  assert(!isSameUrl("http://host/?a", "http://host/?b"));
  assert(!isSameUrl("http://a@host/", "http://b@host/"));
});

Deno.test("what is no URL is the same as nothing", () => {
  assert(!isSameUrl("notaurl", "notaurl"));
  assert(!isSameUrl("notaurl", "http://host/"));
});

const MASKED: readonly (readonly [url: string, shown: string])[] = [
  ["https://ops.example.com/listen", "https://ops.example.com/listen"],
  ["http://[::1]:9000/x", "http://[::1]:9000/x"],
  ["https://user:s3cret@ops.example.com:8443/x", "https://***@ops.example.com:8443/x"],
  ["https://s3cret@ops.example.com/", "https://***@ops.example.com/"],
  ["https://:s3cret@ops.example.com/", "https://***@ops.example.com/"],
  ["https://ops.example.com/x?token=s3cret", "https://ops.example.com/x?***"],
  ["https://ops.example.com/x#s3cret", "https://ops.example.com/x"],
  ["http:user:s3cret@ops.example.com/x", "http://***@ops.example.com/x"],
  ["ftp://user:s3cret@ops.example.com/x", "ftp://***@ops.example.com/x"],
  ["https://user:s3cret@ops.example.com:99999/x", "https://***@ops.example.com:99999/x"],
  ["https://user:s3/cr@et@ops.example.com:x/", "https://***@ops.example.com:x/"],
  ["user:s3cret@ops.example.com/x?key=s3cret", "***@ops.example.com/x?***"],
  ["ops.example.com/x?key=s3cret", "ops.example.com/x?***"],
  ["ops.example.com:9000/x#s3cret", "ops.example.com:9000/x#***"],
  ["https://?key=s3cret\ns3cret", "https://?***"],
  ["ops", "ops"],
  [
    "https://hooks.slack.com/services/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",
    "https://hooks.slack.com/services/T0123ABCD/B0123ABCD/***",
  ],
  [
    "hooks.slack.com/services/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?x",
    "hooks.slack.com/services/T0123ABCD/B0123ABCD/***?***",
  ],
  [
    "https://u:p@ops.example.com:99999/a8Xk2Lm9QwErTy3U/x",
    "https://***@ops.example.com:99999/***/x",
  ],
  ["a8Xk2Lm9QwErTy3UiOp5ZxCv", "***"],
];

for (const [url, shown] of MASKED) {
  Deno.test(`${JSON.stringify(url)} is shown as ${shown}`, () => {
    assertEquals(maskUrl(url), shown);
  });
}

const NAMES: readonly (readonly [url: string, taken: string[], name: string])[] = [
  ["https://ops.example.com/listen", [], "ops.example.com"],
  ["https://OPS.example.com:8443/", [], "ops.example.com"],
  ["https://user:s3cret@ops.example.com/", [], "ops.example.com"],
  ["http://127.0.0.1:9000/", [], "127.0.0.1"],
  ["http://[::1]:9000/", [], "1"],
  ["http://[fd00::a:1]/", [], "fd00-a-1"],
  ["http://my_host/", [], "my-host"],
  ["http://[::]/", [], "webhook"],
  ["https://a/", ["a"], "a-2"],
  ["https://a/", ["a", "a-2", "a-4"], "a-3"],
  [`https://${"long.".repeat(12)}example.com/`, [], `${"long.".repeat(11)}l`],
];

for (const [url, taken, name] of NAMES) {
  Deno.test(`the name made from ${url} besides [${taken}] is ${name}`, () => {
    assertEquals(nameFromUrl(url, taken), name);
  });
}
