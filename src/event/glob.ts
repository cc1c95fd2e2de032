/**
 * Patterns in which `*` stands for any characters, or none.
 *
 * @module
 */

/**
 * Makes a pattern ready to be asked. However many `*` it has, and whatever it is asked of, an
 * answer takes no longer than looking for each of its parts once: what is asked of may come from
 * anybody on the network.
 */
export function compileGlob(glob: string): (text: string) => boolean {
  const [first = "", ...rest] = glob.split("*");
  const last = rest.pop();
  if (last === undefined) return (text) => text === glob;
  const middle = rest.filter((part) => part !== "");
  const least = first.length + last.length;
  if (least === 0 && middle.length === 0) return () => true;
  return (text) => {
    if (text.length < least || !text.startsWith(first) || !text.endsWith(last)) return false;
    let at = first.length;
    for (const part of middle) {
      const found = text.indexOf(part, at);
      if (found === -1) return false;
      at = found + part.length;
    }
    return at <= text.length - last.length;
  };
}
