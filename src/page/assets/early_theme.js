/**
 * Takes the remembered colours before anything is drawn; no module, since these wait for the page.
 *
 * @module
 */
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch (error) {
  // A browser may keep nothing at all: then the colours are those of the system.
  if (!(error instanceof DOMException)) throw error;
}
