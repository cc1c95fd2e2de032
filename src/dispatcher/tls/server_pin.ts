/**
 * Knows a receiver by its certificate and nothing else.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { HintedError } from "../../std/hinted_error.ts";

/** The receiver presents another certificate than the one that is pinned. */
export class PinMismatchError extends HintedError {
  override readonly name = "PinMismatchError";

  constructor(pinned: string, presented: string) {
    super(
      `another certificate than the pinned one is presented: SHA-256 ${presented}, ` +
        `pinned is ${pinned}`,
      "if the receiver has a new certificate, look at it and pin it: " +
        "gluster-eventing webhook-trust URL|NAME; if it has not, somebody stands in between",
    );
  }
}

/** A pinned certificate: its digest, and the certificate itself once it has been seen. */
export class ServerPin {
  /** SHA-256 of the certificate (DER), 64 hexadecimal digits in lower case. */
  readonly sha256: string;
  /** PEM; kept so that it has to be looked for only once. */
  certificate: string | undefined;

  constructor(sha256: string) {
    this.sha256 = sha256;
  }

  /**
   * The certificate (DER), if it is the pinned one.
   *
   * @throws {PinMismatchError} If it is not.
   */
  check(certificate: Uint8Array | undefined): Uint8Array {
    const presented = certificate === undefined ? "none" : fingerprintOf(certificate);
    if (certificate !== undefined && presented === this.sha256) return certificate;
    throw new PinMismatchError(this.sha256, presented);
  }
}

/** The SHA-256 of a certificate (DER), 64 hexadecimal digits in lower case. */
export function fingerprintOf(certificate: Uint8Array): string {
  return createHash("sha256").update(certificate).digest("hex");
}
