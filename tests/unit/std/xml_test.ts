import { parseXml, XmlError } from "../../../src/std/xml.ts";
import { assertEquals, assertThrows } from "../../support/assert.ts";

Deno.test("XML is read as elements, their order and their text", () => {
  const document = parseXml(
    '<?xml version="1.0"?><a x="1"><b>one<c>in</c></b><d> 007 </d><b>t &amp; &lt;o</b><e/></a>',
  );
  const [root, ...others] = document.all("a");
  assertEquals(others, []);
  assertEquals(root?.all("b").map(({ text }) => text), ["one", "t & <o"]);
  assertEquals(root?.all("b")[0]?.textOf("c"), "in");
  assertEquals(root?.textOf("d"), "007");
  assertEquals([root?.textOf("e"), root?.textOf("f"), root?.text], ["", undefined, ""]);
  assertEquals(root?.all("toString"), []);
});

for (const text of ["", "hello", "<a>", "<a></b>", "<a><__proto__>1</__proto__></a>"]) {
  Deno.test(`${JSON.stringify(text)} is no XML that is taken`, () => {
    assertThrows(() => parseXml(text), XmlError, "no XML");
  });
}

Deno.test("a document with entities of its own is not taken", () => {
  const bomb = '<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb">]><a>&b;</a>';
  assertThrows(() => parseXml(bomb), XmlError, "document type");
});
