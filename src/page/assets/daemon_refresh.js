// @ts-check
/// <reference lib="dom" />
/**
 * Asks the daemon again and again, as long as somebody looks.
 *
 * @module
 */
import { LoginNeededError } from "./ask_server.js";

const EVERY_MS = 2000;
/** What happens in the same moment is asked for once. */
const GATHER_MS = 150;

/**
 * Begins to ask, at once and every 2 s while the page is visible.
 *
 * @param {object} options
 * @param {() => Promise<void>} options.ask Asks, and shows what comes.
 * @param {() => void} options.askLogin
 * @param {(reason: string) => void} options.showProblem Called with an empty text if there is none.
 * @returns {{ soon: () => void, stop: () => void }} `soon`: something has happened.
 */
export function refresh({ ask, askLogin, showProblem }) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let isAsking = false;
  let isStopped = false;
  let isAskedAgain = false;

  /** @param {number} ms */
  function wait(ms) {
    clearTimeout(timer);
    if (!isStopped && !document.hidden) timer = setTimeout(run, ms);
  }

  async function run() {
    if (isAsking) {
      isAskedAgain = true;
      return;
    }
    isAsking = true;
    isAskedAgain = false;
    try {
      await ask();
      if (!isStopped) showProblem("");
    } catch (error) {
      if (isStopped) return;
      if (error instanceof LoginNeededError) return askLogin();
      showProblem(error instanceof Error ? error.message : String(error));
    } finally {
      isAsking = false;
      wait(isAskedAgain ? GATHER_MS : EVERY_MS);
    }
  }

  const onVisible = () => {
    if (document.hidden) clearTimeout(timer);
    else run();
  };
  document.addEventListener("visibilitychange", onVisible);
  run();
  return {
    soon() {
      if (isAsking) isAskedAgain = true;
      else wait(GATHER_MS);
    },
    stop() {
      isStopped = true;
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", onVisible);
    },
  };
}
