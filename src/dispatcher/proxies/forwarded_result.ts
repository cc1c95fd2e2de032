/**
 * What comes of a request that is sent to a proxy to be forwarded.
 *
 * @module
 */
import type { Head } from "../http/http_head.ts";
import { hideLogin } from "../hide_secrets.ts";
import { type Destination, type Proxy, showProxy } from "./proxy.ts";
import { refusing } from "./proxy_error.ts";
import { type AttemptResult, judge } from "../verdict.ts";

/** Nobody but a proxy wants another login. */
const WANTS_LOGIN = 407;

/**
 * Names the proxy in the result. Where it certainly answered itself, the request has failed before
 * it came to the receiver; else nobody but the receiver's log can tell.
 *
 * @param head That of the answer, if one came.
 */
export function tellForwarder(
  told: AttemptResult,
  { proxy, destination, head }: {
    readonly proxy: Proxy;
    readonly destination: Destination;
    readonly head: Head | undefined;
  },
): AttemptResult {
  const through = showProxy(proxy);
  const result = withoutLogin(told, proxy);
  if (result.kind === "error") {
    if (result.stage !== "response") return result;
    return { ...result, detail: `${result.detail}, through ${through}` };
  }
  const { status, durationMs } = result;
  if (head === undefined || !isProxysOwn(head) || judge(result) === "delivered") {
    return { ...result, through };
  }
  const { step, errorClass, message: detail } = refusing(proxy, { status, destination });
  return { kind: "error", errorClass, stage: "proxy", proxyStep: step, detail, durationMs };
}

/** What the common proxies put into the answers that they make themselves. */
function isProxysOwn(head: Head): boolean {
  return head.status === WANTS_LOGIN || head.get("x-squid-error") !== undefined ||
    /^(?:squid|tinyproxy)\b/i.test(head.get("server") ?? "");
}

/** The result without what the proxy repeats: the environment's login is no secret of a webhook. */
function withoutLogin(result: AttemptResult, { login }: Proxy): AttemptResult {
  if (login === undefined) return result;
  if (result.kind === "error") return { ...result, detail: hideLogin(result.detail, login) };
  const { answer, location } = result;
  return {
    ...result,
    answer: hideLogin(answer, login),
    ...(location === undefined ? {} : { location: hideLogin(location, login) }),
  };
}
