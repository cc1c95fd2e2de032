import { resolve } from "node:path";
import { readSecretLines } from "../../dispatcher/secret_file.ts";
import { getWebhook } from "../../registry/changes.ts";
import type { Signing } from "../../registry/schema.ts";
import {
  newStandardSecret,
  readStandardSecret,
  showPublicKey,
} from "../../registry/standard_secret.ts";
import { nearest } from "../../std/text.ts";
import { CommandError, type Invocation, UsageError } from "../command.ts";
import { EXIT } from "../exit_codes.ts";
import { SECRET_ACTIONS } from "../secret_actions.ts";
import { writeNewFile } from "../write_new_file.ts";

/** `webhook-secret new` and `webhook-secret public URL|NAME` */
export async function run(invocation: Invocation): Promise<number> {
  const { operands: [action = "", which], options } = invocation;
  if (action === "new") {
    if (which === undefined) return await makeSecret(invocation);
    throw new UsageError(
      "webhook-secret new belongs to no webhook, and takes nothing more",
      "give the secret to one: gluster-eventing webhook-mod ops --sign standard --secret -",
    );
  }
  if (action !== "public") {
    const guess = nearest(action, SECRET_ACTIONS);
    // The word itself may be a secret that went astray.
    throw new UsageError(
      `webhook-secret knows ${SECRET_ACTIONS.join(" and ")}, and not what is given`,
      `for example: gluster-eventing webhook-secret ${guess ?? SECRET_ACTIONS[0]}`,
    );
  }
  if (which === undefined || options.has("asymmetric") || options.has("output")) {
    throw new UsageError(
      "webhook-secret public takes a webhook's URL or name, and no options",
      "for example: gluster-eventing webhook-secret public ops",
    );
  }
  return await showPublic(invocation, which);
}

async function makeSecret({ options, output }: Invocation): Promise<number> {
  const secret = newStandardSecret(options.has("asymmetric") ? "asymmetric" : "symmetric");
  const publicKey = publicKeyOf(secret);
  const path = options.get("output");
  const publicLines = publicKey === undefined ? [] : [publicKey];
  const data = { public_key: publicKey ?? null };
  if (path === undefined) {
    output.result([secret, ...publicLines], { secret, ...data });
    return EXIT.done;
  }
  await writeNewFile(path, `${secret}\n`);
  const lines = [
    `Wrote the secret to ${path}.`,
    "Copy it to every node, and sign with it: gluster-eventing webhook-mod URL|NAME " +
    `--sign standard --secret-file ${resolve(path)}`,
  ];
  output.result([...lines, ...publicLines], { path, ...data });
  return EXIT.done;
}

async function showPublic({ output, places }: Invocation, which: string): Promise<number> {
  const { name, signing } = getWebhook(await (await places.registry()).read(), which);
  const secret = secretOf(signing);
  const publicKey = secret === undefined ? undefined : publicKeyOf(secret);
  if (publicKey === undefined) {
    throw new CommandError(
      EXIT.failed,
      `The webhook "${name}" has no public key: it signs with no whsk_ key`,
      `make one: gluster-eventing webhook-secret new --asymmetric; then: ` +
        `gluster-eventing webhook-mod ${name} --sign standard --secret -`,
    );
  }
  output.result([publicKey], { name, public_key: publicKey });
  return EXIT.done;
}

function secretOf(signing: Signing | undefined): string | undefined {
  if (signing?.as !== "standard") return undefined;
  const { secret, secretFile } = signing;
  return secretFile === undefined ? secret : readSecretLines(secretFile, "standard")[0];
}

function publicKeyOf(secret: string): string | undefined {
  const read = readStandardSecret(secret);
  return "secret" in read && read.secret.kind === "asymmetric"
    ? showPublicKey(read.secret.key)
    : undefined;
}
