import { ApiTokenError, bearerOf, readApiToken } from "../../../src/api/api_token.ts";
import { isSameText } from "../../../src/std/same_text.ts";
import { assertEquals, assertThrows } from "../../support/assert.ts";
import { makeTempFolder } from "../../support/temp_folder.ts";

Deno.test("texts are the same only if they are, whatever their lengths", () => {
  const texts = ["", "a", "b", "ab", "0123456789abcdef", "0123456789abcdeg", "\u00e9", "e"];
  for (const one of texts) {
    for (const other of texts) {
      assertEquals(isSameText(one, other), one === other, `${one} ${other}`);
    }
  }
  const long = "x".repeat(100_000);
  assertEquals([isSameText(long, long), isSameText(long, `${long}y`)], [true, false]);
});

Deno.test("a bearer token is what stands behind the word, in one piece", () => {
  assertEquals(bearerOf("Bearer abc"), "abc");
  assertEquals(bearerOf("BEARER   a.b~c=="), "a.b~c==");
  for (const text of [undefined, "", "Bearer", "Bearer ", "Bearer a b", "Token abc", "xBearer a"]) {
    assertEquals(bearerOf(text), undefined);
  }
});

Deno.test("the token is the line in the file, at least 16 characters of it", async () => {
  await using folder = await makeTempFolder();
  const path = `${folder.path}/token`;
  const read = (text: string) => {
    Deno.writeTextFileSync(path, text);
    return readApiToken(path);
  };
  assertEquals(read("0123456789abcdef\n"), "0123456789abcdef");
  assertEquals(read("0123456789abcdef\r\n"), "0123456789abcdef");
  assertEquals(read("0123456789abcdef"), "0123456789abcdef");
  const bad = [
    "",
    "\n",
    "0123456789abcde\n",
    "0123456789 abcdef",
    "0123456789abcdef\n\n",
    "0123456789abcd\u00e9f",
  ];
  for (const text of [...bad, "x".repeat(4097)]) {
    const { message } = assertThrows(() => read(text), ApiTokenError, "There is no token in");
    assertEquals(message.includes("0123"), false);
  }
  assertThrows(
    () => readApiToken(`${folder.path}/none`),
    ApiTokenError,
    "Cannot read api-token-file",
  );
});
