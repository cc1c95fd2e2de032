/**
 * Which version this is.
 *
 * @module
 */
import project from "../../deno.json" with { type: "json" };

/** The version, for example `0.1.0`. */
export const VERSION = project.version;

/** The file that the compile script adds to the binary, next to `deno.json`. */
const STAMP = new URL("../../dist/build_stamp.json", import.meta.url);

/** What `--version` prints: the version, how it was built, and the Deno it runs on. */
export function describeVersion(): string {
  return `gluster-eventing ${VERSION} (${describeBuild()}, Deno ${Deno.version.deno})`;
}

function describeBuild(): string {
  if (!Deno.build.standalone) return "from source";
  const stamp: unknown = JSON.parse(Deno.readTextFileSync(STAMP));
  if (typeof stamp !== "object" || stamp === null || !("build" in stamp)) {
    throw new TypeError("The binary holds no build stamp");
  }
  return String(stamp.build);
}
