/**
 * Questions to whoever sits at the terminal.
 *
 * @module
 */
import type { Output } from "./output.ts";

/**
 * Asks a question that is answered with yes or no; anything but yes is no.
 *
 * @returns `undefined` if standard input is no terminal.
 */
export function askOnTerminal(question: string, output: Output): Promise<boolean | undefined> {
  if (!Deno.stdin.isTerminal()) return Promise.resolve(undefined);
  // Standard output may be read by a program.
  output.note(`${question} [y/N]`);
  const buffer = new Uint8Array(64);
  const count = Deno.stdin.readSync(buffer) ?? 0;
  const answer = new TextDecoder().decode(buffer.subarray(0, count)).trim();
  return Promise.resolve(/^y(?:es)?$/i.test(answer));
}
