/**
 * What an installation consists of.
 *
 * @module
 */
import { HintedError } from "../std/hinted_error.ts";

/** A folder that has to be there; one that is keeps its mode. */
export interface FolderItem {
  readonly kind: "folder";
  readonly what: string;
  readonly path: string;
  readonly mode: number;
}

/** A symbolic link. */
export interface LinkItem {
  readonly kind: "link";
  readonly what: string;
  readonly path: string;
  readonly target: string;
  /** What the name's present owner is called while the link has its name. */
  readonly keptAs?: string;
}

/** A file: with this text, or the same as another file. */
export interface FileItem {
  readonly kind: "file";
  readonly what: string;
  readonly path: string;
  readonly mode: number;
  readonly content: { readonly text: string } | { readonly sameAs: string };
  /** Whether administrators edit it: a changed one is not replaced then. */
  readonly isConfig?: boolean;
}

/** One thing that is installed. Paths are absolute, as the node sees them. */
export type Item = FolderItem | LinkItem | FileItem;

/** A text file that the caller wants installed too, such as a man page. */
export type ExtraFile = Pick<FileItem, "what" | "path"> & { readonly text: string };

/** How a step ended: `planned` only with a dry run, `kept` if something was left as it is. */
export type StepResult = "done" | "already" | "planned" | "kept" | "skipped";

/** What was done about one thing, or would be. */
export interface StepReport {
  readonly what: string;
  /** Where, if it is a file. */
  readonly path?: string;
  readonly result: StepResult;
  /** What happened to it, as half a sentence. */
  readonly detail: string;
}

/** The node cannot be brought to what was asked. */
export class InstallError extends HintedError {
  override readonly name: string = "InstallError";
}

/** Something has to be agreed to first, and nobody was there to ask. Nothing was changed. */
export class ConsentMissingError extends InstallError {
  override readonly name = "ConsentMissingError";
}
