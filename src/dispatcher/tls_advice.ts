/**
 * What helps when a receiver and this node do not agree on TLS.
 *
 * @module
 */
import type { Origin } from "./http_request.ts";
import type { AttemptResult } from "./verdict.ts";

type Failure = AttemptResult & { readonly kind: "error" };
type Advice = (at: { readonly hostname: string; readonly look: string }) => string;

const TRUST =
  "what Mozilla trusts is trusted, and the certificates in the file that the variable " +
  "DENO_CERT names to the program";

// By what rustls says.
const ADVICES: readonly (readonly [RegExp, Advice])[] = [
  [
    /CaUsedAsEndEntity/,
    () =>
      "the receiver presents a certificate that is made for a CA (basicConstraints CA:TRUE, as " +
      "openssl req -x509 makes it): make it with -addext basicConstraints=critical,CA:FALSE, or " +
      `sign one with a small CA; and this node has to trust it: ${TRUST}`,
  ],
  [
    /UnknownIssuer/,
    ({ look }) =>
      "the certificate is self-signed, or of a private CA, or the receiver leaves out the " +
      `certificates in between (${look}); ${TRUST}`,
  ],
  [
    /not valid for (?:name|any)|NotValidForName/i,
    ({ hostname, look }) =>
      `the certificate is not made for ${hostname}: give the URL a name that it has as ` +
      `subjectAltName, or have it made for this one: ${look}`,
  ],
  [/Expired/, ({ look }) => `the certificate has expired, or this node's clock is wrong: ${look}`],
  [
    /NotValidYet/,
    ({ look }) => `the certificate is not valid yet, or this node's clock is wrong: ${look}`,
  ],
  [/Revoked/, () => "the certificate is revoked: the receiver needs another one"],
  [
    /certificate ?required|BadCertificate/i,
    () => "the receiver wants a certificate of its client",
  ],
  [
    /InvalidContentType|corrupt message/,
    () => "what listens there speaks no TLS: is it the right port? Or try the URL with http://",
  ],
  [
    /ProtocolVersion|HandshakeFailure|NoCipherSuites|PeerIncompatible|peer is incompatible/i,
    () => "the receiver has to offer TLS 1.2 or 1.3 with modern ciphers",
  ],
];

/** What to do about a failure in the stage of TLS. */
export function adviseOnTls({ errorClass, detail }: Failure, { hostname, port }: Origin): string {
  const look = `openssl s_client -connect ${hostname.includes(":") ? `[${hostname}]` : hostname}` +
    `:${port} -servername ${hostname} </dev/null`;
  const [, advise] = ADVICES.find(([pattern]) => pattern.test(detail)) ?? [];
  if (advise !== undefined) return advise({ hostname, look });
  if (errorClass === "timeout") {
    return "it took the connection and does not go on: is that port one for HTTPS, and is the " +
      `receiver overloaded? ${look}`;
  }
  return `it hung up while TLS was agreed on: is that port one for HTTPS, with TLS 1.2 or 1.3? ` +
    `See its log, and ${look}`;
}
