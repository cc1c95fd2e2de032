/**
 * A certificate as people compare it.
 *
 * @module
 */
import { formatTime } from "../api/rfc3339.ts";
import type { Certificate } from "../dispatcher/tls/certificate.ts";
import { renderTable } from "./render_table.ts";

/** A fingerprint as `openssl x509 -fingerprint` shows it: `AB:CD:...`. */
export function showFingerprint(sha256: string): string {
  return (sha256.match(/../g) ?? []).join(":").toUpperCase();
}

/** A certificate in lines. */
export function renderCertificate(certificate: Certificate): string[] {
  const { subject, issuer, names, validFromMs, validUntilMs, sha256 } = certificate;
  const [, ...lines] = renderTable(["", ""], [
    ["subject", subject === "" ? "-" : subject],
    ["issuer", issuer === subject ? "itself (self-signed)" : issuer],
    ["names", names.length === 0 ? "-" : names.join(", ")],
    ["valid from", formatTime(validFromMs)],
    ["valid until", formatTime(validUntilMs)],
    ["SHA-256", showFingerprint(sha256)],
  ]);
  return lines;
}

/** A certificate for programs. */
export function certificateToJson(certificate: Certificate): Readonly<Record<string, unknown>> {
  const { subject, issuer, names, validFromMs, validUntilMs, sha256, isCa } = certificate;
  return {
    subject,
    issuer,
    names,
    valid_from: formatTime(validFromMs),
    valid_until: formatTime(validUntilMs),
    sha256,
    is_ca: isCa,
  };
}
