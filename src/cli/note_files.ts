/**
 * Says which files that a webhook needs are not here.
 *
 * @module
 */
import type { WebhookSettings } from "../registry/changes.ts";
import { type KeyRule, WEBHOOK_KEYS } from "../registry/schema.ts";
import type { Output } from "./output.ts";

/** Notes files that were given and cannot be opened on this node; they may still come. */
export async function noteFiles(output: Output, settings: WebhookSettings): Promise<void> {
  const rules: Readonly<Record<string, KeyRule>> = WEBHOOK_KEYS;
  for (const [key, path] of Object.entries(settings)) {
    if (rules[key]?.kind.isFile === undefined || typeof path !== "string") continue;
    try {
      using _file = await Deno.open(path);
    } catch (error) {
      const why = error instanceof Deno.errors.NotFound ? "is not on" : "cannot be read on";
      output.note(`note: ${key} ${path} ${why} this node; every node that posts needs it`);
    }
  }
}
