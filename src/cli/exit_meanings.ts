/**
 * What the exit codes mean, in a few words.
 *
 * @module
 */
import { EXIT } from "./exit_codes.ts";

const MEANINGS: Readonly<Record<keyof typeof EXIT, string>> = {
  done: "Done.",
  failed: "It failed; standard error says why, and what helps.",
  valueUnchanged: "The setting has this value already.",
  noNodeOk: "No node of the cluster did it.",
  someNodesNotOk: "Some nodes of the cluster did not do it.",
  webhookExists: "There is such a webhook already.",
  unknownWebhook: "There is no such webhook.",
  invalidConfig: "The registry, a setting's name or a value is not valid; nothing was changed.",
  webhookSyncFailed: "The webhooks could not be copied to the other nodes.",
  configSyncFailed: "The settings could not be copied to the other nodes.",
  usage: "The command line makes no sense.",
  daemonNotRunning: "The daemon is not running on this node.",
  interrupted: "Ended by SIGINT (Ctrl-C).",
};

/** Each exit code with its meaning, lowest first. */
export const EXIT_MEANINGS: readonly (readonly [code: number, meaning: string])[] = Object
  .entries(EXIT)
  .map(([name, code]) => [code, MEANINGS[name as keyof typeof EXIT]] as const)
  .sort(([one], [other]) => one - other);
