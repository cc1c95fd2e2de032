// @ts-check
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/**
 * The page as a whole: what a source tells goes to the table, the cluster and the header.
 *
 * @module
 */
import { ClusterView } from "./cluster_view.js";
import { ConnectionView } from "./connection_view.js";
import { showDetails } from "./details_view.js";
import { byId } from "./dom.js";
import { EventTable } from "./event_table.js";
import { FilterBar } from "./filter_bar.js";
import { exportName, toNdjson } from "./row_export.js";
import { compileFilter, isFiltering } from "./row_filter.js";
import { RowStore } from "./row_store.js";
import { TableWords } from "./table_words.js";
import { TitleCounter } from "./title_counter.js";
import { readHash, writeHash } from "./view_hash.js";
import { ViewSwitch } from "./view_switch.js";

/** @typedef {import("./page_types.js").Row} Row */
/** @typedef {import("./page_types.js").Notice} Notice */
/** @typedef {import("./page_types.js").PageSource} PageSource */
/** @typedef {import("./page_types.js").PageSink} PageSink */

/** So many lines are in memory. */
const MOST_ROWS = 2000;
/**
 * It may draw for so long without a rest; then it rests for so many times as long as it draws, so
 * that a burst leaves time for whoever looks.
 */
const FREE_MS = 400;
const REST_PART = 1.5;
const LONGEST_REST_MS = 500;

/** Ties the views to a source. */
export class PageApp {
  #store = new RowStore(MOST_ROWS);
  #connection = new ConnectionView(byId("connection"));
  #table = new EventTable((row) => this.#openDetails(row));
  #filterBar = new FilterBar(() => this.#changeFilter());
  #fits = compileFilter(this.#filterBar.filter);
  #words;
  #title;
  #cluster;
  #views;
  #source;
  /** @type {(Row | Notice)[]} */
  #fresh = [];
  /** @type {import("./page_types.js").ClusterPicture | undefined} */
  #picture;
  #isDue = false;
  /** How long it drew without a rest, and when that was so, by `performance.now()`. */
  #drawnMs = 0;
  #drawnAt = 0;
  #openedKey = "";

