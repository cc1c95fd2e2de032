/**
 * Knows until when the certificates of webhooks are valid, and says so in time.
 *
 * @module
 */
import { readCertificate } from "../dispatcher/tls/certificate.ts";
import { type CertificateExpiry, expiryOfFiles } from "../dispatcher/tls/certificate_expiry.ts";
import type { Clock } from "../dispatcher/clock.ts";
import { type TlsMaterial, TlsMaterialStore } from "../dispatcher/tls/tls_material.ts";
import type { Webhook } from "../registry/schema.ts";
import type { Logger } from "./logger.ts";

/** The certificate (DER) of a webhook's receiver; `undefined` if it cannot be looked at. */
export type LookAtCertificate = (
  webhook: Webhook,
  signal: AbortSignal,
) => Promise<Uint8Array | undefined>;

/** What it works with. */
export interface CertificateCareOptions {
  readonly webhooks: () => readonly Webhook[];
  readonly look: LookAtCertificate;
  readonly clock: Clock;
  readonly logger: Logger;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How long before its end a certificate is warned of. */
const WARN_MS = 30 * DAY_MS;

/** A receiver that has not shown its certificate by then is looked at another time. */
const LONGEST_LOOK_MS = 10_000;

/** What is known of a webhook. */
interface Known {
  /** What it was looked at as. */
  readonly url: string;
  receiverMs?: number;
  /** When to look again, by the steady clock. */
  nextMs: number;
  material?: TlsMaterial;
  files: Pick<CertificateExpiry, "clientMs" | "caMs">;
}

const LABELS: Readonly<Record<keyof CertificateExpiry, string>> = {
  receiverMs: "the receiver's certificate",
  clientMs: "the certificate in cert-file",
  caMs: "the certificates in ca-file",
};

/**
 * Looks at each receiver once a day, beside the deliveries: the connections of Deno's TLS, which most
 * of these use, do not show the certificate.
 */
export class CertificateCare implements Disposable {
  readonly #options: CertificateCareOptions;
  readonly #known = new Map<string, Known>();
  readonly #materials: TlsMaterialStore;
  readonly #told = new Set<string>();
  readonly #ended = new AbortController();
  #isLooking = false;

  constructor(options: CertificateCareOptions) {
    this.#options = options;
    this.#materials = new TlsMaterialStore(options.clock.steadyNow);
  }

  /** Until when the certificates of a webhook are valid. */
  expiryOf(name: string): CertificateExpiry {
    const { files, receiverMs } = this.#known.get(name) ?? {};
    return { ...files, ...(receiverMs === undefined ? {} : { receiverMs }) };
  }

  /** Reads the files, and looks at receivers where that is due. Called every minute. */
  step(): void {
    const webhooks = this.#options.webhooks().filter(({ url }) => url.startsWith("https:"));
    const names = new Set(webhooks.map(({ name }) => name));
    for (const name of this.#known.keys()) if (!names.has(name)) this.#known.delete(name);
    for (const webhook of webhooks) this.#readFiles(webhook);
    this.#tell(names);
    void this.#lookAtDue(webhooks);
  }

  [Symbol.dispose](): void {
    this.#ended.abort(new Error("the daemon stops"));
  }

  #readFiles({ name, url, transport }: Webhook): void {
    let known = this.#known.get(name);
    if (known === undefined || known.url !== url) {
      known = { url, nextMs: -Infinity, files: {} };
      this.#known.set(name, known);
    }
    try {
      const material = this.#materials.load(transport);
      if (material !== undefined && material === known.material) return;
      known.files = material === undefined ? {} : expiryOfFiles(material);
      if (material === undefined) delete known.material;
      else known.material = material;
    } catch (error) {
      // Deliveries fail for it and tell why; and nobody else's care may end because of a file.
      if (!(error instanceof Error)) throw error;
      known.files = {};
      delete known.material;
    }
  }

  /** One after the other: nothing waits for it. */
  async #lookAtDue(webhooks: readonly Webhook[]): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      for (const webhook of webhooks) {
        const known = this.#known.get(webhook.name);
        // Of a paused one the receiver may be gone on purpose.
        if (known === undefined || webhook.paused || this.#ended.signal.aborted) continue;
        if (this.#options.clock.steadyNow() >= known.nextMs) await this.#look(webhook, known);
      }
    } finally {
      this.#isLooking = false;
    }
    if (!this.#ended.signal.aborted) this.#tell(new Set(this.#known.keys()));
  }

  async #look(webhook: Webhook, known: Known): Promise<void> {
    const { look, clock } = this.#options;
    const cut = new AbortController();
    const onEnd = () => cut.abort(this.#ended.signal.reason);
    this.#ended.signal.addEventListener("abort", onEnd);
    const timer = setTimeout(() => cut.abort(new Error("it takes too long")), LONGEST_LOOK_MS);
    // Soon again where somebody has something to do about it: status has to show that it is done.
    let againMs = HOUR_MS;
    try {
      const certificate = await look(webhook, cut.signal);
      if (certificate === undefined) delete known.receiverMs;
      else known.receiverMs = readCertificate(certificate).validUntilMs;
      const leftMs = (known.receiverMs ?? Infinity) - clock.now();
      if (leftMs > WARN_MS) againMs = DAY_MS;
    } catch (error) {
      // That it cannot be reached is told by the deliveries; what was seen of it stays true.
      if (!(error instanceof Error)) throw error;
    } finally {
      clearTimeout(timer);
      this.#ended.signal.removeEventListener("abort", onEnd);
    }
    known.nextMs = clock.steadyNow() + againMs;
  }

  /** Logs each certificate that ends soon, once. */
  #tell(names: ReadonlySet<string>): void {
    const { clock, logger } = this.#options;
    for (const name of names) {
      const expiry = this.expiryOf(name);
      for (const key of ["receiverMs", "clientMs", "caMs"] as const) {
        const untilMs = expiry[key];
        if (untilMs === undefined || untilMs - clock.now() > WARN_MS) continue;
        const id = `${name} ${key} ${untilMs}`;
        if (this.#told.has(id)) continue;
        this.#told.add(id);
        const message = untilMs > clock.now()
          ? "certificate expires soon"
          : "certificate has expired";
        const expires = new Date(untilMs).toISOString();
        logger.log("WARNING", message, { webhook: name, which: LABELS[key], expires });
      }
    }
  }
}
