// @ts-check
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/**
 * The test hook as the source of the page.
 *
 * @module
 */
import { askServer } from "./ask_server.js";
import { followStream } from "./follow_stream.js";
import { toRows } from "./hook_rows.js";
import { NodesPanel } from "./nodes_panel.js";

/** @typedef {import("./hook_rows.js").HookRequest} HookRequest */
/** @typedef {import("./page_types.js").PageSink} PageSink */

/** So many of the requests that came before are fetched. */
const MOST_BEFORE = 1000;

/**
 * Follows the test hook that the page came from.
 *
 * @param {import("./page_types.js").PageAnswer & { url: string }} page
 * @returns {import("./page_types.js").PageSource}
 */
export function openSource(page) {
  const nodes = new NodesPanel();
  /** @type {ReturnType<typeof followStream> | undefined} */
  let stream;
  return {
    title: "test hook",
    place: page.host === undefined || page.host === "" ? page.url : `${page.host} · ${page.url}`,
    version: page.version,
    emptyHint: {
      text: "Nothing has arrived yet. Register this address; nodes elsewhere need this machine's " +
        "name in it:",
      command: `gluster-eventing webhook-add ${page.url}`,
    },
    clusterHint: "Nothing is known of the cluster yet. It is drawn from what arrives: peers, " +
      "volumes and bricks appear as soon as an event names them.",
    panels: [nodes.panel],
    downloads: [{ title: "Export all requests", href: "/v1/requests.ndjson" }],
    start(sink) {
      stream = followStream(optionsFor(sink, nodes));
    },
    stop: () => stream?.stop(),
    tryNow: () => stream?.tryNow(),
  };
}

/**
 * @param {PageSink} sink
 * @param {NodesPanel} nodes
 * @returns {import("./follow_stream.js").StreamOptions}
 */
function optionsFor(sink, nodes) {
  const place = new Place(sink);
  return {
    open: async (page) => {
      await place.begin(page.started_at ?? "");
      return `/v1/stream?since=${place.last}`;
    },
    on: {
      request: (request) => place.take([request]),
      cluster: (picture) => sink.showCluster(picture),
      summary: (summary) => nodes.show(summary),
    },
    showConnection: sink.showConnection,
    askLogin: sink.askLogin,
  };
}

/** How far it got with the requests, whose numbers begin anew with the server. */
class Place {
  last = 0;
  /** @type {string | undefined} */
  #startedAt;
  #sink;

  /** @param {PageSink} sink */
  constructor(sink) {
    this.#sink = sink;
  }

  /**
   * Before each connecting: sees whether the server is still the same, and fetches what came before
   * the first time.
   *
   * @param {string} startedAt
   */
  async begin(startedAt) {
    if (startedAt === this.#startedAt) return;
    const before = await askServer(`/v1/requests?limit=${MOST_BEFORE}`);
    if (this.#startedAt !== undefined) {
      this.#tell(`The test hook was restarted: its numbers begin anew`, startedAt);
    }
    this.#startedAt = startedAt;
    this.last = before[0] === undefined ? 0 : before[0].number - 1;
    this.take(before);
  }

  /**
   * One that came before comes again when more is known of it.
   *
   * @param {readonly HookRequest[]} requests Oldest first.
   */
  take(requests) {
    for (const request of requests) {
      if (request.number <= this.last) {
        this.#sink.change(this.#rowsOf(request));
        continue;
      }
      const missed = request.number - this.last - 1;
      if (missed > 0) {
        this.#tell(`${missed} requests came meanwhile that are not kept any more`, request.number);
      }
      this.last = request.number;
      this.#sink.add(this.#rowsOf(request));
    }
  }

  /** @param {HookRequest} request */
  #rowsOf(request) {
    return toRows(request, { startedAt: this.#startedAt ?? "", origin: location.origin });
  }

  /**
   * @param {string} notice
   * @param {string | number} about Tells it from others of its kind.
   */
  #tell(notice, about) {
    this.#sink.add([
      { key: `notice/${this.#startedAt}/${about}`, at: Date.now(), notice, isProblem: true },
    ]);
  }
}
