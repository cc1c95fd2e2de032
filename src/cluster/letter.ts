/**
 * What nodes have to know of a question and nobody else may see: it travels in a file of root's, for
 * glusterd logs the words of a question and every process list shows them.
 *
 * @module
 */
import { folderOf, ignoreMissing, replaceFile } from "../registry/replace_file.ts";
import { HintedError } from "../std/hinted_error.ts";
import type { NodeReply, PoolLink } from "./pool_link.ts";

/** Below glusterd's folder. */
const LETTER_PATH = "events/.webhooks.letter";

/** The file that belongs to a question did not arrive. */
export class LetterError extends HintedError {
  override readonly name = "LetterError";
}

/** A question with something that must not be seen. */
export interface SealedQuestion {
  /** The word that says what to do with it. */
  readonly action: string;
  /** Made up for each question. */
  readonly token: string;
  /** Plain data. */
  readonly content: unknown;
  readonly timeoutMs: number;
}

/** Asks all nodes but this one. @returns A reply for each of them. */
export async function askSealed<T>(
  link: PoolLink,
  workdir: string,
  { action, token, content, timeoutMs }: SealedQuestion,
): Promise<NodeReply<T>[]> {
  const path = `${workdir}/${LETTER_PATH}`;
  await writeLetter(path, JSON.stringify({ token, content }));
  try {
    if (await link.copy(`/${LETTER_PATH}`) !== undefined) {
      // The folder is missing where there never was a registry.
      await link.ask({ words: ["prepare"] });
      await link.copy(`/${LETTER_PATH}`);
    }
    return await link.ask<T>({ words: [action, token], timeoutMs });
  } finally {
    await Deno.remove(path).catch(ignoreMissing);
  }
}

/** What came with a question; the file is gone afterwards. */
export async function openLetter(workdir: string, token: string): Promise<unknown> {
  const path = `${workdir}/${LETTER_PATH}`;
  const text = await Deno.readTextFile(path).catch(ignoreMissing) ?? "";
  const letter = parseLetter(text);
  if (letter?.token !== token) {
    throw new LetterError(
      "what belongs to the question did not arrive here",
      "see whether the disk is full, and try again",
    );
  }
  await Deno.remove(path).catch(ignoreMissing);
  return letter.content;
}

async function writeLetter(path: string, text: string): Promise<void> {
  await Deno.mkdir(folderOf(path), { recursive: true, mode: 0o755 });
  await replaceFile({ path, temporaryName: ".webhooks.letter.new", text });
}

function parseLetter(text: string): { token: unknown; content: unknown } | undefined {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
