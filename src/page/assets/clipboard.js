// @ts-check
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/**
 * Copies text.
 *
 * @module
 */

/**
 * Puts a text into the clipboard.
 *
 * @param {string} text
 * @returns {Promise<boolean>} Whether the browser did it.
 */
export async function copyText(text) {
  // Only there over https: and on this machine.
  if (navigator.clipboard === undefined) return copyBySelection(text);
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    return copyBySelection(text);
  }
}

/** @param {string} text */
function copyBySelection(text) {
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "unseen";
  const focused = document.activeElement;
  document.body.append(area);
  area.select();
  const isCopied = document.execCommand("copy");
  area.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return isCopied;
}
