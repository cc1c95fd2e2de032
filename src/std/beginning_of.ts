/**
 * The beginning of a text, as a text of its own: a slice would keep all of it in memory, however
 * little of it is left.
 *
 * @param most How many UTF-16 units it may have.
 */
export function beginningOf(text: string, most: number): string {
  if (text.length <= most) return text;
  const units = Array.from({ length: most }, (_, at) => text.charCodeAt(at));
  return String.fromCharCode(...units);
}
