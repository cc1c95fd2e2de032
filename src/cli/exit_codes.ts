/**
 * The exit codes. 2 to 9 are those of upstream's `gluster-eventsapi`, which tools look at.
 *
 * @module
 */
export const EXIT = {
  done: 0,
  failed: 1,
  valueUnchanged: 2,
  noNodeOk: 3,
  someNodesNotOk: 4,
  webhookExists: 5,
  unknownWebhook: 6,
  invalidConfig: 7,
  webhookSyncFailed: 8,
  configSyncFailed: 9,
  usage: 64,
  daemonNotRunning: 69,
  /** What a shell reports of a process that SIGINT ended. */
  interrupted: 130,
} as const;
