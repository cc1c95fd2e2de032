/**
 * Finds out what a receiver presents and whether it would be trusted, with and without a pin.
 *
 * @module
 */
import type { Webhook } from "../../registry/schema.ts";
import { HintedError } from "../../std/hinted_error.ts";
import { type Certificate, readCertificate } from "./certificate.ts";
import { ConnectionCutter } from "../http/connection_cutter.ts";
import { targetOf } from "../http/http_request.ts";
import { openConnection, type OpenOptions, systemNetwork } from "../http/open_connection.ts";
import { lookAtCertificate } from "./open_node_tls.ts";
import { adviseOn } from "../probe_advice.ts";
import { RequestLimits } from "../http/request_limits.ts";
import { failed } from "../http/request_result.ts";
import { toPem } from "../../std/pem.ts";
import { ServerPin } from "./server_pin.ts";
import { TlsMaterialStore } from "./tls_material.ts";
import type { AttemptResult, Stage } from "../verdict.ts";

/** What was found out. */
export interface Examination {
  readonly certificate: Certificate;
  /** Why it is not trusted without a pin; absent if it is. */
  readonly doubt?: string;
  /** Why it would not be taken with a pin either; absent if it would be. */
  readonly obstacle?: { readonly reason: string; readonly hint: string };
}

type Failure = AttemptResult & { readonly kind: "error" };

/** Nothing can be found out about a receiver. */
export class ExaminationError extends HintedError {
  override readonly name = "ExaminationError";
}

/**
 * Examines the receiver of a webhook, with connections over which nothing is posted.
 *
 * @throws {ExaminationError} If it cannot be reached, or shows no certificate.
 * @throws {TlsMaterialError} If a file of the webhook cannot be used.
 */
export async function examineReceiver(webhook: Webhook): Promise<Examination> {
  const { serverPin: _pin, ...transport } = webhook.transport;
  const material = new TlsMaterialStore().load(transport);
  const { origin } = targetOf(webhook.url);
  const look = await attempt(webhook, (options) => lookAtCertificate(origin, options));
  if ("failure" in look) {
    throw new ExaminationError(
      `Cannot look at the certificate of ${origin.hostname}: ${look.failure.detail}`,
      adviseOn(look.failure, { webhook }),
    );
  }
  const { value: encoded } = look;
  if (encoded === undefined) {
    throw new ExaminationError(
      `${origin.hostname} shows no certificate`,
      "is that port one for HTTPS?",
    );
  }
  const certificate = readCertificate(encoded);
  const open = (security: OpenOptions["security"]) =>
    attempt(webhook, async (options) => {
      const connection = await openConnection(origin, { ...options, security: { ...security } });
      connection.close();
    });
  const usual = await open(material);
  if (!("failure" in usual)) return { certificate };
  const pin = new ServerPin(certificate.sha256);
  pin.certificate = toPem("CERTIFICATE", encoded);
  const pinned = await open({ ...material, pin });
  const { detail: doubt } = usual.failure;
  if (!("failure" in pinned)) return { certificate, doubt };
  const asPinned = { ...webhook, transport: { ...transport, serverPin: pin.sha256 } };
  const hint = adviseOn(pinned.failure, { webhook: asPinned });
  return { certificate, doubt, obstacle: { reason: pinned.failure.detail, hint } };
}

/** Does something with the network, within the time that the webhook has for an answer. */
async function attempt<T>(
  { timeoutMs }: Webhook,
  work: (options: OpenOptions) => Promise<T>,
): Promise<{ readonly value: T } | { readonly failure: Failure }> {
  const startedMs = performance.now();
  using limits = new RequestLimits();
  using limit = limits.begin(timeoutMs, new AbortController().signal);
  using cutter = new ConnectionCutter();
  const cut = new AbortController();
  limit.onCut = () => cut.abort();
  const onStage = (stage: Stage) => {
    limit.stage = stage;
  };
  try {
    return { value: await work({ signal: cut.signal, network: systemNetwork, cutter, onStage }) };
  } catch (error) {
    const failure = failed(error, { limit, timeoutMs, startedMs });
    if (failure.kind !== "error") throw error;
    return { failure };
  }
}
