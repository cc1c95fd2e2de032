/**
 * The configuration with which the program is compiled: that of the project without the packages
 * that only tests use. Deno puts every package of the lock file into the binary.
 *
 * @module
 */
import { importsOf, sourceFiles } from "./check_layers.ts";

/** The parts of `deno.json` that matter here. */
export interface ProjectConfig {
  readonly imports: Readonly<Record<string, string>>;
  readonly [key: string]: unknown;
}

/** The configuration with the imports that the program's modules make, and no others. */
export function toProgramConfig(
  { imports, unstable, compilerOptions }: ProjectConfig,
  used: ReadonlySet<string>,
): ProjectConfig {
  const kept = Object.entries(imports).filter(([name]) => used.has(name));
  return { imports: Object.fromEntries(kept), unstable, compilerOptions };
}

/**
 * Writes the configuration and a lock file into `dist/`. Deno takes out of the latter what is not
 * imported; versions and checksums stay as they are.
 *
 * @returns The arguments of Deno that name them.
 */
export async function writeProgramConfig(root: string): Promise<string[]> {
  const used = new Set(importsOf(await Deno.readTextFile(`${root}main.ts`)));
  for await (const file of sourceFiles(`${root}src`)) {
    for (const specifier of importsOf(await Deno.readTextFile(file))) used.add(specifier);
  }
  const project: ProjectConfig = JSON.parse(await Deno.readTextFile(`${root}deno.json`));
  const config = toProgramConfig(project, used);
  await Deno.writeTextFile(`${root}dist/deno.json`, JSON.stringify(config, null, 2));
  await Deno.copyFile(`${root}deno.lock`, `${root}dist/deno.lock`);
  return ["--config", "dist/deno.json", "--lock", "dist/deno.lock", "--frozen=false"];
}
