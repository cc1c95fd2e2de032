import { quoteWord, toCurl } from "../../../src/page/assets/curl_command.js";
import { assertEquals, assertMatch } from "../../support/assert.ts";

const REQUEST = { url: "http://gl1:9000/hook", headers: {}, body: "{}" };

Deno.test("a plain request is a plain command", () => {
  const headers = { "content-type": "application/json", host: "gl1:9000", "content-length": "2" };
  assertEquals(
    toCurl({ ...REQUEST, headers }),
    "curl --globoff -X POST http://gl1:9000/hook -H 'content-type: application/json' --data-raw '{}'",
  );
});

Deno.test("a credential that was hidden has a placeholder that says so", () => {
  const headers = { authorization: "Bearer ***", "x-key": "***", cookie: "***" };
  const command = toCurl({ ...REQUEST, headers });
  assertMatch(command, /-H 'authorization: Bearer <hidden: put the authorization here>'/);
  assertMatch(command, /-H 'x-key: <hidden: put the x-key here>'/);
  assertMatch(command, /-H 'cookie: <hidden: put the cookie here>'/);
});

Deno.test("no control character gets into a command, whatever the request holds", () => {
  const controls = Array.from({ length: 0xa0 }, (_, code) => String.fromCharCode(code))
    .filter((character) => /\p{Cc}/u.test(character)).join("");
  const nasty = `${controls}\u202e\u2066\u2028`;
  const command = toCurl({ url: `http://gl1/${nasty}`, headers: { "x-a": nasty }, body: nasty });
  assertEquals(/[\p{Cc}\u2028\u202a-\u202e\u2066-\u2069]/u.test(command), false);
});

Deno.test("quotes end no word", () => {
  assertEquals(quoteWord("it's"), `'it'\\''s'`);
  assertEquals(quoteWord(""), "''");
  assertEquals(quoteWord("$(reboot)`reboot`"), "'$(reboot)`reboot`'");
});
