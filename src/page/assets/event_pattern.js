// @ts-check
/**
 * Which events are meant, written as a webhook's `events` are: names, names with `*` for any
 * characters, `group:` with a group, and `!` in front to take away.
 *
 * @module
 */

/**
 * @typedef {{ takesAway: boolean, fits: (event: string, group: string) => boolean }} Pattern
 */

/**
 * Makes patterns ready to be asked. An event fits if one that adds fits, or there is none, and none
 * that takes away does.
 *
 * @param {string} text With commas or spaces between the patterns.
 * @returns {(event: string, group: string) => boolean}
 */
export function compilePatterns(text) {
  const patterns = text.split(/[\s,]+/).filter((word) => word !== "" && word !== "!").map(
    readPattern,
  );
  const adding = patterns.filter(({ takesAway }) => !takesAway);
  const taking = patterns.filter(({ takesAway }) => takesAway);
  return (event, group) => {
    const [name, kind] = [event.toUpperCase(), group.toUpperCase()];
    return (adding.length === 0 || adding.some(({ fits }) => fits(name, kind))) &&
      !taking.some(({ fits }) => fits(name, kind));
  };
}

/**
 * @param {string} word
 * @returns {Pattern}
 */
function readPattern(word) {
  const takesAway = word.startsWith("!");
  const pattern = (takesAway ? word.slice(1) : word).toUpperCase();
  if (pattern.startsWith("GROUP:")) {
    const fits = compileGlob(pattern.slice("GROUP:".length));
    return { takesAway, fits: (_event, group) => fits(group) };
  }
  const fits = compileGlob(pattern);
  return { takesAway, fits: (event) => fits(event) };
}

/**
 * A pattern in which `*` stands for any characters. However many it has, an answer takes no longer
 * than looking for each of its parts once.
 *
 * @param {string} glob
 * @returns {(text: string) => boolean}
 */
export function compileGlob(glob) {
  const [first = "", ...rest] = glob.split("*");
  const last = rest.pop();
  if (last === undefined) return (text) => text === glob;
  return (text) => {
    if (text.length < first.length + last.length) return false;
    if (!text.startsWith(first) || !text.endsWith(last)) return false;
    let at = first.length;
    for (const part of rest) {
      const found = text.indexOf(part, at);
      if (found === -1) return false;
      at = found + part.length;
    }
    return at <= text.length - last.length;
  };
}
