import { Buffer } from "node:buffer";
import { CertificateCare } from "../../../src/daemon/certificate_care.ts";
import { Logger } from "../../../src/daemon/logger.ts";
import type { Webhook } from "../../../src/registry/schema.ts";
import { assertEquals, assertMatch } from "../../support/assert.ts";
import { ManualClock } from "../../support/manual_clock.ts";
import { until } from "../../support/until.ts";
import { WEBHOOK } from "../dispatcher/lanes/lane_answers.ts";

const FILE = new URL("../../fixtures/tls/cert.pem", import.meta.url).pathname;
const PEM = Deno.readTextFileSync(FILE);
const DER = Buffer.from(PEM.replaceAll(/-----.*-----/g, ""), "base64");
const END_MS = Date.parse("2126-11-01T19:32:35Z");
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const OPS: Webhook = { ...WEBHOOK, url: "https://ops.example/" };

/** A care of webhooks that a test can change, whose looks it counts. */
function makeCare(nowMs: number, webhooks: Webhook[] = [OPS]) {
  const clock = new ManualClock(nowMs);
  const log: string[] = [];
  const looks: string[] = [];
  const state = { webhooks, answer: (): Uint8Array | undefined => DER };
  const care = new CertificateCare({
    webhooks: () => state.webhooks,
    look: ({ url }) => {
      looks.push(url);
      return Promise.resolve().then(() => state.answer());
    },
    clock,
    logger: new Logger({ write: (line) => log.push(line), now: clock.now }),
  });
  return { care, clock, log, looks, state };
}

async function settle(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve));
}

Deno.test("a receiver is looked at once a day, and its certificate's end is known", async () => {
  const { care, clock, log, looks } = makeCare(END_MS - 60 * DAY_MS);
  care.step();
  await until("it is known", () => care.expiryOf("ops").receiverMs === END_MS);
  clock.advance(DAY_MS - 1);
  care.step();
  await settle();
  assertEquals(looks.length, 1);
  clock.advance(1);
  care.step();
  await until("it is looked at again", () => looks.length === 2);
  assertEquals(log, []);
});

Deno.test("30 days before the end it is logged once, and looked at every hour", async () => {
  const { care, clock, log, looks } = makeCare(END_MS - 30 * DAY_MS);
  care.step();
  await until("it is logged", () => log.length === 1);
  assertMatch(
    log[0] ?? "",
    /WARNING certificate expires soon webhook=ops which="the receiver's certificate" expires=2126-11-01T19:32:35\.000Z$/,
  );
  for (let hour = 0; hour < 3; hour++) {
    clock.advance(HOUR_MS);
    care.step();
    await settle();
  }
  assertEquals([looks.length, log.length], [4, 1]);
});

Deno.test("what cannot be seen is not known, what was seen stays, and a new URL begins anew", async () => {
  const { care, clock, looks, state } = makeCare(END_MS - 60 * DAY_MS);
  care.step();
  await until("it is known", () => care.expiryOf("ops").receiverMs);
  state.answer = () => {
    throw new Error("Connection refused");
  };
  clock.advance(DAY_MS);
  care.step();
  await until("it is looked at", () => looks.length === 2);
  await settle();
  assertEquals(care.expiryOf("ops").receiverMs, END_MS);
  state.webhooks = [{ ...OPS, url: "https://other.example/" }];
  care.step();
  await until("the other one is looked at", () => looks.at(-1) === "https://other.example/");
  await settle();
  assertEquals(care.expiryOf("ops"), {});
  state.webhooks = [];
  care.step();
  assertEquals(care.expiryOf("ops"), {});
});

Deno.test("nobody looks at paused webhooks, or at those without TLS", async () => {
  const { care, looks } = makeCare(END_MS, [{ ...OPS, paused: true }, WEBHOOK]);
  care.step();
  await settle();
  assertEquals(looks, []);
});

Deno.test("the ends of certificates in files are known, also of one that is damaged later", async () => {
  const key = FILE.replace("cert.pem", "key.pem");
  const transport = { caFile: FILE, certFile: FILE, keyFile: key };
  const { care, log, state } = makeCare(END_MS + 1, [{ ...OPS, transport }]);
  state.answer = () => undefined;
  care.step();
  await settle();
  assertEquals(care.expiryOf("ops"), { clientMs: END_MS, caMs: END_MS });
  assertEquals(log.map((line) => /which="([^"]*)"/.exec(line)?.[1]), [
    "the certificate in cert-file",
    "the certificates in ca-file",
  ]);
  assertMatch(log[0] ?? "", /certificate has expired/);
  state.webhooks = [{ ...OPS, transport: { caFile: "/none" } }];
  care.step();
  assertEquals(care.expiryOf("ops"), {});
});

Deno.test("a look that hangs ends with the daemon", async () => {
  const ended = Promise.withResolvers<unknown>();
  const clock = new ManualClock();
  const care = new CertificateCare({
    webhooks: () => [OPS],
    look: (_webhook, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => {
          ended.resolve(signal.reason);
          reject(signal.reason);
        });
      }),
    clock,
    logger: new Logger({ write: () => {}, now: clock.now }),
  });
  care.step();
  care[Symbol.dispose]();
  assertMatch(String(await ended.promise), /daemon stops/);
});