  /** @param {PageSource} source */
  constructor(source) {
    this.#source = source;
    byId("place").textContent = `${source.title} · ${source.place}`;
    byId("place").title = `Version ${source.version}`;
    this.#title = new TitleCounter(`${source.title} – gluster-eventing`);
    this.#cluster = new ClusterView(byId("cluster"), source.clusterHint);
    this.#words = new TableWords(source);
    this.#views = new ViewSwitch(source, () => this.#writeAddress());
    this.#readAddress();
    this.#setUpButtons();
    addEventListener("hashchange", () => this.#readAddress());
    addEventListener("online", () => source.tryNow());
    document.addEventListener("visibilitychange", () => source.tryNow());
  }

  /**
   * Begins, or begins anew after a login.
   *
   * @param {() => void} askLogin
   */
  start(askLogin) {
    this.#source.start({
      add: (entries) => {
        const fresh = this.#store.add(entries);
        this.#title.count(fresh);
        this.#fresh.push(...fresh);
        // A hidden page draws nothing, however long.
        if (this.#fresh.length > MOST_ROWS) this.#fresh = this.#fresh.slice(-MOST_ROWS);
        this.#drawSoon();
      },
      change: (rows) => {
        this.#store.change(rows);
        const opened = rows.find(({ key }) => key === this.#openedKey);
        if (opened !== undefined) this.#showDetails(opened);
        this.#drawSoon();
      },
      showCluster: (picture) => {
        this.#picture = picture;
        this.#drawSoon();
      },
      showConnection: (connection) => this.#connection.show(connection),
      askLogin: () => {
        this.#source.stop();
        askLogin();
      },
    });
  }

  #drawSoon() {
    if (this.#isDue) return;
    this.#isDue = true;
    const restMs = Math.min(LONGEST_REST_MS, REST_PART * (this.#drawnSoFar() - FREE_MS));
    const draw = () => requestAnimationFrame(() => this.#drawFresh());
    if (restMs > 0) setTimeout(draw, restMs);
    else draw();
  }

  #drawFresh() {
    const begunAt = performance.now();
    this.#isDue = false;
    this.#draw({ isFresh: true });
    // Behind the layout that it causes, which can take longer than all else.
    setTimeout(() => {
      const tookMs = performance.now() - begunAt;
      this.#drawnMs = this.#drawnSoFar() + tookMs;
      this.#drawnAt = performance.now();
    });
  }

  /** What it drew is made up for by the time since then. */
  #drawnSoFar() {
    return Math.max(0, this.#drawnMs - (performance.now() - this.#drawnAt) / REST_PART);
  }

  /** @param {{ isFresh: boolean }} options */
  #draw(options) {
    const fresh = this.#fresh;
    this.#fresh = [];
    this.#filterBar.learn(fresh);
    const shown = this.#store.entries.filter(this.#fits);
    if (!this.#store.isPaused || !options.isFresh) this.#table.show(shown, options);
    this.#tellCounts(shown, fresh);
    if (this.#picture !== undefined) this.#cluster.draw(this.#picture);
    this.#picture = undefined;
  }

  /**
   * @param {readonly (Row | Notice)[]} shown
   * @param {readonly (Row | Notice)[]} fresh
   */
  #tellCounts(shown, fresh) {
    this.#words.show({
      store: this.#store,
      matching: countEvents(shown),
      isFiltering: isFiltering(this.#filterBar.filter),
      fresh: fresh.filter(this.#fits),
    });
  }

  #changeFilter() {
    this.#fits = compileFilter(this.#filterBar.filter);
    this.#table.shrink();
    this.#draw({ isFresh: false });
    this.#writeAddress();
  }

  #writeAddress() {
    const hash = writeHash(this.#views.view, this.#filterBar.filter);
    history.replaceState(null, "", hash === "" ? location.pathname : `#${hash}`);
  }

  #readAddress() {
    const { view, filter } = readHash(location.hash);
    this.#views.open(view);
    this.#filterBar.filter = filter;
    this.#fits = compileFilter(filter);
    this.#draw({ isFresh: false });
  }

  /** @param {Row} row */
  #openDetails(row) {
    this.#showDetails(row);
    byId("details").hidden = false;
    document.body.classList.add("has-details");
    this.#table.markOpened(row.key);
    byId("details-title").focus();
  }

  /** @param {Row} row */
  #showDetails(row) {
    this.#openedKey = row.key;
    showDetails(byId("details"), row, () => this.#closeDetails());
  }

  #closeDetails() {
    this.#openedKey = "";
    byId("details").hidden = true;
    document.body.classList.remove("has-details");
    this.#table.focus();
    this.#table.markOpened("");
  }

  #setUpButtons() {
    const pause = byId("pause");
    const toggle = () => {
      if (this.#store.isPaused) this.#store.resume();
      else this.#store.pause();
      pause.setAttribute("aria-pressed", String(this.#store.isPaused));
      pause.textContent = this.#store.isPaused ? "Resume" : "Pause";
      this.#draw({ isFresh: false });
    };
    pause.addEventListener("click", toggle);
    byId("held").addEventListener("click", () => {
      toggle();
      pause.focus();
    });
    byId("export").addEventListener("click", () => this.#export());
    byId("clear").addEventListener("click", () => {
      this.#store.clear();
      this.#table.shrink();
      this.#draw({ isFresh: false });
    });
    byId("skip").addEventListener("click", () => {
      this.#views.open("events");
      this.#table.focus();
    });
    document.addEventListener("keydown", ({ key }) => {
      if (key === "Escape" && !byId("details").hidden) this.#closeDetails();
    });
  }

  #export() {
    const text = toNdjson(this.#store.entries.filter(this.#fits));
    const address = URL.createObjectURL(new Blob([text], { type: "application/x-ndjson" }));
    const link = document.createElement("a");
    link.href = address;
    link.download = exportName(new Date());
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
  }
}

/** @param {readonly (Row | Notice)[]} entries */
function countEvents(entries) {
  return entries.filter((entry) => !("notice" in entry)).length;
}
