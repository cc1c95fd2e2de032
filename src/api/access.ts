/**
 * Who may ask what over TCP.
 *
 * @module
 */
import { isOwnHost, isOwnPage, ownOrigin } from "../page/own_page.ts";
import { isPagePath } from "../page/page_files.ts";
import { isSameText } from "../std/same_text.ts";
import { bearerOf } from "./api_token.ts";
import { LOGIN_PATH, LOGOUT_PATH } from "./login_desk.ts";
import { isUpgrade, type RequestHead } from "./request_head.ts";

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
  /** Whether the request has the cookie of a browser that has shown the token. */
  readonly isLoggedIn?: boolean;
  /** Whether it is for the other nodes of the pool, which only follow this node's events. */
  readonly isLink?: boolean;
}

/** Answers whether the daemon lives, and nothing else. */
const HEALTH = "/healthz";
/** Who may do this is root on the node anyway, and asks there. */
const CONTROL_SOCKET_ONLY = new Set(["/v1/stop", "/v1/link"]);
/** All that other nodes get. */
const LINK = { method: "GET", path: "/v1/events", scope: "node" };
/** Whoever has no session yet, or none any more, may ask these. */
const LOGIN_PATHS = new Set([LOGIN_PATH, LOGOUT_PATH]);

/**
 * Why this request is not answered, `undefined` if it is.
 *
 * Without a token everybody on this machine may read, and nobody may change anything. A web page in
 * a browser on this machine can send requests too: it has an origin of its own, or it reached us
 * under a name of its own (DNS rebinding), and is refused for either. Our own page holds no secret:
 * everybody may load it, also by a link from elsewhere.
 */
export function refusalOf(head: RequestHead, rules: AccessRules): Refusal | undefined {
  if (rules.isLink === true) {
    return tokenRefusal(head, rules.token?.() ?? null) ?? linkRefusal(head);
  }
  if (head.method === "GET" && head.path === HEALTH) return undefined;
  const isPage = head.method === "GET" && isPagePath(head.path);
  if (rules.token === undefined) {
    return hostRefusal(head, rules) ?? (isPage ? undefined : pageRefusal(head, rules)) ??
      changeRefusal(head) ?? pathRefusal(head);
  }
  if (isPage) return undefined;
  return callerRefusal(head, { ...rules, token: rules.token }) ?? pageRefusal(head, rules) ??
    pathRefusal(head);
}

/** Whoever asks with a token of its own has to be right; a browser has a session instead. */
function callerRefusal(
  head: RequestHead,
  rules: AccessRules & Required<Pick<AccessRules, "token">>,
): Refusal | undefined {
  if (LOGIN_PATHS.has(head.path)) return head.method === "POST" ? undefined : loginRefusal(head);
  const isByCookie = rules.isLoggedIn === true && !head.fields.has("authorization");
  return isByCookie ? forgeryRefusal(head, rules) : tokenRefusal(head, rules.token());
}

/**
 * A browser sends the cookie whoever caused the request: one that changes something, or opens a
 * connection for both directions, has to say that it comes from our page.
 */
function forgeryRefusal(head: RequestHead, { scheme }: AccessRules): Refusal | undefined {
  const { fields, method } = head;
  if (method === "GET" && !isUpgrade(head)) return undefined;
  const isSameOrigin = fields.get("sec-fetch-site") === "same-origin" && !isUpgrade(head);
  if (isSameOrigin || fields.get("origin")?.toLowerCase() === ownOrigin(fields, scheme)) {
    return undefined;
  }
  return {
    status: 403,
    error: "With a login this is answered for the API's own page only",
    hint: "send the header Authorization: Bearer TOKEN instead of the cookie",
  };
}

function loginRefusal({ path }: RequestHead): Refusal {
  return { status: 405, error: `${path} takes POST only` };
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
  if (isOwnHost(fields.get("host"), hostname)) return undefined;
  return {
    status: 403,
    error: "The API is not served under this name",
    hint: "ask it as localhost or by its loopback address",
  };
}

function pageRefusal({ fields }: RequestHead, { scheme }: AccessRules): Refusal | undefined {
  if (isOwnPage(fields, scheme)) return undefined;
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
