/**
 * What a certificate says.
 *
 * @module
 */
import { X509Certificate } from "node:crypto";
import { toVisible } from "../../std/plain_text.ts";

/** What people want to know of a certificate. Its texts hold no control characters. */
export interface Certificate {
  readonly subject: string;
  readonly issuer: string;
  /** Whom it is made for, such as `DNS:ops.example.com`. */
  readonly names: readonly string[];
  readonly validFromMs: number;
  readonly validUntilMs: number;
  /** SHA-256 of it (DER), 64 hexadecimal digits in lower case. */
  readonly sha256: string;
  /** It is made for signing others. */
  readonly isCa: boolean;
}

/**
 * Reads a certificate.
 *
 * @param encoded PEM or DER.
 * @throws {Error} If it is none.
 */
export function readCertificate(encoded: string | Uint8Array): Certificate {
  const x509 = new X509Certificate(encoded);
  return {
    subject: onOneLine(x509.subject),
    issuer: onOneLine(x509.issuer),
    names: (x509.subjectAltName ?? "").split(", ").filter((name) => name !== "")
      .map((name) => toVisible(name.replace(/^IP Address:/, "IP:"))),
    validFromMs: Date.parse(x509.validFrom),
    validUntilMs: Date.parse(x509.validTo),
    sha256: x509.fingerprint256.replaceAll(":", "").toLowerCase(),
    isCa: x509.ca,
  };
}

/** The certificates of a PEM text, in its order. @throws {Error} If one is damaged. */
export function readCertificates(pem: string): Certificate[] {
  const blocks = pem.match(/^-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/gm) ?? [];
  return blocks.map((block) => readCertificate(block));
}

function onOneLine(name: string | undefined): string {
  return toVisible((name ?? "").trim().replaceAll("\n", ", "));
}
