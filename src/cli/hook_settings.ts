/**
 * The options of `serve-test-hook` as settings of a test hook.
 *
 * @module
 */
import { readSecretLines, readTokenLine } from "../dispatcher/secret_file.ts";
import type { TestHookOptions } from "../testhook/test_hook.ts";
import {
  readTrouble,
  type Trouble,
  TROUBLE_SWITCHES,
  TROUBLE_VALUES,
  troubleFault,
} from "../testhook/trouble.ts";
import type { Proof } from "../testhook/verify_request.ts";
import { isStandardSecret, readVerifyingKey } from "../testhook/verify_standard.ts";
import { type GivenOptions, UsageError } from "./command.ts";
import type { Output } from "./output.ts";
import { withSecretsRead } from "./secret_input.ts";
import { readWholeNumber } from "./whole_number.ts";

/** What the options say of how requests are answered. */
export type HookSettings = Pick<
  TestHookOptions,
  "trouble" | "proof" | "acceptsUnverified" | "forward" | "keeps" | "isUiOpen"
>;

/**
 * Reads them.
 *
 * @throws {UsageError} If a value cannot be, or some exclude each other.
 * @throws {SecretFileError} If a file holds no secret.
 */
export function readHookSettings(options: GivenOptions, output: Output): HookSettings {
  const keeps = readWholeNumber(options, "keep", { min: 1, max: 100_000 });
  const forward = readForward(options);
  const trouble = readAllTrouble(options);
  return {
    trouble,
    proof: readProof(withSecretsRead(options, output)),
    acceptsUnverified: options.has("accept-unverified"),
    isUiOpen: options.has("ui-open"),
    ...(keeps === undefined ? {} : { keeps }),
    ...(forward === undefined ? {} : { forward }),
  };
}

function readAllTrouble(options: GivenOptions): Trouble {
  let trouble: Trouble = {};
  for (const name of [...TROUBLE_VALUES, ...TROUBLE_SWITCHES]) {
    if (!options.has(name)) continue;
    const text = options.get(name) ?? "";
    const read = readTrouble(name, text);
    if (typeof read === "string") {
      throw new UsageError(`--${name} cannot be "${text}"`, `give ${read}`);
    }
    trouble = { ...trouble, ...read };
  }
  const fault = troubleFault(trouble);
  if (fault === undefined) return trouble;
  throw new UsageError(
    `These options do not go together: ${fault}`,
    "see what there is: gluster-eventing help serve-test-hook",
  );
}

function readProof(options: GivenOptions): Proof {
  for (const name of ["secret", "bearer-token"]) {
    if (!options.has(name) || !options.has(`${name}-file`)) continue;
    throw new UsageError(
      `--${name} and --${name}-file exclude each other`,
      "the file can hold former secrets too, one in a line",
    );
  }
  const secretFile = options.get("secret-file");
  const secret = options.get("secret");
  // What signs with none of them is found out below.
  const secrets = secretFile === undefined
    ? secret === undefined ? [] : [secret]
    : readSecretLines(secretFile, "jwt");
  secrets.forEach((each, index) => {
    const read = isStandardSecret(each) ? readVerifyingKey(each) : {};
    if (!("fault" in read) && each !== "") return;
    const fault = "fault" in read ? read.fault : "it is empty";
    throw new UsageError(
      `Secret ${index + 1} cannot verify anything: ${fault}`,
      "give the webhook's secret, or the public key (whpk_...) of a key pair",
    );
  });
  const tokenFile = options.get("bearer-token-file");
  const bearerToken = tokenFile === undefined
    ? options.get("bearer-token")
    : readTokenLine(tokenFile);
  if (bearerToken === "") throw new UsageError("--bearer-token is empty", "give the token");
  if (options.has("accept-unverified") && secrets.length === 0 && bearerToken === undefined) {
    throw new UsageError(
      "--accept-unverified has nothing to verify",
      "give --secret, --secret-file, --bearer-token or --bearer-token-file too",
    );
  }
  return { secrets, ...(bearerToken === undefined ? {} : { bearerToken }) };
}

function readForward(options: GivenOptions): HookSettings["forward"] {
  const url = options.get("forward");
  const allowed = options.all("forward-allow");
  if (url !== undefined) return { url, allowed };
  if (allowed.length === 0) return undefined;
  throw new UsageError("--forward-allow goes with --forward", "say where to: --forward URL");
}
