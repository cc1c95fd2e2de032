/**
 * Whether requests prove who they are from.
 *
 * @module
 */
import { isSameText } from "../std/same_text.ts";
import type { ShapedEvent } from "./event_shapes.ts";
import type { HookVerdict } from "./hook_report.ts";
import { verifyJwt } from "./verify_jwt.ts";
import {
  isPublicKey,
  isStandardSecret,
  type SignedRequest,
  verifyStandard,
} from "./verify_standard.ts";

/** What requests are verified with; nothing is verified without. */
export interface Proof {
  /** The secret, and former ones. */
  readonly secrets: readonly string[];
  readonly bearerToken?: string;
}

/** A request as it is verified. */
export interface ProvenRequest extends SignedRequest {
  readonly events: readonly ShapedEvent[];
}

/** A verdict for each thing that a request has to prove. */
export function verifyRequest(request: ProvenRequest, proof: Proof): HookVerdict[] {
  const { secrets, bearerToken } = proof;
  const { authorization } = request.headers;
  return [
    ...(bearerToken === undefined ? [] : [verifyBearer(authorization, bearerToken)]),
    ...(secrets.length === 0 ? [] : [verifySecret(request, proof)]),
  ];
}

/** The request says how it is signed; one that does not is judged by how the secret looks. */
function verifySecret(request: ProvenRequest, { secrets, bearerToken }: Proof): HookVerdict {
  const { headers, events, nowMs } = request;
  const { authorization } = headers;
  const isSigned = headers["webhook-signature"] !== undefined;
  const isToken = bearerToken === undefined && /^bearer +\S+\.\S+\.\S+$/i.test(authorization ?? "");
  // A public key is no secret: everybody can sign a token with its text.
  const ownSecrets = secrets.filter((secret) => !isPublicKey(secret));
  const isStandard = isSigned || ownSecrets.length === 0 ||
    (!isToken && secrets.some(isStandardSecret));
  if (isStandard) return verifyStandard(request, secrets);
  // Upstream signs for the first event; formats without its name tell none.
  const event = events[0]?.payload?.event;
  return verifyJwt(authorization, { secrets: ownSecrets, event, nowMs });
}

function verifyBearer(authorization: string | undefined, token: string): HookVerdict {
  const given = /^bearer +(\S+)$/i.exec(authorization ?? "")?.[1];
  // The comparison takes the same time whether there is a token or not.
  const isSame = isSameText(given ?? "", token);
  if (authorization === undefined) return bearer(false, "no Authorization header");
  if (given === undefined) {
    return bearer(false, "the Authorization header is not of the kind Bearer");
  }
  return isSame ? bearer(true, "the token is the right one") : bearer(false, "it is another token");
}

function bearer(ok: boolean, reason: string): HookVerdict {
  return { scheme: "bearer", ok, reason };
}
