/**
 * Puts a value into a map that holds the last so many: one that is put again is among the last, and
 * the oldest is forgotten.
 */
export function remember<T>(
  map: Map<string, T>,
  [key, value]: readonly [string, T],
  most: number,
): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= most) return;
  const [oldest] = map.keys();
  if (oldest !== undefined) map.delete(oldest);
}
