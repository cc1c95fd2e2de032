/**
 * The shapes that the modules of the live page agree on. A source (`hook_source.js`,
 * `daemon_source.js`) gives events in one shape, whoever serves the page; all else of the page only
 * knows what is named here.
 *
 * A module of the kind of a server exports `openSource`, an {@link OpenSource}.
 *
 * @module
 */

/** @typedef {import("../../event/cluster_picture.ts").ClusterPicture} ClusterPicture */
/** @typedef {"info" | "warning" | "alert" | "critical"} Severity */

/**
 * An event, as a line of the table.
 *
 * @typedef {object} Row
 * @property {string} key Tells it from all others, also after the server was restarted. A second row
 * of the same key is left out.
 * @property {number} at When it happened, else when it came: milliseconds since 1970.
 * @property {string} event Its name, such as `VOLUME_CREATE`.
 * @property {string} group
 * @property {Severity | null} severity
 * @property {string} node The host name of its node; empty if it is not known.
 * @property {string} nodeid
 * @property {string} text What it says, in a line.
 * @property {string} id
 * @property {unknown} message What it says, key by key; `null` if there is no such thing.
 * @property {readonly string[]} marks What is odd about it, such as `duplicate`, in a word or two.
 * @property {readonly string[]} problems Why it is shown under "only problems", whatever its severity.
 * @property {unknown} payload What the export writes and, if there is no request, the details show.
 * @property {readonly (readonly [string, string])[]} [facts] More for the details: names and values.
 * @property {RowRequest} [request] The request that brought it.
 */

/**
 * A request as it came.
 *
 * @typedef {object} RowRequest
 * @property {string} url Where it went, whole.
 * @property {string} from `HOST:PORT`.
 * @property {number} receivedAt Milliseconds since 1970.
 * @property {Readonly<Record<string, string>>} headers Credentials in them are hidden.
 * @property {string} body The beginning of it, if it is very long.
 * @property {number} bodyBytes
 * @property {number | null} status The answer; `null` if there was none.
 * @property {string | null} trouble Trouble that was made on demand.
 * @property {readonly { scheme: string, ok: boolean, reason: string }[]} verdicts
 * @property {number} events How many events it carried.
 */

/**
 * Something that has to be said between the events, such as that the server was restarted.
 *
 * @typedef {object} Notice
 * @property {string} key
 * @property {number} at Milliseconds since 1970.
 * @property {string} notice
 * @property {boolean} isProblem
 */

/**
 * How it stands with the server.
 *
 * @typedef {object} Connection
 * @property {"connecting" | "live" | "reconnecting"} state
 * @property {number} since Since when, milliseconds since 1970.
 * @property {number} [nextTryAt] When it is tried again.
 * @property {string} [reason] Why it is not live.
 */

/**
 * What a source tells the page.
 *
 * @typedef {object} PageSink
 * @property {(entries: readonly (Row | Notice)[]) => void} add Oldest first. May be called a
 * thousand times a second.
 * @property {(rows: readonly Row[]) => void} change More is known of these, which came before; what
 * is not in the table any more is left out.
 * @property {(connection: Connection) => void} showConnection
 * @property {(picture: ClusterPicture & { problem?: string | null }) => void} showCluster With
 * `problem`, why the picture is not as new as it should be.
 * @property {() => void} askLogin The server wants to know who asks: the page shows the form, and
 * begins anew afterwards.
 */

/**
 * One more view of the page, with a button beside "Events" and "Cluster".
 *
 * @typedef {object} PagePanel
 * @property {string} id Stands in the address: `#view=ID`.
 * @property {string} title
 * @property {(element: HTMLElement) => (() => void) | void} render Fills the empty element each time
 * that the view is opened. What it returns is called when the view is left.
 */

/**
 * Where the events come from.
 *
 * @typedef {object} PageSource
 * @property {string} title What serves the page, such as `test hook`.
 * @property {string} place The node or the address that it runs at.
 * @property {string} version
 * @property {{ text: string, command: string }} emptyHint What to do while nothing has arrived.
 * @property {boolean} [hasCluster] False if there is no cluster to show, and so no view of it.
 * @property {string} clusterHint Why there may be nothing to see of the cluster yet.
 * @property {readonly PagePanel[]} panels
 * @property {readonly { title: string, href: string }[]} downloads
 * @property {(sink: PageSink) => void} start Called again after `stop`, with the same sink, when
 * somebody had to log in.
 * @property {() => void} stop
 * @property {() => void} tryNow Ends the waiting between two tries to connect, if there is one.
 */

/**
 * Makes the source of a kind of server.
 *
 * @typedef {(page: PageAnswer) => PageSource} OpenSource
 */

/**
 * The answer to `GET /v1/page`, as far as every kind of server gives it.
 *
 * @typedef {object} PageAnswer
 * @property {string} kind `test-hook` or `daemon`.
 * @property {string} version
 * @property {string} [host] The name of its machine.
 * @property {string} [started_at] When the server started, RFC 3339.
 */

/**
 * What `daemon_login.js` exports as `renderLogin`: fills the element with a form, and calls back
 * when the server has let the person in.
 *
 * @typedef {(element: HTMLElement, onDone: () => void) => void} RenderLogin
 */

export {};
