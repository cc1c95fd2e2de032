import { forgetExpired, keepOldSecret, parseKeepOld } from "../../../src/cli/keep_old.ts";
import { UsageError } from "../../../src/cli/command.ts";
import { InvalidValueError } from "../../../src/registry/errors.ts";
import type { Signing } from "../../../src/registry/schema.ts";
import { assertEquals, assertThrows } from "../../support/assert.ts";
import { S1, S2 } from "../../support/standard_vectors.ts";
import { WEBHOOK } from "../dispatcher/lanes/lane_answers.ts";

const UNTIL_MS = Date.UTC(2026, 10, 27);
const UNTIL = "2026-11-27T00:00:00.000Z";
const OPS = { ...WEBHOOK, signing: { as: "standard", secret: S1 } as const };

Deno.test("the present secret becomes the former one until then", () => {
  assertEquals(keepOldSecret(OPS, { secret: S2, timeout: "1s" }, UNTIL_MS), {
    "secret": S2,
    "timeout": "1s",
    "old-secret": S1,
    "old-secret-until": UNTIL,
  });
});

Deno.test("given twice it drops no secret", () => {
  const rotated = { ...OPS, signing: { ...OPS.signing, secret: S2 } };
  assertEquals(keepOldSecret(rotated, { secret: S2, timeout: "1s" }, UNTIL_MS), { timeout: "1s" });
});

Deno.test("what cannot be kept is refused with a reason", () => {
  const refuse = (signing: Signing | undefined, settings: object, reason: string) => {
    const webhook = { ...WEBHOOK, ...(signing === undefined ? {} : { signing }) };
    const error = assertThrows(
      () => keepOldSecret(webhook, settings, UNTIL_MS),
      UsageError,
      reason,
    );
    assertEquals((error.message + error.hint).includes("S3CRET"), false);
  };
  const jwt: Signing = { as: "jwt", secret: "S3CRET" };
  refuse(OPS.signing, {}, "no new one is given");
  refuse(OPS.signing, { secret: undefined }, "no new one is given");
  refuse(undefined, { secret: S1 }, 'the webhook "ops" has no secret');
  refuse({ as: "standard", secretFile: "/etc/s" }, { secret: S1 }, '"ops" is in /etc/s');
  refuse(jwt, { secret: "S3CRET2" }, "carries one token only");
  refuse(jwt, { secret: S1, sign: "standard" }, "carries one token only");
  refuse(OPS.signing, { secret: S2, sign: "jwt" }, "carries one token only");
});

Deno.test("a former secret is forgotten with the first change after its time", () => {
  const oldSecret = { secret: S2, untilMs: UNTIL_MS };
  const webhook = { ...OPS, signing: { ...OPS.signing, oldSecret } };
  const settings = { timeout: "1s" };
  assertEquals(forgetExpired(webhook, settings, UNTIL_MS - 1), settings);
  assertEquals(forgetExpired(webhook, settings, UNTIL_MS), {
    "old-secret": undefined,
    "old-secret-until": undefined,
    ...settings,
  });
  assertEquals(forgetExpired(OPS, settings, UNTIL_MS), settings);
});

Deno.test("how long it is kept is a time as all others", () => {
  assertEquals([parseKeepOld("24h"), parseKeepOld("7d")], [86_400_000, 604_800_000]);
  for (const text of ["", "soon", "0s", "-1h", "400d"]) {
    assertThrows(() => parseKeepOld(text), InvalidValueError, "keep-old must be a duration");
  }
});
