/**
 * Keeps a webhook that changes its mind all the time from filling the log: a few lines at once, and
 * then one an hour.
 *
 * @module
 */

/** At most 6 + 24 lines a day. */
const MOST_AT_ONCE = 6;
const REFILL_MS = 3_600_000;

/** A line that is written, or not. */
export interface BudgetedLine {
  /**
   * Writes it. `unlogged` is how many were not written before it; behind the last one, no more are
   * written for now.
   */
  readonly write: (context: { readonly unlogged: number; readonly isLast: boolean }) => void;
}

interface Account {
  left: number;
  filledMs: number;
  unlogged: number;
  /** The last line that was not written. */
  held: BudgetedLine | undefined;
}

/** Counts lines by webhook. Times are those of a clock that does not jump. */
export class LineBudget {
  readonly #now: () => number;
  readonly #accounts = new Map<string, Account>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** How many webhooks have spent something lately. */
  get size(): number {
    return this.#accounts.size;
  }

  /** Writes the line, or holds it back if there were too many. */
  spend(webhook: string, line: BudgetedLine): void {
    const account = this.#account(webhook);
    if (account.left < 1) {
      account.unlogged++;
      account.held = line;
      return;
    }
    account.left--;
    this.#write(account, line);
  }

  /** Writes what was held back last, where the time has come: it says how things are now. */
  catchUp(): void {
    for (const webhook of [...this.#accounts.keys()]) {
      const account = this.#account(webhook);
      // A full one is as good as none, and its webhook may be gone.
      if (account.left === MOST_AT_ONCE) this.#accounts.delete(webhook);
      if (account.held === undefined || account.left < 1) continue;
      account.left--;
      account.unlogged--;
      this.#write(account, account.held);
    }
  }

  #write(account: Account, line: BudgetedLine): void {
    const { unlogged } = account;
    account.unlogged = 0;
    account.held = undefined;
    line.write({ unlogged, isLast: account.left < 1 && unlogged === 0 });
  }

  #account(webhook: string): Account {
    const nowMs = this.#now();
    const account = this.#accounts.get(webhook) ??
      { left: MOST_AT_ONCE, filledMs: nowMs, unlogged: 0, held: undefined };
    this.#accounts.set(webhook, account);
    const earned = Math.floor((nowMs - account.filledMs) / REFILL_MS);
    account.left = Math.min(MOST_AT_ONCE, account.left + earned);
    account.filledMs += earned * REFILL_MS;
    return account;
  }
}
