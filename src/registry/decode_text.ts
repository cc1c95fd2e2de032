/**
 * From the bytes of the registry file to its text.
 *
 * @module
 */
import { InvalidRegistryError } from "./errors.ts";

/**
 * The text of the file.
 *
 * @throws {InvalidRegistryError} If it is not UTF-8. Read as if it were, it would be written back
 * with those bytes replaced.
 */
export function decodeText(bytes: Uint8Array, path: string): string {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  try {
    return decoder.decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // A lossy reading keeps the line breaks, and nobody writes U+FFFD himself.
    const lines = new TextDecoder().decode(bytes).split("\n");
    const line = lines.findIndex((text) => text.includes("\uFFFD")) + 1;
    throw new InvalidRegistryError(path, [{ line, message: "not UTF-8, which TOML has to be" }]);
  }
}
