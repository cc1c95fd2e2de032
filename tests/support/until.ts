/**
 * Waits until a condition holds.
 *
 * @param what What is waited for, to say what did not happen.
 * @param check Returns something truthy when it holds; what it returns is handed on.
 * @param seen Tells what was there instead, for the error.
 */
export async function until<T>(
  what: string,
  check: () => T | Promise<T>,
  { withinMs = 15_000, seen }: { withinMs?: number; seen?: () => unknown } = {},
): Promise<NonNullable<T>> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const result = await check();
    if (result) return result;
    if (performance.now() > deadline) {
      const there = seen === undefined ? "" : `; seen: ${Deno.inspect(seen(), { depth: 6 })}`;
      throw new Error(`It did not happen within ${withinMs} ms that ${what}${there}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
