/**
 * A certificate that a node makes for itself, for as long as others follow its events.
 *
 * @module
 */
import type { TlsPair } from "../../api/gate.ts";

/** A certificate, its key, and the name that is in it. */
export interface LinkCertificate extends TlsPair {
  readonly name: string;
}

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

// Who trusts it has got this very certificate a moment ago. Its times must not matter: the clocks of
// the nodes may differ.
const NOT_BEFORE = new Date("2000-01-01T00:00:00Z");
/** No end at all (RFC 5280, 4.1.2.5). */
const NOT_AFTER = new Date("9999-12-31T23:59:59Z");

/** Makes one. Its name is one that no authority gives a certificate to (RFC 6761, 6.4). */
export async function makeLinkCertificate(uuid: string): Promise<LinkCertificate> {
  // Loaded here, since it takes time and memory that most daemons never need; the one needs the other.
  await import("reflect-metadata");
  const x509 = await import("@peculiar/x509");
  const name = `${uuid.toLowerCase()}.gluster-eventing.invalid`;
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    notBefore: NOT_BEFORE,
    notAfter: NOT_AFTER,
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [
      // rustls takes no certificate of an authority for a server's own.
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.SubjectAlternativeNameExtension([{ type: "dns", value: name }]),
    ],
  });
  const key = await crypto.subtle.exportKey("pkcs8", keys.privateKey);
  return {
    name,
    cert: certificate.toString("pem"),
    key: x509.PemConverter.encode(key, "PRIVATE KEY"),
  };
}
