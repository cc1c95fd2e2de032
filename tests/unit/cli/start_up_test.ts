import { assert, assertEquals } from "../../support/assert.ts";

const ROOT = new URL("../../../", import.meta.url);

/** What is loaded with a module at once: its static imports that are no types, and theirs. */
async function loadedWith(path: string, loaded = new Set<string>()): Promise<Set<string>> {
  const url = new URL(path, ROOT);
  if (loaded.has(url.href)) return loaded;
  loaded.add(url.href);
  const source = await Deno.readTextFile(url);
  for (
    const [, words = "", specifier = ""] of source.matchAll(
      /^(?:im|ex)port\s([^;"]*?)\s?(?:from )?"(\..+?\.ts)"/gm,
    )
  ) {
    if (!words.startsWith("type ")) await loadedWith(new URL(specifier, url).href, loaded);
  }
  return loaded;
}

Deno.test("starting up loads no command, no help, no completions and no man page", async () => {
  const loaded = [...await loadedWith("main.ts")].map((href) => href.replace(ROOT.href, ""));
  for (const needed of ["src/cli/run_cli.ts", "src/cli/table/about.ts", "src/std/cli.ts"]) {
    assert(loaded.includes(needed), `${needed} is not among ${loaded.join(" ")}`);
  }
  const late = /^src\/cli\/(commands\/|help|completions|man_page|roff|value_source|wrap_text)/;
  assertEquals(loaded.filter((path) => late.test(path)), []);
});
