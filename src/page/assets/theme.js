// @ts-check
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/**
 * Light or dark: as the system has it, until somebody chooses.
 *
 * @module
 */

const KEY = "theme";

/**
 * Makes the button switch.
 *
 * @param {HTMLElement} button
 */
export function setUpTheme(button) {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => {
    const chosen = document.documentElement.dataset.theme;
    return chosen === undefined ? system.matches : chosen === "dark";
  };
  const show = () => {
    const other = isDark() ? "light" : "dark";
    button.textContent = isDark() ? "☀" : "☾";
    button.setAttribute("aria-label", `Switch to ${other} colours`);
    button.title = `Switch to ${other} colours`;
  };
  button.addEventListener("click", () => {
    const theme = isDark() ? "light" : "dark";
    document.documentElement.dataset.theme = theme;
    remember(theme);
    show();
  });
  system.addEventListener("change", show);
  show();
}

/** @param {string} theme */
function remember(theme) {
  try {
    localStorage.setItem(KEY, theme);
  } catch (error) {
    // A browser may keep nothing at all.
    if (!(error instanceof DOMException)) throw error;
  }
}
