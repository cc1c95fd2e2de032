import { keysOfPath, maskPath } from "../../../src/registry/path_keys.ts";
import { assert, assertEquals } from "../../support/assert.ts";
import { type Random, withRandom } from "../../support/random.ts";

const DIGITS = [..."0123456789"];
const LOWER = [..."abcdefghijklmnopqrstuvwxyz"];
const UPPER = LOWER.map((letter) => letter.toUpperCase());
const BASE64URL = [...LOWER, ...UPPER, ...DIGITS, "-", "_"];
const HEX = [..."0123456789abcdef"];
/** The alphabet of the ids of Mattermost. */
const MATTERMOST = [..."ybndrfg8ejkmcpqxot1uwisza345h769"];

const of = (letters: readonly string[], length: number) => (random: Random) =>
  Array.from({ length }, () => random.pick(letters)).join("");

/** Keys, and how many of a hundred may pass for words by chance. */
const KEYS: readonly (readonly [what: string, make: (random: Random) => string, most: number])[] = [
  ["a token of Slack", of([...LOWER, ...UPPER, ...DIGITS], 24), 1],
  ["an id of Mattermost", of(MATTERMOST, 26), 1],
  ["a token of Discord", of(BASE64URL, 68), 0],
  ["32 hex digits", of(HEX, 32), 0],
  ["64 hex digits", of(HEX, 64), 0],
  ["32 upper-case hex digits", (random) => of(HEX, 32)(random).toUpperCase(), 0],
  ["base64 with its padding", (random) => `${of([...BASE64URL, "+"], 43)(random)}=`, 0],
  ["base64 that is encoded", (random) => `${of([...BASE64URL, "+"], 43)(random)}%3D`, 0],
  ["a UUID", uuid, 0],
  ["two UUIDs of Teams", (random) => `${uuid(random)}@${uuid(random)}`, 0],
  ["a bot of Telegram", (random) => `bot${of(DIGITS, 9)(random)}:${of(BASE64URL, 35)(random)}`, 0],
];

function uuid(random: Random): string {
  return [8, 4, 4, 4, 12].map((length) => of(HEX, length)(random)).join("-");
}

for (const [what, make, most] of KEYS) {
  Deno.test(`${what} in a path is taken for a key`, async () => {
    await withRandom((random) => {
      const made = Array.from({ length: 100 }, () => make(random));
      const shown = made.filter((key) => maskPath(`/services/${key}/x`) !== "/services/***/x");
      assert(shown.length <= most, shown.join(" "));
    });
  });
}

for (
  const path of [
    "",
    "/",
    "/gluster-events",
    "/api/v2/alerts",
    "/listen",
    "//listen/",
    "/hooks/storage-team-notifications",
    "/v1/webhooks/production-cluster-2",
    "/services/T0123ABCD/B0123ABCD",
    "/alertmanager-webhook-receiver/v1alpha1-notifications",
    "/incomingWebhookReceiver/GlusterEventsForStorageTeam",
    "/GLUSTER_EVENTS_PRODUCTION_2026",
    "/storageteamnotifications",
    "/2026-11-26T03-00-00Z/1795330857000",
    "/datacenter-frankfurt-rack12-u07/node-01.eu-west-1b",
    "/%C3%BCberwachung-der-speicher/%D1%83%D0%B2%D0%B5%D0%B4%D0%BE%D0%BC%D0%BB%D0%B5%D0%BD%D0%B8%D1%8F",
    "/100%-of-the-events",
  ]
) {
  Deno.test(`the path ${JSON.stringify(path)} has no key`, () => {
    assertEquals(maskPath(path), path);
    assertEquals(keysOfPath(path), []);
  });
}

Deno.test("the keys of a path are those that it has, as they are written", () => {
  const [first, second] = ["a8Xk2Lm9QwErTy3U%3D", "b7Yk2Lm9QwErTy3U"];
  assertEquals(keysOfPath(`/services/${first}/to/${second}`), [first, second]);
});
