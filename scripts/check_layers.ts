/**
 * Checks that every folder under `src/` imports only from folders on the steps below its own, and
 * that nothing but the spool uses SQLite: `scripts/deno run -A scripts/check_layers.ts`.
 *
 * @module
 */

/** The steps of the layout, lowest first; folders on one step do not import each other. */
export const STEPS: readonly (readonly string[])[] = [
  ["event"],
  ["registry", "spool"],
  ["listener", "dispatcher", "page"],
  ["cluster", "install", "api", "testhook"],
  ["daemon"],
  ["cli"],
];

/** The doors to libraries, open to all; they import nothing of the project. */
const DOORS = "std";

/** An import that the layout forbids. */
export interface Violation {
  readonly file: string;
  readonly specifier: string;
  readonly reason: string;
}

/** The folder under `src/` that a path belongs to. */
function folderOf(path: string): string | undefined {
  return /(?:^|\/)src\/([^/]+)\//.exec(path)?.[1];
}

/** Checks one import of a file; paths are relative to the project. */
export function checkImport(file: string, specifier: string): Violation | undefined {
  const from = folderOf(file);
  if (from === undefined) return undefined;
  const violation = (reason: string) => ({ file, specifier, reason });
  if (specifier === "node:sqlite") {
    return from === "spool" ? undefined : violation("only spool/ uses SQLite");
  }
  if (specifier.startsWith("@std/") && from !== DOORS) {
    return violation("only std/ imports @std, and hands it on with types");
  }
  if (!specifier.startsWith(".")) return undefined;
  const target = new URL(specifier, `file:///${file}`).pathname.slice(1);
  const to = folderOf(target);
  if (to === from || to === DOORS) return undefined;
  if (from === DOORS) return violation("std/ imports nothing of the project");
  if (to === undefined) {
    // The version stands in deno.json.
    return target === "deno.json" && from === "cli" ? undefined : violation("leaves src/");
  }
  const fromStep = STEPS.findIndex((step) => step.includes(from));
  const toStep = STEPS.findIndex((step) => step.includes(to));
  if (fromStep === -1 || toStep === -1) return violation("a folder that is on no step");
  return toStep < fromStep ? undefined : violation(`${from}/ must not know ${to}/`);
}

/** The specifiers of all imports and re-exports in a module, dynamic ones and types included. */
export function importsOf(source: string): string[] {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
  const pattern = /\b(?:from|import)\s*\(?\s*"([^"]+)"/g;
  return [...code.matchAll(pattern)].flatMap(([, specifier]) => specifier ?? []);
}

/** The modules in a folder and below it. */
export async function* sourceFiles(folder: string): AsyncGenerator<string> {
  for await (const entry of Deno.readDir(folder)) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) yield* sourceFiles(path);
    else if (path.endsWith(".ts")) yield path;
  }
}

if (import.meta.main) {
  Deno.chdir(new URL("..", import.meta.url).pathname);
  const lines: string[] = [];
  let count = 0;
  for await (const file of sourceFiles("src")) {
    count++;
    for (const specifier of importsOf(await Deno.readTextFile(file))) {
      const violation = checkImport(file, specifier);
      if (violation !== undefined) lines.push(`${file}: "${specifier}": ${violation.reason}`);
    }
  }
  const verdict = lines.length === 0
    ? `layers: ${count} files, every import goes down`
    : `layers: ${lines.length} imports are not allowed\n  ${lines.join("\n  ")}`;
  Deno.stdout.writeSync(new TextEncoder().encode(`${verdict}\n`));
  Deno.exit(lines.length === 0 ? 0 : 1);
}
