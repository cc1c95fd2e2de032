/**
 * A certificate that a node makes for itself, for as long as others follow its events. It is written
 * here (RFC 5280): a library for certificates took 15 MB of memory and most of a second.
 *
 * @module
 */
import type { TlsPair } from "../../api/gate.ts";
import {
  type Bytes,
  der,
  derBits,
  derField,
  derInteger,
  derObjectId,
  derText,
} from "../../std/der.ts";
import { toPem } from "../../std/pem.ts";

/** A certificate, its key, and the name that is in it. */
export interface LinkCertificate extends TlsPair {
  readonly name: string;
}

const KEY = { name: "ECDSA", namedCurve: "P-256" };
const SIGNING = { name: "ECDSA", hash: "SHA-256" };
/** RFC 5758, 3.2 */
const ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";
const COMMON_NAME = "2.5.4.3";
const BASIC_CONSTRAINTS = "2.5.29.19";
const SUBJECT_ALT_NAME = "2.5.29.17";

const SERIAL_BYTES = 16;

// Who trusts it has got this very certificate a moment ago. Its times must not matter: the clocks of
// the nodes may differ.
const NOT_BEFORE = derText("utcTime", "000101000000Z");
/** No end at all (RFC 5280, 4.1.2.5). */
const NOT_AFTER = derText("generalizedTime", "99991231235959Z");

/** Makes one. Its name is one that no authority gives a certificate to (RFC 6761, 6.4). */
export async function makeLinkCertificate(uuid: string): Promise<LinkCertificate> {
  const name = `${uuid.toLowerCase()}.gluster-eventing.invalid`;
  const { privateKey, publicKey } = await crypto.subtle.generateKey(KEY, true, ["sign", "verify"]);
  const said = describe(name, new Uint8Array(await crypto.subtle.exportKey("spki", publicKey)));
  const signature = new Uint8Array(await crypto.subtle.sign(SIGNING, privateKey, said));
  const certificate = der("sequence", said, signedBy(), derBits(asPair(signature)));
  const key = new Uint8Array(await crypto.subtle.exportKey("pkcs8", privateKey));
  return { name, cert: toPem("CERTIFICATE", certificate), key: toPem("PRIVATE KEY", key) };
}

/** What the certificate says, which is what is signed (RFC 5280, 4.1.2). */
function describe(name: string, publicKey: Bytes): Bytes {
  const who = der(
    "sequence",
    der("set", der("sequence", derObjectId(COMMON_NAME), derText("utf8String", name))),
  );
  const serial = crypto.getRandomValues(new Uint8Array(SERIAL_BYTES));
  const version3 = derInteger(Uint8Array.of(2));
  return der(
    "sequence",
    derField(0, { parts: [version3], isMade: true }),
    derInteger(serial),
    signedBy(),
    who,
    der("sequence", NOT_BEFORE, NOT_AFTER),
    who,
    publicKey,
    derField(3, { parts: [extensions(name)], isMade: true }),
  );
}

function extensions(name: string): Bytes {
  const dnsName = derField(2, { parts: [new TextEncoder().encode(name)], isMade: false });
  const yes = der("boolean", Uint8Array.of(0xff));
  return der(
    "sequence",
    // rustls takes no certificate of an authority for a server's own.
    der("sequence", derObjectId(BASIC_CONSTRAINTS), yes, der("octetString", der("sequence"))),
    der("sequence", derObjectId(SUBJECT_ALT_NAME), der("octetString", der("sequence", dnsName))),
  );
}

function signedBy(): Bytes {
  return der("sequence", derObjectId(ECDSA_WITH_SHA256));
}

/** WebCrypto puts the two numbers of a signature one behind the other; RFC 3279, 2.2.3. */
function asPair(signature: Bytes): Bytes {
  const half = signature.length / 2;
  const [r, s] = [signature.subarray(0, half), signature.subarray(half)];
  return der("sequence", derInteger(r), derInteger(s));
}
