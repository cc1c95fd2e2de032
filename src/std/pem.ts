/** What PEM has in its first and last line. */
export type PemLabel = "CERTIFICATE" | "PRIVATE KEY";

const LINE = /.{1,64}/g;

/** DER as text (RFC 7468). */
export function toPem(label: PemLabel, der: Uint8Array): string {
  const lines = der.toBase64().match(LINE) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
}
