/**
 * Shows what installing and uninstalling do, step by step.
 *
 * @module
 */
import { InstallError, type StepReport } from "../install/item.ts";
import { CommandError } from "./command.ts";
import { EXIT } from "./exit_codes.ts";
import type { Output } from "./output.ts";
import { renderTable } from "./render_table.ts";

/** Collects what was done, and shows it when all is. */
export class StepReporter {
  readonly #reports: StepReport[] = [];

  readonly take = (report: StepReport): void => {
    this.#reports.push(report);
  };

  /** Whether anything had to be done. */
  get hasChanges(): boolean {
    return this.#reports.some(({ result }) => result === "done" || result === "planned");
  }

  /** Does the work, and tells what of it was done if it fails. */
  async around(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const done = this.#reports.filter(({ result }) => result === "done");
      if (!(error instanceof InstallError) || done.length === 0) throw error;
      const list = done.map(({ what, path }) => `  ${what}${path === undefined ? "" : ` ${path}`}`);
      throw new CommandError(
        EXIT.failed,
        [error.message, "This was done before that:", ...list].join("\n"),
        error.hint,
        { cause: error },
      );
    }
  }

  /** Writes the steps, and what follows from them. */
  show(output: Output, { dryRun, closing }: { dryRun: boolean; closing: readonly string[] }): void {
    const rows = this.#reports.map((
      { what, path = "-", result, detail },
    ) => [result, what, path, detail]);
    const table = rows.length === 0 ? [] : renderTable(["RESULT", "WHAT", "WHERE", "DETAIL"], rows);
    output.result([...table, ...closing], { dry_run: dryRun, steps: this.#reports });
  }
}
