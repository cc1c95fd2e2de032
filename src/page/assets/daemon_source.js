// @ts-check
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/**
 * A daemon as the source of the page.
 *
 * @module
 */
import { AttemptsPanel } from "./daemon_attempts.js";
import { DaemonCluster } from "./daemon_cluster.js";
import { DeadLettersPanel } from "./daemon_dead_letters.js";
import { logOut } from "./daemon_login.js";
import { DaemonPlace } from "./daemon_place.js";
import { toNotice, toRow } from "./daemon_rows.js";
import { WebhooksPanel } from "./daemon_webhooks.js";
import { byId, makeButton } from "./dom.js";
import { followStream } from "./follow_stream.js";

/** @typedef {import("./page_types.js").PageSink} PageSink */
/** @typedef {import("./page_types.js").PageSource} PageSource */

/**
 * What a daemon answers at `/v1/page`.
 *
 * @typedef {import("./page_types.js").PageAnswer & {
 *   node: string,
 *   host: string,
 *   token: boolean,
 *   may_change: boolean,
 *   pool: boolean,
 *   cluster_stream: boolean,
 *   headlines: Readonly<Record<string, string>>,
 * }} DaemonPage
 */

/**
 * Follows the daemon that the page came from.
 *
 * @param {DaemonPage} page
 * @returns {PageSource}
 */
export function openSource(page) {
  const place = new DaemonPlace(page.cluster_stream);
  const cluster = page.pool ? new DaemonCluster() : undefined;
  /** @type {PageSink | undefined} */
  let sink;
  /** @type {ReturnType<typeof followStream> | undefined} */
  let stream;
  const askLogin = () => sink?.askLogin();
  const panels = [
    new WebhooksPanel(askLogin),
    new AttemptsPanel(askLogin),
    new DeadLettersPanel(askLogin, page.may_change),
  ];
  if (page.token) {
    const button = makeButton("Log out", async () => {
      await logOut();
      askLogin();
    }, { id: "log-out" });
    byId("theme").before(button);
  }
  /** @param {string} event */
  const noteEvent = (event) => {
    cluster?.noteEvent(event);
    for (const panel of panels) panel.noteEvent();
  };
  return {
    title: "daemon",
    place: page.host || page.node,
    version: page.version,
    hasCluster: page.pool,
    emptyHint: {
      text: "Nothing has arrived yet. To see something:",
      command: "gluster-eventing emit VOLUME_START name=gv1",
    },
    clusterHint: "glusterd has told nothing of the cluster yet.",
    panels,
    downloads: [],
    start(given) {
      sink = given;
      cluster?.start(given);
      for (const panel of panels) panel.resume();
      stream = followStream({
        open: (now) =>
          place.begin(now, (events) => {
            given.add(events.map((event) => toRow(event, page.headlines)));
          }),
        on: {
          message: (event, position) => {
            place.moveTo(position);
            given.add([toRow(event, page.headlines)]);
            noteEvent(event.event);
          },
          notice: (notice, position) => {
            place.moveTo(position);
            const line = toNotice(notice, Date.now());
            if (line !== undefined) given.add([line]);
            if (notice.notice === "live" || notice.notice === "back") cluster?.refresh();
          },
        },
        showConnection: given.showConnection,
        askLogin,
      });
    },
    stop() {
      stream?.stop();
      cluster?.stop();
      for (const panel of panels) panel.pause();
    },
    tryNow: () => stream?.tryNow(),
  };
}
