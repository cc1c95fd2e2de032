import { compileGlob, compilePatterns } from "../../../src/page/assets/event_pattern.js";
import { compileGlob as compileRegistryGlob } from "../../../src/event/glob.ts";
import { matchesEvent, parseEventFilter } from "../../../src/event/event_filter.ts";
import { EVENT_TYPES } from "../../../src/event/catalog.ts";
import { assertEquals } from "../../support/assert.ts";

Deno.test("a pattern on the page means what it means in a webhook's registry", () => {
  const texts = [
    "VOLUME_*",
    "volume_start",
    "!VOLUME_SET",
    "VOLUME_*, !VOLUME_SET",
    "group:BRICK",
    "group:brick, !*DISCONNECTED",
    "*_FAILED group:PEER",
    "*",
  ];
  for (const text of texts) {
    const fits = compilePatterns(text);
    const filter = parseEventFilter({ events: text.split(/[\s,]+/) });
    const here = EVENT_TYPES.filter(({ name, group }) => fits(name, group));
    const there = EVENT_TYPES.filter(({ name }) => matchesEvent(filter, name));
    assertEquals(here.map(({ name }) => name), there.map(({ name }) => name), text);
  }
});

Deno.test("a pattern that is only begun to be typed takes nothing away", () => {
  for (const text of ["", "  ", "!", ", ,"]) {
    assertEquals(compilePatterns(text)("VOLUME_START", "VOLUME"), true, text);
  }
});

Deno.test("an asterisk stands for any characters, or none", () => {
  const globs = ["a*", "*a", "*", "a*b*c", "a**b", "ab", "", "*a*"];
  const texts = ["", "a", "ab", "abc", "axbxc", "ba", "aXb", "acb"];
  for (const glob of globs) {
    for (const text of texts) {
      assertEquals(compileGlob(glob)(text), compileRegistryGlob(glob)(text), `${glob} on ${text}`);
    }
  }
});
