/**
 * The commands for webhooks.
 *
 * @module
 */
import type { CommandSpec, OperandSpec } from "../command.ts";
import { SECRET_ACTIONS } from "../secret_actions.ts";
import { WEBHOOK_SETTINGS } from "./webhook_settings.ts";

const WHICH: OperandSpec = { name: "URL|NAME", help: "the webhook's URL or name" };

/** What makes no difference to a single request. */
const OF_MANY_REQUESTS = new Set(
  ("name events severity volumes fields retry-min retry-max retry-for order concurrency batch rate")
    .split(" "),
);

export const WEBHOOK_COMMANDS: readonly CommandSpec[] = [
  {
    name: "webhook-add",
    section: "Webhooks",
    summary: "Register a URL that gets every event from now on",
    details:
      `It gets what --events, --severity, --volumes and --fields all let through; EVENTING_GAP, which
tells of events that are missing, comes always. Events are named in upper or lower case, volumes
exactly. An event that names no volume comes unless volumes are named that are wanted. Fields are
nodeid, host, event_group, severity and message.KEY, of VOLUME_SET also message.options.OPTION; one
that an event does not have equals nothing. webhook-show --explain says what becomes of an event.`,
    operands: [{ name: "URL", help: "where to post events, http or https" }],
    options: WEBHOOK_SETTINGS,
    examples: [
      { line: "webhook-add https://ops.example.com/listen", does: "post every event there" },
      {
        line: "webhook-add https://ops.example.com/listen --name ops --header X-Team=storage",
        does: "give it a name, and its receiver a header",
      },
      {
        line: "webhook-add https://ops.example.com/listen --severity alert --volumes 'home-*'",
        does: "post only what somebody should be called for, and only of these volumes",
      },
      {
        line: "webhook-add https://ops.example.com/listen --order volume --batch 50 --rate 10/s",
        does: "post side by side, 50 events at once, and spare the receiver",
      },
    ],
    load: () => import("../commands/webhook_add.ts"),
  },
  {
    name: "webhook-mod",
    section: "Webhooks",
    summary: "Change a webhook; its waiting events stay",
    details:
      `What is not named stays as it is. An empty value clears a setting. Another filter holds for what
waits too, except what is being posted; what was left out before stays left out.`,
    operands: [WHICH],
    options: [
      { name: "url", value: "URL", help: "the new URL" },
      ...WEBHOOK_SETTINGS,
      {
        name: "keep-old",
        value: "TIME",
        help: "with --secret, for --sign standard: sign with the former secret too for so long",
      },
    ],
    examples: [
      { line: "webhook-mod ops --timeout 5s", does: "wait no longer than 5 s for an answer" },
      { line: 'webhook-mod ops --bearer-token ""', does: "send no token any more" },
      { line: "webhook-mod ops --secret s3cret", does: "sign every request with a token (JWT)" },
      {
        line: "webhook-mod ops --secret - --keep-old 24h",
        does: "ask for a new secret (whsec_...), and sign with both of them for a day",
      },
    ],
    load: () => import("../commands/webhook_mod.ts"),
  },
  {
    name: "webhook-del",
    section: "Webhooks",
    summary: "Remove a webhook with the events that wait for it",
    operands: [WHICH],
    options: [],
    examples: [{ line: "webhook-del ops", does: "post nothing there any more" }],
    load: () => import("../commands/webhook_del.ts"),
  },
  {
    name: "webhook-pause",
    section: "Webhooks",
    summary: "Let the events of a webhook wait",
    details: "Nothing is posted to it until webhook-resume. What waits is kept.",
    operands: [WHICH],
    options: [],
    examples: [{ line: "webhook-pause ops", does: "while its receiver is being moved" }],
    load: () => import("../commands/webhook_pause.ts"),
  },
  {
    name: "webhook-resume",
    section: "Webhooks",
    summary: "Post the events of a webhook again, at once",
    details:
      `Ends a pause, also the one that the daemon makes by itself after the answer 410 (Gone).
A webhook that fails makes its next attempt at once.`,
    operands: [WHICH],
    options: [],
    examples: [
      { line: "webhook-resume ops", does: "go on after webhook-pause" },
      {
        line: "webhook-resume https://ops.example.com/listen",
        does: "when its receiver is well again: do not wait for the next attempt",
      },
    ],
    load: () => import("../commands/webhook_resume.ts"),
  },
  {
    name: "webhook-test",
    section: "Webhooks",
    summary: "Post a TEST event, and say what fails and what helps",
    details:
      `Takes any URL, registered or not, or the name of a webhook; options go before its settings, and
an empty value clears one. Nothing is stored, counted, repeated or redirected. Ends with 0 if the
answer is 2xx, and with 3 if no node gets such an answer.`,
    operands: [{ name: "URL|NAME", help: "where to post, or a webhook's name" }],
    options: [
      { name: "empty", help: "post an empty body without a type, as upstream's webhook-test does" },
      ...WEBHOOK_SETTINGS.filter(({ name }) => !OF_MANY_REQUESTS.has(name)),
    ],
    examples: [
      { line: "webhook-test ops", does: "see whether this webhook would get its events" },
      {
        line: "webhook-test https://ops.example.com/listen -t TOKEN --timeout 3s",
        does: "before it is registered",
      },
    ],
    load: () => import("../commands/webhook_test.ts"),
  },
  {
    name: "webhook-trust",
    section: "Webhooks",
    summary: "Take a self-signed certificate: show it, ask, and pin it",
    details:
      `Shows the certificate that the receiver presents, and whether it is trusted as it is. If it is
not, and you agree, its SHA-256 becomes the webhook's server-pin on every node: from then on this
certificate is taken, whatever name is in it, and no other. A certificate that is made for a CA, or
has expired, is never taken. What a private CA has signed is better trusted with --ca-file.`,
    operands: [WHICH],
    options: [
      { name: "yes", short: "y", help: "agree to what would be asked" },
      {
        name: "pin",
        value: "SHA256",
        help: "take it if this is its fingerprint, and do not ask",
      },
    ],
    examples: [
      { line: "webhook-trust ops", does: "see the certificate, compare it, and take it" },
      { line: "webhook-trust ops --pin AB:CD:...", does: "in a script that knows the fingerprint" },
    ],
    load: () => import("../commands/webhook_trust.ts"),
  },
  {
    name: "webhook-list",
    section: "Webhooks",
    summary: "List the webhooks and how each is doing",
    operands: [],
    options: [],
    examples: [{ line: "webhook-list", does: "see which webhook has events waiting" }],
    load: () => import("../commands/webhook_list.ts"),
  },
  {
    name: "webhook-show",
    section: "Webhooks",
    summary: "Show one webhook with its settings",
    details: `Settings that are as they are by default are left out; --json tells all of them.

With --explain it says whether the webhook would get an event, and what each of its settings
events, severity, volumes and fields says to that. The event is taken as if this node had received
it; nothing is posted. Ends with 0 either way.`,
    operands: [
      WHICH,
      {
        name: "KEY=VALUE",
        optional: true,
        repeatable: true,
        help: "with --explain: what the event says",
      },
    ],
    options: [
      { name: "explain", value: "EVENT", help: "say whether it would get this event, and why" },
    ],
    examples: [
      { line: "webhook-show ops", does: "see why it gets nothing" },
      {
        line: "webhook-show ops --explain BRICK_DISCONNECTED volume=gv1",
        does: "see whether it would be told of a brick that is down",
      },
    ],
    load: () => import("../commands/webhook_show.ts"),
  },
  {
    name: "webhook-secret",
    section: "Webhooks",
    summary: "Make a secret for --sign standard, or show a public key",
    details:
      `new makes a secret for Standard Webhooks of 32 random bytes; sender and receiver both have to know
it. With --asymmetric it is the key of one half, and what follows is the public key: the receiver
needs only that, and cannot sign with it. public shows the public key of a webhook.`,
    operands: [
      { name: "ACTION", choices: SECRET_ACTIONS, help: "new or public" },
      { name: "URL|NAME", optional: true, help: "whose public key, with public" },
    ],
    options: [
      { name: "asymmetric", help: "a private key (ed25519) instead of a shared secret" },
      {
        name: "output",
        value: "FILE",
        help: "write the secret to a new file that only its owner can read",
      },
    ],
    examples: [
      {
        line: "webhook-secret new --output /etc/glusterfs/ops.secret",
        does: "for --sign standard --secret-file /etc/glusterfs/ops.secret",
      },
      { line: "webhook-secret public ops", does: "see what its receiver has to know" },
    ],
    load: () => import("../commands/webhook_secret.ts"),
  },
  {
    name: "import-upstream",
    section: "Webhooks",
    summary: "Take over the webhooks and settings of gluster-eventsapi",
    details:
      `Reads webhooks.json and config.json as upstream's glustereventsd left them, and leaves them as
they are. What the registry has already stays as it is there, so a second run changes nothing. A
webhook with a secret signs with a JWT, as upstream means it.`,
    operands: [],
    options: [
      {
        name: "from",
        value: "DIR",
        help: "folder of the two files (default: events in glusterd's folder)",
      },
      { name: "dry-run", help: "show what would be taken over, and change nothing" },
    ],
    examples: [
      { line: "import-upstream --dry-run", does: "see first what it would take over" },
      { line: "import-upstream --from /root/backup/events", does: "from a copy" },
    ],
    load: () => import("../commands/import_upstream.ts"),
  },
];
