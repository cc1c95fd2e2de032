/**
 * Until when certificates are valid.
 *
 * @module
 */
import { readCertificates } from "./certificate.ts";
import type { TlsMaterial } from "./tls_material.ts";

/** Ends of validity, in milliseconds since 1970; absent where there is no certificate, or none known. */
export interface CertificateExpiry {
  /** Of the one that the receiver presents. */
  readonly receiverMs?: number;
  /** Of the one in cert-file. */
  readonly clientMs?: number;
  /** Of the last one in ca-file: as long as there is a valid one, an old one beside it is no harm. */
  readonly caMs?: number;
}

/** What the files hold. */
export function expiryOfFiles(
  { caCerts, client }: TlsMaterial,
): Pick<CertificateExpiry, "clientMs" | "caMs"> {
  const ends = caCerts.flatMap(readCertificates).map(({ validUntilMs }) => validUntilMs);
  // The receiver looks at the first one, and at those in between too.
  const shown = client === undefined ? [] : readCertificates(client.cert);
  return {
    ...(ends.length === 0 ? {} : { caMs: Math.max(...ends) }),
    ...(shown.length === 0
      ? {}
      : { clientMs: Math.min(...shown.map(({ validUntilMs }) => validUntilMs)) }),
  };
}
