import { CredentialStore } from "../../../src/dispatcher/credentials.ts";
import { SecretFileError } from "../../../src/dispatcher/secret_file.ts";
import type { Webhook } from "../../../src/registry/schema.ts";
import { assertEquals, assertThrows } from "../../support/assert.ts";
import { ManualClock } from "../../support/manual_clock.ts";
import { S1, S2 } from "../../support/standard_vectors.ts";
import { makeTempFolder } from "../../support/temp_folder.ts";
import { HOUR_MS, WEBHOOK } from "./lanes/lane_answers.ts";

const NOW_MS = 1_800_000_000_000;

Deno.test("a webhook without anything authenticates with nothing", () => {
  assertEquals(new CredentialStore().load(WEBHOOK, NOW_MS), { secrets: [] });
});

Deno.test("a former secret signs behind the present one until its time is over", () => {
  const oldSecret = { secret: S2, untilMs: NOW_MS };
  const webhook: Webhook = { ...WEBHOOK, signing: { as: "standard", secret: S1, oldSecret } };
  const store = new CredentialStore();
  assertEquals(store.load(webhook, NOW_MS - 1).secrets, [S1, S2]);
  assertEquals(store.load(webhook, NOW_MS).secrets, [S1]);
  assertEquals(store.load(webhook, NOW_MS + HOUR_MS).secrets, [S1]);
});

Deno.test("files hold token and secrets, a line each, and are read again when they change", async () => {
  await using folder = await makeTempFolder();
  const [tokenFile, secretFile] = [`${folder.path}/token`, `${folder.path}/secret`];
  const oldSecret = { secret: "in the registry", untilMs: NOW_MS + 1 };
  const webhook: Webhook = {
    ...WEBHOOK,
    bearerTokenFile: tokenFile,
    signing: { as: "jwt", secretFile, oldSecret },
  };
  await Deno.writeTextFile(tokenFile, "t0ken\n");
  await Deno.writeTextFile(secretFile, "new one\r\nold one\n\n");
  const clock = new ManualClock();
  const store = new CredentialStore(clock.steadyNow);
  const wanted = { bearerToken: "t0ken", secrets: ["new one", "old one", "in the registry"] };
  assertEquals(store.load(webhook, NOW_MS), wanted);
  await Deno.writeTextFile(tokenFile, "another");
  await Deno.writeTextFile(secretFile, "newest");
  assertEquals(store.load(webhook, NOW_MS), wanted, "it is not looked at for each request");
  clock.advance(1000);
  assertEquals(store.load(webhook, NOW_MS + 1), { bearerToken: "another", secrets: ["newest"] });
});

Deno.test("a file that cannot be used is an error that names it and shows nothing of it", async () => {
  await using folder = await makeTempFolder();
  const path = `${folder.path}/file`;
  const token = { ...WEBHOOK, bearerTokenFile: path };
  const jwt: Webhook = { ...WEBHOOK, signing: { as: "jwt", secretFile: path } };
  const standard: Webhook = { ...WEBHOOK, signing: { as: "standard", secretFile: path } };
  const cases: readonly (readonly [Webhook, string | Uint8Array | undefined, string])[] = [
    [token, undefined, `Cannot read bearer-token-file ${path}: there is no such file`],
    [jwt, undefined, `Cannot read secret-file ${path}: there is no such file`],
    [jwt, "", `There is nothing in secret-file ${path}`],
    [token, "\n\n", `There is nothing in bearer-token-file ${path}`],
    [token, "S3CRET\nS3CRET", `What bearer-token-file ${path} holds is no token`],
    [token, "S3CRET S3CRET", "is no token"],
    [jwt, "S3CRET\nS3C\u0007RET", `Secret 2 in secret-file ${path} does not sign: it has control`],
    [standard, "S3CRET", "does not sign: it begins with neither"],
    [standard, `${S1}\nwhsec_U0VDUkVU`, "Secret 2 in secret-file"],
    [jwt, new Uint8Array([0xff, 0xfe]), `What secret-file ${path} holds is no text`],
    [jwt, "S3CRET".repeat(20_000), "it has 120000 bytes, more than 65536"],
  ];
  for (const [webhook, content, message] of cases) {
    if (typeof content === "string") await Deno.writeTextFile(path, content);
    else if (content !== undefined) await Deno.writeFile(path, content);
    const error = assertThrows(
      () => new CredentialStore().load(webhook, NOW_MS),
      SecretFileError,
      message,
    );
    assertEquals(/S3CRET|U0VD/.test(error.message + error.hint), false, error.message);
  }
});

Deno.test("a file that is no file keeps nobody waiting", async () => {
  await using folder = await makeTempFolder();
  const webhook: Webhook = { ...WEBHOOK, bearerTokenFile: folder.path };
  const load = () => new CredentialStore().load(webhook, NOW_MS);
  assertThrows(load, SecretFileError, "it is no regular file");
});

Deno.test("what failed is read again at once, and what is gone is missed", async () => {
  await using folder = await makeTempFolder();
  const path = `${folder.path}/token`;
  const webhook = { ...WEBHOOK, bearerTokenFile: path };
  const clock = new ManualClock();
  const store = new CredentialStore(clock.steadyNow);
  assertThrows(() => store.load(webhook, NOW_MS), SecretFileError);
  await Deno.writeTextFile(path, "t0ken");
  assertEquals(store.load(webhook, NOW_MS).bearerToken, "t0ken");
  await Deno.remove(path);
  clock.advance(1000);
  assertThrows(() => store.load(webhook, NOW_MS), SecretFileError);
});
