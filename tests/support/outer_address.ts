/**
 * An address of this machine that is not loopback: what is sent from it to itself comes from there.
 *
 * @module
 */

/** An outer IPv4 address of this machine, or `undefined` if it has none. */
export function outerAddress(): string | undefined {
  return Deno.networkInterfaces().find(({ family, address }) =>
    family === "IPv4" && !address.startsWith("127.")
  )?.address;
}

/** The same for a test that needs one. */
export function needOuterAddress(): string {
  const address = outerAddress();
  if (address === undefined) throw new Error("This machine has no outer IPv4 address");
  return address;
}
