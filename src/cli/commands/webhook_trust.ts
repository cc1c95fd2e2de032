import { type Examination, examineReceiver } from "../../dispatcher/tls/examine_receiver.ts";
import { isReachedDirectly } from "../../dispatcher/tls/look_at_receiver.ts";
import { getWebhook, modifyWebhook } from "../../registry/changes.ts";
import { type Webhook, WEBHOOK_KEYS } from "../../registry/schema.ts";
import { maskUrl } from "../../registry/webhook_url.ts";
import { askOnTerminal } from "../ask_on_terminal.ts";
import { certificateToJson, renderCertificate, showFingerprint } from "../certificate_lines.ts";
import { CommandError, type Invocation, UsageError } from "../command.ts";
import { EXIT } from "../exit_codes.ts";
import { editRegistry, tellEdit } from "../shared_edit.ts";

/** `webhook-trust URL|NAME` */
export async function run(invocation: Invocation): Promise<number> {
  const { operands: [which = ""], options, output, places } = invocation;
  const wanted = readPin(options.get("pin"));
  const webhook = getWebhook(await (await places.registry()).read(), which);
  refuseUnseen(webhook, invocation);
  const found = await examineReceiver(webhook);
  const { certificate, doubt, obstacle } = found;
  const { name, transport: { serverPin } } = webhook;
  const about = { name, ...certificateToJson(certificate), trusted: doubt === undefined };
  const show = (line: string) => output.isJson ? output.note(line) : output.line(line);
  const isSure = wanted !== undefined || options.has("yes");
  // Programs that have decided get all of it in the end.
  if (!output.isJson || !isSure) describe(webhook, found).forEach(show);
  if (wanted !== undefined && wanted !== certificate.sha256) {
    throw new CommandError(
      EXIT.failed,
      `The webhook "${name}" is not changed: its receiver presents another certificate: SHA-256 ` +
        `${showFingerprint(certificate.sha256)}, not ${showFingerprint(wanted)}`,
      "ask whoever runs the receiver; if they did not change it, somebody stands in between",
    );
  }
  if (doubt === undefined) {
    output.result(needless(webhook, certificate.sha256), { ...about, changed: false });
    return EXIT.done;
  }
  if (obstacle !== undefined) {
    throw new CommandError(
      EXIT.failed,
      `The certificate of "${name}" cannot be pinned: ${obstacle.reason}`,
      obstacle.hint,
    );
  }
  if (serverPin === certificate.sha256) {
    const line = `The webhook "${name}" takes this certificate already.`;
    output.result([line], { ...about, changed: false });
    return EXIT.done;
  }
  if (!isSure && !(await agrees(name, invocation))) {
    output.result(["Nothing was changed."], { ...about, changed: false });
    return EXIT.failed;
  }
  return await store(webhook, certificate.sha256, { invocation, about });
}

function readPin(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const result = WEBHOOK_KEYS["server-pin"].kind.read(text);
  if ("value" in result) return result.value;
  throw new UsageError(
    `The value of --pin ${result.fault}`,
    "on the receiver: openssl x509 -noout -fingerprint -sha256 -in CERTIFICATE",
  );
}

/** @throws {CommandError} If there is no certificate to be seen. */
function refuseUnseen(webhook: Webhook, { environment }: Invocation): void {
  const { name, url } = webhook;
  if (!url.startsWith("https:")) {
    throw new CommandError(
      EXIT.failed,
      `The webhook "${name}" has no certificate to trust: its URL is ${maskUrl(url)}`,
      `if its receiver has TLS: gluster-eventing webhook-mod ${name} --url https://...`,
    );
  }
  if (isReachedDirectly(webhook, environment)) return;
  throw new CommandError(
    EXIT.failed,
    `Cannot look at the certificate of "${name}": its requests go through a proxy`,
    `if it can be reached without: gluster-eventing webhook-mod ${name} --proxy none; ` +
      "otherwise trust its CA with --ca-file",
  );
}

/** What is presented, and what this node makes of it. */
function describe({ name, url, transport }: Webhook, found: Examination): string[] {
  const { certificate, doubt } = found;
  const { serverPin } = transport;
  const isOther = serverPin !== undefined && serverPin !== certificate.sha256;
  return [
    `The receiver of "${name}", ${maskUrl(url)}, presents this certificate:`,
    "",
    ...renderCertificate(certificate).map((line) => `  ${line}`),
    ...(isOther ? [`  pinned so far: ${showFingerprint(serverPin)}`] : []),
    "",
    ...(doubt === undefined ? [] : [`Without a pin it is not trusted: ${doubt}`]),
    ...(doubt === undefined ? [] : [
      "Compare, on the receiver: openssl x509 -noout -fingerprint -sha256 -in CERTIFICATE",
    ]),
  ];
}

/** What to say where a pin would only be one more thing that expires. */
function needless({ name, transport: { serverPin } }: Webhook, sha256: string): string[] {
  const clear = `gluster-eventing webhook-mod ${name} --server-pin ""`;
  if (serverPin === undefined) {
    return ["It is trusted as it is; a pin is not needed, and nothing was changed."];
  }
  return serverPin === sha256
    ? [`It is pinned, and would be trusted without that too: ${clear}`]
    : [`It would be trusted without a pin, but another one is pinned; take that away: ${clear}`];
}

/** @throws {CommandError} If there is nobody to ask. */
async function agrees(name: string, { output }: Invocation): Promise<boolean> {
  const answer = await askOnTerminal(`Trust this certificate for "${name}"?`, output);
  if (answer !== undefined) return answer;
  throw new CommandError(
    EXIT.failed,
    `The webhook "${name}" is not changed: whether to trust this certificate is asked on a ` +
      "terminal, and there is none",
    `if you know its fingerprint: gluster-eventing webhook-trust ${name} --pin SHA256; --yes takes ` +
      "whatever is presented",
  );
}

async function store(
  { name, url }: Webhook,
  sha256: string,
  { invocation, about }: {
    readonly invocation: Invocation;
    readonly about: Readonly<Record<string, unknown>>;
  },
): Promise<number> {
  const edit = await editRegistry(invocation, (current) => {
    // Another node's registry may be newer, and what was looked at is not this one's receiver then.
    if (getWebhook(current, name).url !== url) {
      throw new CommandError(
        EXIT.failed,
        `The webhook "${name}" is not changed: it has got another URL in the meantime`,
        `look again: gluster-eventing webhook-trust ${name}`,
      );
    }
    return modifyWebhook(current, name, { "server-pin": sha256 });
  });
  return tellEdit(invocation, edit, {
    lines: [
      `The webhook "${name}" takes this certificate from now on, and no other.`,
      `See whether it works from every node: gluster-eventing webhook-test ${name}`,
    ],
    data: { ...about, changed: edit.changed },
    unsynced: EXIT.webhookSyncFailed,
  });
}
