/**
 * What comes of a request that is sent to a proxy to be forwarded.
 *
 * @module
 */
import type { Head } from "../http/http_head.ts";
import { type Destination, type Proxy, proxyAuthorization, showProxy } from "./proxy.ts";
import { refusing } from "./proxy_error.ts";
import { type AttemptResult, judge } from "../verdict.ts";

/** Nobody but a proxy wants another login. */
const WANTS_LOGIN = 407;
const MASK = "***";

/**
 * Names the proxy in the result. Where it certainly answered itself, the request has failed before
 * it came to the receiver; else nobody but the receiver's log can tell.
 *
 * @param head That of the answer, if one came.
 */
export function tellForwarder(
  result: AttemptResult,
  { proxy, destination, head }: {
    readonly proxy: Proxy;
    readonly destination: Destination;
    readonly head: Head | undefined;
  },
): AttemptResult {
  const through = showProxy(proxy);
  if (result.kind === "error") {
    if (result.stage !== "response") return result;
    return { ...result, detail: `${result.detail}, through ${through}` };
  }
  const { status, durationMs } = result;
  if (head === undefined || !isProxysOwn(head) || judge(result) === "delivered") {
    return { ...result, answer: hideLogin(result.answer, proxy), through };
  }
  const { step, errorClass, message: detail } = refusing(proxy, { status, destination });
  return { kind: "error", errorClass, stage: "proxy", proxyStep: step, detail, durationMs };
}

/** What the common proxies put into the answers that they make themselves. */
function isProxysOwn(head: Head): boolean {
  return head.status === WANTS_LOGIN || head.get("x-squid-error") !== undefined ||
    /^(?:squid|tinyproxy)\b/i.test(head.get("server") ?? "");
}

/** A proxy may repeat what it was told, and the environment's is no secret of a webhook. */
function hideLogin(answer: string, proxy: Proxy): string {
  const { login } = proxy;
  if (login === undefined || answer === "") return answer;
  const encoded = proxyAuthorization(proxy)?.replace("Basic ", "") ?? "";
  return [encoded, login.password, encodeURIComponent(login.password)]
    .filter((secret) => secret !== "")
    .reduce((text, secret) => text.replaceAll(secret, MASK), answer);
}
