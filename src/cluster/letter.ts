/**
 * What nodes have to know of a question and nobody else may see: it travels in a file of root's, for
 * glusterd logs the words of a question and every process list shows them.
 *
 * @module
 */
import { replaceFile } from "../registry/replace_file.ts";
import { ignoreMissing } from "../std/files.ts";
import { HintedError } from "../std/hinted_error.ts";
import type { NodeReply, PoolLink } from "./pool_link.ts";

/** Below glusterd's folder. */
const FOLDER = "events";
const LETTER_NAME = ".webhooks.letter-";
/** Nobody opens one that is older: whoever was asked has ended, or was never asked. */
const LONGEST_LIFE_MS = 600_000;

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
  const folder = `${workdir}/${FOLDER}`;
  const name = LETTER_NAME + token;
  await Deno.mkdir(folder, { recursive: true, mode: 0o755 });
  const path = `${folder}/${name}`;
  await replaceFile({ path, temporaryName: `${name}.new`, text: JSON.stringify(content) });
  try {
    if (await link.copy(`/${FOLDER}/${name}`) !== undefined) {
      // The folder is missing where there never was a registry.
      await link.ask({ words: ["prepare"] });
      await link.copy(`/${FOLDER}/${name}`);
    }
    return await link.ask<T>({ words: [action, token], timeoutMs });
  } finally {
    await Deno.remove(path).catch(ignoreMissing);
  }
}

/**
 * What came with a question; the file is gone afterwards.
 *
 * @param nowMs Since 1970; letters that nobody opened for long are cleared away.
 * @throws {LetterError} If it did not arrive, or not whole.
 */
export async function openLetter(workdir: string, token: string, nowMs: number): Promise<unknown> {
  const folder = `${workdir}/${FOLDER}`;
  const path = `${folder}/${LETTER_NAME}${token}`;
  const text = await Deno.readTextFile(path).catch(ignoreMissing) ?? "";
  await Deno.remove(path).catch(ignoreMissing);
  await clearOldLetters(folder, nowMs);
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new LetterError(
      "what belongs to the question did not arrive here",
      "see whether the disk is full, and try again",
    );
  }
}

async function clearOldLetters(folder: string, nowMs: number): Promise<void> {
  for await (const { name } of Deno.readDir(folder)) {
    if (!name.startsWith(LETTER_NAME)) continue;
    const path = `${folder}/${name}`;
    const { mtime } = await Deno.stat(path).catch(ignoreMissing) ?? {};
    const isOld = mtime instanceof Date && nowMs - mtime.getTime() > LONGEST_LIFE_MS;
    if (isOld) await Deno.remove(path).catch(ignoreMissing);
  }
}
