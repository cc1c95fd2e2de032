/**
 * What is made of files, made again when they change.
 *
 * @module
 */

/** How long it is taken for granted that a file has not changed. */
const LOOK_AGAIN_MS = 1000;

interface Loaded<T> {
  readonly value: T;
  readonly stamp: string;
  readonly atMs: number;
}

/** Keeps what was made of files as long as they stay as they are. */
export class FileCache<T> {
  readonly #steadyNow: () => number;
  readonly #loaded = new Map<string, Loaded<T>>();

  /** @param steadyNow A clock that does not jump, in milliseconds. */
  constructor(steadyNow: () => number = () => performance.now()) {
    this.#steadyNow = steadyNow;
  }

  /**
   * What the files hold: the same value until one of them changes, which is noticed within a second.
   * What fails is tried again the next time.
   *
   * @param paths Which files; `undefined` stands for none in that place.
   * @param read Makes the value; what it throws is thrown.
   */
  load(paths: readonly (string | undefined)[], read: () => T): T {
    const name = JSON.stringify(paths);
    const nowMs = this.#steadyNow();
    const known = this.#loaded.get(name);
    if (known !== undefined && nowMs - known.atMs < LOOK_AGAIN_MS) return known.value;
    const stamp = paths.map(stampOf).join(" ");
    const value = known?.stamp === stamp ? known.value : read();
    this.#loaded.set(name, { value, stamp, atMs: nowMs });
    return value;
  }
}

/** Another text whenever the file is another one; empty where it cannot be looked at. */
function stampOf(path: string | undefined): string {
  if (path === undefined) return "-";
  try {
    const { ino, size, mtime } = Deno.statSync(path);
    return `${ino}:${size}:${mtime?.getTime()}`;
  } catch {
    // Reading it says why.
    return "";
  }
}
