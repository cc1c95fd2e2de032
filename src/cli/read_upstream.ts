/**
 * Upstream's files on this node.
 *
 * @module
 */
import {
  readUpstreamConfig,
  readUpstreamWebhooks,
  UpstreamFileError,
} from "../registry/upstream_files.ts";
import type { UpstreamFiles } from "../registry/upstream_import.ts";
import { CommandError } from "./command.ts";
import { EXIT } from "./exit_codes.ts";

/** What upstream's files say, and which of them are not there. */
export interface UpstreamFolder {
  readonly files: UpstreamFiles;
  readonly missing: readonly string[];
}

const WEBHOOKS = "webhooks.json";
const CONFIG = "config.json";

/**
 * Reads `webhooks.json` and `config.json` in a folder.
 *
 * @throws {UpstreamFileError} If one of them cannot be read or understood.
 * @throws {CommandError} If neither is there.
 */
export async function readUpstreamFolder(folder: string): Promise<UpstreamFolder> {
  const webhooks = await readText(`${folder}/${WEBHOOKS}`);
  const config = await readText(`${folder}/${CONFIG}`);
  if (webhooks === undefined && config === undefined) {
    throw new CommandError(
      EXIT.failed,
      `There is nothing to take over: ${folder} has neither ${WEBHOOKS} nor ${CONFIG}`,
      "name the folder that has them: gluster-eventing import-upstream --from DIR",
    );
  }
  return {
    files: {
      ...readUpstreamWebhooks(webhooks ?? "", `${folder}/${WEBHOOKS}`),
      config: readUpstreamConfig(config ?? "", `${folder}/${CONFIG}`),
    },
    missing: [
      ...(webhooks === undefined ? [WEBHOOKS] : []),
      ...(config === undefined ? [CONFIG] : []),
    ],
  };
}

async function readText(path: string): Promise<string | undefined> {
  try {
    const bytes = await Deno.readFile(path);
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    if (!(error instanceof Error)) throw error;
    const reason = error instanceof TypeError ? "it is not UTF-8" : error.message;
    throw new UpstreamFileError(`Cannot read ${path}: ${reason}`, `look at it: ls -la ${path}`, {
      cause: error,
    });
  }
}
