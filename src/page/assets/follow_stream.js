// @ts-check
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/**
 * Follows a stream of events for as long as the page is open. A browser's `EventSource` gives up
 * when the server answers with an error, as one does that is just starting, so that trying again is
 * up to this module: it asks the server first who it is, and then for the stream.
 *
 * @module
 */
import { askServer, LoginNeededError } from "./ask_server.js";
import { backOffMs } from "./back_off.js";

/**
 * What is to be followed.
 *
 * @typedef {object} StreamOptions
 * @property {(page: any) => string | Promise<string>} open Called with the server's answer to
 * `/v1/page` each time before it is connected; gives the address of the stream, with where it goes on.
 * @property {Readonly<Record<string, (data: any, id: string) => void>>} on What to do with an event
 * of each name (`message` for those without one); its data is JSON.
 * @property {(connection: import("./page_types.js").Connection) => void} showConnection
 * @property {() => void} askLogin
 */

/**
 * Begins to follow. Nothing is called any more after `stop`.
 *
 * @param {StreamOptions} options
 * @returns {{ stop: () => void, tryNow: () => void }} `tryNow` ends the waiting between two tries.
 */
export function followStream({ open, on, showConnection, askLogin }) {
  /** @type {EventSource | undefined} */
  let stream;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let failures = 0;
  let since = Date.now();
  let isStopped = false;

  async function connect() {
    timer = undefined;
    try {
      const address = await open(await askServer("/v1/page"));
      if (!isStopped) listen(address);
    } catch (error) {
      if (isStopped) return;
      if (error instanceof LoginNeededError) askLogin();
      else waitAndConnect(error instanceof Error ? error.message : String(error));
    }
  }

  /** @param {string} address */
  function listen(address) {
    const opened = new EventSource(address);
    stream = opened;
    opened.onopen = () => {
      failures = 0;
      since = Date.now();
      showConnection({ state: "live", since });
    };
    opened.onerror = () => {
      // A browser may be about to try again by itself.
      opened.close();
      waitAndConnect("the stream ended");
    };
    for (const [name, take] of Object.entries(on)) {
      opened.addEventListener(name, (event) => {
        if (opened === stream) take(JSON.parse(event.data), event.lastEventId);
      });
    }
  }

  /** @param {string} reason */
  function waitAndConnect(reason) {
    stream = undefined;
    failures++;
    if (failures === 1) since = Date.now();
    const waitMs = backOffMs(failures);
    showConnection({ state: "reconnecting", since, nextTryAt: Date.now() + waitMs, reason });
    timer = setTimeout(connect, waitMs);
  }

  showConnection({ state: "connecting", since });
  connect();
  return {
    stop() {
      isStopped = true;
      clearTimeout(timer);
      stream?.close();
      stream = undefined;
    },
    tryNow() {
      if (timer === undefined) return;
      clearTimeout(timer);
      connect();
    },
  };
}
