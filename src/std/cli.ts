/**
 * The door to `@std/cli`.
 *
 * @module
 */
// @ts-types="./cli.d.ts"
export { parseArgs } from "@std/cli/parse-args";
