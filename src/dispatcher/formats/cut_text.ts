/**
 * Text that must not get longer than its reader bears.
 *
 * @module
 */

/** The text, or, if it has more characters than this, its beginning with an ellipsis behind it. */
export function cutText(text: string, most: number): string {
  // Every character has one or two places, so what is short enough need not be taken apart.
  if (text.length <= most) return text;
  const characters = [...text.slice(0, 2 * most + 2)];
  if (characters.length <= most) return text;
  return `${characters.slice(0, most - 1).join("")}…`;
}
