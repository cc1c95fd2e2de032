/**
 * What helps when a receiver answers, but not with success.
 *
 * @module
 */
import type { Signing, Webhook } from "../registry/schema.ts";
import { maskUrl } from "../registry/webhook_url.ts";
import { contentTypeOf } from "./encode.ts";
import { hideSecrets } from "./hide_secrets.ts";
import { adviseOnClientCertificate } from "./tls/tls_advice.ts";
import { type AttemptResult, isRedirect } from "./verdict.ts";

type Answer = AttemptResult & { readonly kind: "response" };

const ADVICES: Readonly<Record<number, string>> = {
  404: "is the path of the URL right? The receiver has nothing there",
  405: "is the path of the URL right? What is there does not take POST",
  407: "what stands before the receiver is a proxy that wants a user and a password: give it as " +
    "what it is, with --proxy",
  408: "the receiver waited for more of the request: see its log, or what stands before it",
  410: "the receiver says that this path is gone for good: give it another URL; a delivery that " +
    "is answered like this pauses the webhook",
  411: "the receiver wants a length although it is told one: what stands before it?",
  413: "the receiver takes no body of this size: raise its limit, or lower batch",
  429: "the receiver gets too many requests: let it take more, or post less with rate and batch",
  502: "what stands before the receiver does not reach it: is it running?",
  503: "the receiver, or what stands before it, is not ready: is it running?",
  504: "what stands before the receiver waits for it in vain: see the receiver's log",
};

/** What to do about an answer; empty if it is success. */
export function adviseOnStatus(answer: Answer, webhook: Webhook): string {
  const { status } = answer;
  if (status >= 200 && status <= 299) return "";
  if (isRedirect(status)) return adviseOnRedirect(answer, webhook);
  // What nginx says.
  if (status === 400 && /SSL certificate/i.test(answer.answer)) {
    return adviseOnClientCertificate(webhook.transport);
  }
  if (status === 401 || status === 403) return adviseOnRefusal(webhook);
  if (status === 415) return adviseOnType(webhook);
  const advice = ADVICES[status];
  if (advice !== undefined) return advice;
  if (status >= 500) return "the receiver fails on its side: see its log";
  if (status >= 400) return "the receiver does not like the request: see its log";
  return "a receiver has to answer with 2xx";
}

function adviseOnRedirect({ location = "" }: Answer, webhook: Webhook): string {
  const target = URL.parse(location, webhook.url);
  if (location === "" || target === null) {
    return "redirects are not followed: give the URL that answers itself";
  }
  const shown = hideSecrets(maskUrl(target.href), webhook);
  return `redirects are not followed: give the URL that it leads to, ${shown}`;
}

function adviseOnType(webhook: Webhook): string {
  return `the receiver does not take ${contentTypeOf(webhook)}, which the format ` +
    `"${webhook.format}" is posted as: set the one that it wants with --format`;
}

function adviseOnRefusal({ bearerToken, bearerTokenFile, signing, url }: Webhook): string {
  const { username, password } = new URL(url);
  if (signing !== undefined) return adviseOnSignature(signing);
  if (bearerTokenFile !== undefined) {
    return "the receiver does not take the token that it is sent: compare its own with the one " +
      `in ${bearerTokenFile}`;
  }
  if (bearerToken !== undefined) {
    return "the receiver does not take the token that it is sent: compare the two, and give the " +
      "right one with --bearer-token";
  }
  if (username + password !== "") {
    return "the receiver does not take the user and the password of the URL";
  }
  return "the receiver wants credentials, and none are set: give a token with --bearer-token, or " +
    "what else it asks for with --header";
}

function adviseOnSignature({ as, secretFile }: Signing): string {
  const what = as === "jwt"
    ? "the token (JWT) that is made with the secret"
    : "the signature (Standard Webhooks) that is made with the secret";
  const compare = secretFile === undefined
    ? "compare the two secrets, and give the right one with --secret"
    : `compare its secret with the first line of ${secretFile}`;
  return `the receiver does not take ${what}: ${compare}; does it verify in the same way ` +
    "(--sign), and do its clock and this node's agree?";
}
