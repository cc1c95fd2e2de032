/**
 * What helps when a receiver and this node do not agree on TLS.
 *
 * @module
 */
import { isIP } from "node:net";
import type { Webhook } from "../../registry/schema.ts";
import { formatHostPort } from "../../std/host_port.ts";
import { targetOf } from "../http/http_request.ts";
import type { AttemptResult } from "../verdict.ts";

type Failure = AttemptResult & { readonly kind: "error" };

interface Known extends Pick<Webhook, "name" | "transport"> {
  readonly hostname: string;
  /** A command that shows what the receiver presents. */
  readonly look: string;
}

type Advice = (known: Known) => string;

/** The command that makes a certificate for a host that can be pinned. */
export function selfSignedCommand(hostname: string): string {
  const kind = isIP(hostname) === 0 ? "DNS" : "IP";
  return "openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 825 " +
    `-subj /CN=${hostname} -addext subjectAltName=${kind}:${hostname} ` +
    "-addext basicConstraints=critical,CA:FALSE";
}

/** What to do where the receiver wants to see a certificate. */
export function adviseOnClientCertificate({ certFile }: Webhook["transport"]): string {
  return certFile === undefined
    ? "the receiver wants a certificate of its client: give one that it accepts, with its key, " +
      "with --cert-file FILE --key-file FILE"
    : `the receiver does not take the certificate in cert-file ${certFile}: has it expired, and is ` +
      "it of a CA that the receiver trusts, with those in between in the file? " +
      `openssl x509 -noout -subject -issuer -enddate -in ${certFile}`;
}

const onClient: Advice = ({ transport }) => adviseOnClientCertificate(transport);

const onIssuer: Advice = ({ name, transport: { caFile, serverPin }, look }) => {
  if (serverPin !== undefined) {
    return "the pinned certificate is not self-signed but of a CA that is not known here: name " +
      "the certificate of that CA with --ca-file FILE as well, or instead of the pin";
  }
  if (caFile !== undefined) {
    return `no certificate in ca-file ${caFile} is that of the CA that signed it, or the receiver ` +
      `leaves out the certificates in between: compare the issuer (${look}) with ` +
      `openssl storeutl -noout -text -certs ${caFile}`;
  }
  return "the certificate is of a private CA (name the CA's certificate with --ca-file FILE), or " +
    `self-signed (take it with gluster-eventing webhook-trust ${name}), or the receiver leaves out ` +
    `the certificates in between: ${look}`;
};

// By what rustls says.
const ADVICES: readonly (readonly [RegExp, Advice])[] = [
  [/alert: \w*(?:CertificateRequired|BadCertificate|CertificateExpired|UnknownCA)/i, onClient],
  [
    /alert: \w*(?:Certificate(?:Unknown|Revoked)|UnsupportedCertificate|AccessDenied)/i,
    onClient,
  ],
  [
    /alert: HandshakeFailure/,
    ({ transport }) =>
      "the receiver has to offer TLS 1.2 or 1.3 with modern ciphers; or, if its TLS is 1.2, " +
      adviseOnClientCertificate(transport),
  ],
  [
    /CaUsedAsEndEntity/,
    ({ hostname, name }) =>
      "the receiver presents a certificate that is made for a CA (basicConstraints CA:TRUE, as " +
      "openssl req -x509 makes it), and such a one is never taken: let it use another one, made " +
      `there with: ${selfSignedCommand(hostname)}; then gluster-eventing webhook-trust ${name}`,
  ],
  [
    /UnsupportedCertVersion/,
    ({ hostname, name }) =>
      "the receiver presents a certificate of version 1 of X.509, which nobody takes any more: " +
      `let it use another one, made there with: ${selfSignedCommand(hostname)}; then ` +
      `gluster-eventing webhook-trust ${name}`,
  ],
  [/UnknownIssuer/, onIssuer],
  [
    /BadSignature|InvalidSignature/,
    ({ transport: { caFile }, look }) =>
      "a certificate that is trusted has the name of its issuer, but another key" +
      (caFile === undefined
        ? ""
        : `: was that CA made anew, and is ca-file ${caFile} the old one?`) +
      ` ${look}`,
  ],
  [
    /not valid for (?:name|any)|NotValidForName/i,
    ({ hostname, name, look }) =>
      `the certificate is not made for ${hostname}: give the URL a name that it has as ` +
      "subjectAltName, or have it made for this one, or take it whatever its name with " +
      `gluster-eventing webhook-trust ${name}: ${look}`,
  ],
  [
    /expired/i,
    ({ look }) =>
      `the certificate has expired, or this node's clock is wrong (date): the receiver needs a new ` +
      `one: ${look}`,
  ],
  [
    /not valid yet|NotValidYet/i,
    ({ look }) => `the certificate is not valid yet, or this node's clock is wrong (date): ${look}`,
  ],
  [/Revoked/, () => "the certificate is revoked: the receiver needs another one"],
  [
    /InvalidContentType|corrupt message/,
    () => "what listens there speaks no TLS: is it the right port? Or try the URL with http://",
  ],
  [
    /ProtocolVersion|NoCipherSuites|PeerIncompatible|peer is incompatible/i,
    () => "the receiver has to offer TLS 1.2 or 1.3 with modern ciphers",
  ],
];

/** What to do about a failure in the stage of TLS. */
export function adviseOnTls({ errorClass, detail }: Failure, webhook: Webhook): string {
  const { name, transport, url } = webhook;
  const { hostname, port } = targetOf(url).origin;
  const isName = isIP(hostname) === 0;
  const look = `openssl s_client -connect ${formatHostPort({ hostname, port })}` +
    `${isName ? ` -servername ${hostname}` : ""} </dev/null`;
  const [, advise] = ADVICES.find(([pattern]) => pattern.test(detail)) ?? [];
  if (advise !== undefined) return advise({ name, transport, hostname, look });
  if (errorClass === "timeout") {
    return "it took the connection and does not go on: is that port one for HTTPS, and is the " +
      `receiver overloaded? ${look}`;
  }
  return `it hung up while TLS was agreed on: is that port one for HTTPS, with TLS 1.2 or 1.3? ` +
    `See its log, and ${look}`;
}
