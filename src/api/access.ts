/**
 * Who may ask what over TCP.
 *
 * @module
 */
import { isLoopback } from "../registry/api_rules.ts";
import { parseHostPort } from "../std/host_port.ts";
import { bearerOf, isSameText } from "./api_token.ts";
import type { RequestHead } from "./request_head.ts";

/** Why a request is not answered. */
export interface Refusal {
  readonly status: number;
  readonly error: string;
  readonly hint?: string;
}

/** What requests are judged by. */
export interface AccessRules {
  readonly scheme: "http" | "https";
  /** Where the API is configured to be served. */
  readonly hostname: string;
  /** The token that is asked for, `null` if nobody's will do; absent if none is asked for. */
  readonly token?: () => string | null;
  /** Whether it is for the other nodes of the pool, which only follow this node's events. */
  readonly isLink?: boolean;
}

/** Answers whether the daemon lives, and nothing else. */
const HEALTH = "/healthz";
/** Who may do this is root on the node anyway, and asks there. */
const CONTROL_SOCKET_ONLY = new Set(["/v1/stop", "/v1/link"]);
/** All that other nodes get. */
const LINK = { method: "GET", path: "/v1/events", scope: "node" };
/** What a browser says of a request that none of its pages but ours has caused. */
const OWN_SITES = new Set(["same-origin", "none"]);

/**
 * Why this request is not answered, `undefined` if it is.
 *
 * Without a token everybody on this machine may read, and nobody may change anything. A web page in
 * a browser on this machine can send requests too: it has an origin of its own, or it reached us
 * under a name of its own (DNS rebinding), and is refused for either.
 */
export function refusalOf(head: RequestHead, rules: AccessRules): Refusal | undefined {
  if (rules.isLink === true) {
    return tokenRefusal(head, rules.token?.() ?? null) ?? linkRefusal(head);
  }
  if (head.method === "GET" && head.path === HEALTH) return undefined;
  return rules.token === undefined
    ? hostRefusal(head, rules) ?? pageRefusal(head, rules) ?? changeRefusal(head) ??
      pathRefusal(head)
    : tokenRefusal(head, rules.token()) ?? pageRefusal(head, rules) ?? pathRefusal(head);
}

function linkRefusal({ method, path, target, fields }: RequestHead): Refusal | undefined {
  // Said several times it could mean any of them.
  const scopes = new URL(target, "http://localhost").searchParams.getAll("scope");
  const isAllowed = method === LINK.method && path === LINK.path && scopes.length === 1 &&
    scopes[0] === LINK.scope && !fields.has("upgrade");
  if (isAllowed) return undefined;
  return {
    status: 403,
    error: `Other nodes get nothing here but GET ${LINK.path}?scope=${LINK.scope}`,
  };
}

function tokenRefusal({ fields }: RequestHead, token: string | null): Refusal | undefined {
  const given = bearerOf(fields.get("authorization"));
  // The comparison takes the same time whether there is a token or not.
  if (isSameText(given ?? "", token ?? "") && given !== undefined && token !== null) {
    return undefined;
  }
  return {
    status: 401,
    error: "The API asks for a token",
    hint: "send the header Authorization: Bearer TOKEN, with what is in the node's api-token-file",
  };
}

// With a token there is nothing to gain: the page would have to know it, and a node beyond loopback
// has names that only its users know.
function hostRefusal({ fields }: RequestHead, { hostname }: AccessRules): Refusal | undefined {
  const host = (fields.get("host") ?? "").toLowerCase();
  const called = parseHostPort(/:\d+$/.test(host) ? host : `${host}:0`)?.hostname ?? "";
  if (isLoopback(called) || called === hostname.toLowerCase()) return undefined;
  return {
    status: 403,
    error: "The API is not served under this name",
    hint: "ask it as localhost or by its loopback address",
  };
}

function pageRefusal({ fields }: RequestHead, { scheme }: AccessRules): Refusal | undefined {
  const origin = fields.get("origin")?.toLowerCase();
  const isOwn = origin === undefined ||
    origin === `${scheme}://${fields.get("host")?.toLowerCase()}`;
  if (isOwn && OWN_SITES.has(fields.get("sec-fetch-site") ?? "none")) return undefined;
  return { status: 403, error: "The API does not answer web pages of others" };
}

function changeRefusal({ method }: RequestHead): Refusal | undefined {
  if (method === "GET") return undefined;
  return {
    status: 403,
    error: "Without a token the API only answers GET here",
    hint: "set a token: gluster-eventing config-set api-token-file FILE; or use the command",
  };
}

function pathRefusal({ path }: RequestHead): Refusal | undefined {
  if (!CONTROL_SOCKET_ONLY.has(path)) return undefined;
  return {
    status: 403,
    error: `${path} is answered on the control socket only`,
    hint: "use the commands of gluster-eventing on the node",
  };
}
