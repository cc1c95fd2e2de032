import { jwtVerify } from "jose";
import { Webhook as Verifier } from "standardwebhooks";
import type { Signing } from "../../../../src/registry/schema.ts";
import { assert, assertEquals, assertMatch } from "../../../support/assert.ts";
import { S1, S2 } from "../../../support/standard_vectors.ts";
import { makeTempFolder } from "../../../support/temp_folder.ts";
import { answerWith, HOUR_MS, MINUTE_MS } from "./lane_answers.ts";
import { LaneBench, type Posted } from "./lane_bench.ts";

const JWT: Signing = { as: "jwt", secret: "gluster-secret" };
/** When the events of a bench happened, in seconds since 1970. */
const HAPPENED = 1_799_999_999;

/** A lane whose receiver is down for ten minutes, with an event of a real shape. */
async function failForTenMinutes(signing: Signing): Promise<readonly Posted[]> {
  await using bench = new LaneBench({ signing, retryMaxMs: 2 * MINUTE_MS });
  bench.answers = ({ atMs }) => answerWith(atMs < 10 * MINUTE_MS ? 503 : 200);
  bench.spool.push({
    id: "01A",
    payload: `{"ts":${HAPPENED},"event":"VOLUME_START","message":{}}`,
  });
  bench.lane.wake();
  await bench.pass(15 * MINUTE_MS);
  assertEquals(bench.spool.finished, ["01A"]);
  assert(bench.posted.length > 5, String(bench.posted.length));
  return bench.posted;
}

/** The clock of a receiver, which is the sender's. */
function clockAt({ atMs }: Posted): Date {
  return new Date(1_800_000_000_000 + atMs);
}

Deno.test("a receiver that verifies the JWT takes every attempt, also one of ten minutes later", async () => {
  const key = new TextEncoder().encode(JWT.secret);
  const tokens = new Set<string>();
  for (const posted of await failForTenMinutes(JWT)) {
    const token = posted.request.headers["authorization"]?.replace(/^Bearer /, "") ?? "";
    const { payload, protectedHeader } = await jwtVerify(token, key, {
      algorithms: ["HS256"],
      issuer: "gluster",
      subject: "VOLUME_START",
      requiredClaims: ["exp", "iat"],
      typ: "JWT",
      currentDate: clockAt(posted),
    });
    assertEquals(protectedHeader, { alg: "HS256", typ: "JWT" });
    assertEquals([payload.iat, payload.aud], [HAPPENED, undefined]);
    tokens.add(token);
  }
  assert(tokens.size > 5, "each has its own");
});

Deno.test("a token is good for a minute, and for no longer", async () => {
  const [first] = await failForTenMinutes(JWT);
  assert(first !== undefined);
  const token = first.request.headers["authorization"]?.replace(/^Bearer /, "") ?? "";
  const verdictAfter = (ms: number) =>
    jwtVerify(token, new TextEncoder().encode(JWT.secret), {
      currentDate: new Date(clockAt(first).getTime() + ms),
    }).then(() => "good", ({ code }: { code: string }) => code);
  assertEquals(await verdictAfter(59_000), "good");
  assertEquals(await verdictAfter(60_000), "ERR_JWT_EXPIRED");
});

Deno.test("every attempt is signed anew, with the time of the attempt and one id", async () => {
  const signing: Signing = { as: "standard", secret: S1 };
  const posted = await failForTenMinutes(signing);
  for (const { request: { headers, body }, atMs } of posted) {
    assertEquals(headers["webhook-id"], "01A");
    assertEquals(headers["webhook-timestamp"], String(Math.floor(1_800_000_000 + atMs / 1000)));
    // The library's clock is the machine's: what it would say of the time is said above.
    const at = new Date((Number(headers["webhook-timestamp"]) || 0) * 1000);
    assertEquals(new Verifier(S1).sign("01A", at, body), headers["webhook-signature"]);
  }
});

Deno.test("with a former secret both sign until its time is over, and then the new one alone", async () => {
  const untilMs = 1_800_000_000_000 + 5 * MINUTE_MS;
  const signing: Signing = { as: "standard", secret: S1, oldSecret: { secret: S2, untilMs } };
  for (const { request: { headers, body }, atMs } of await failForTenMinutes(signing)) {
    const at = new Date(Number(headers["webhook-timestamp"]) * 1000);
    const [s1, s2] = [S1, S2].map((secret) => new Verifier(secret).sign("01A", at, body));
    const wanted = atMs < 5 * MINUTE_MS ? `${s1} ${s2}` : s1;
    assertEquals(headers["webhook-signature"], wanted, String(atMs));
  }
});

Deno.test("while the file of the secret is missing, attempts fail, and nothing is lost", async () => {
  await using folder = await makeTempFolder();
  const secretFile = `${folder.path}/secret`;
  await using bench = new LaneBench({ signing: { as: "standard", secretFile } });
  await bench.add("a", "b");
  await bench.pass(10 * MINUTE_MS);
  assertEquals([bench.posted.length, bench.spool.finished], [0, []]);
  const { error = "", result = "", outcome } = bench.spool.attempts[0] ?? {};
  assertEquals([error, outcome], ["settings", "retry"]);
  assertMatch(result, /^settings: Cannot read secret-file .*secret: there is no such file/);
  assertEquals(bench.notices.map(({ kind }) => kind), ["webhook_failing"]);
  await Deno.writeTextFile(secretFile, `${S1}\n`);
  await bench.pass(2 * MINUTE_MS);
  assertEquals([bench.trail.map(([ids]) => ids), bench.spool.finished], [["a", "b"], ["a", "b"]]);
});

Deno.test("what a receiver repeats of a file's secret is not kept", async () => {
  await using folder = await makeTempFolder();
  const [secretFile, bearerTokenFile] = [`${folder.path}/secret`, `${folder.path}/token`];
  await Deno.writeTextFile(secretFile, `${S1}\n${S2}\n`);
  await Deno.writeTextFile(bearerTokenFile, "t0ken-in-a-file\n");
  await using bench = new LaneBench({
    retryForMs: HOUR_MS,
    bearerTokenFile,
    signing: { as: "standard", secretFile },
  });
  bench.answers = ({ request: { headers } }) =>
    answerWith(401, { answer: `${S1} ${S2} ${JSON.stringify(headers)}` });
  await bench.add("a");
  const shown = JSON.stringify([bench.spool.attempts, bench.spool.outcomes, bench.notices]);
  const headers: Readonly<Record<string, string>> = bench.posted[0]?.request.headers ?? {};
  assertEquals(headers["authorization"], "Bearer t0ken-in-a-file");
  const [first = "", second = ""] = headers["webhook-signature"]?.split(" ") ?? [];
  for (const secret of [S1, S2, S1.slice(6), "t0ken-in-a-file", first, second]) {
    assert(secret.length > 9 && !shown.includes(secret), `${secret} in ${shown}`);
  }
});
