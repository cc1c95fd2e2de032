/**
 * What comes of a request that is sent to a proxy to be forwarded.
 *
 * @module
 */
import { statusLine } from "../std/http.ts";
import { type Proxy, proxyAuthorization, showProxy } from "./proxy.ts";
import { unwelcome } from "./proxy_error.ts";
import type { AttemptResult } from "./verdict.ts";

const WANTS_LOGIN = 407;
const MASK = "***";

/**
 * Names the proxy in the result: nobody but the receiver's log can tell whether it answered itself.
 * Where it certainly did, the request failed before it came to the receiver.
 */
export function tellForwarder(result: AttemptResult, proxy: Proxy): AttemptResult {
  const through = showProxy(proxy);
  if (result.kind === "error") {
    if (result.stage !== "response") return result;
    return { ...result, detail: `${result.detail}, through ${through}` };
  }
  const { status, durationMs } = result;
  if (status !== WANTS_LOGIN) {
    return { ...result, answer: hideLogin(result.answer, proxy), through };
  }
  const { step: proxyStep, errorClass, message } = unwelcome(proxy, statusLine(status));
  return { kind: "error", errorClass, stage: "proxy", proxyStep, detail: message, durationMs };
}

/** A proxy may repeat what it was told, and the environment's is no secret of a webhook. */
function hideLogin(answer: string, proxy: Proxy): string {
  const { login, ...rest } = proxy;
  if (login === undefined || answer === "") return answer;
  const [, encoded = ""] = proxyAuthorization({ ...rest, login })?.split(" ") ?? [];
  return [encoded, login.password, encodeURIComponent(login.password)]
    .filter((secret) => secret !== "")
    .reduce((text, secret) => text.replaceAll(secret, MASK), answer);
}
