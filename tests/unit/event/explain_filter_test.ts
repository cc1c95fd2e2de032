import { explainWebhookFilter } from "../../../src/event/explain_filter.ts";
import { EVENT_TYPES } from "../../../src/event/catalog.ts";
import { toPayload } from "../../../src/event/event.ts";
import { compileWebhookFilter, type WantedEvents } from "../../../src/event/webhook_filter.ts";
import { assertEquals } from "../../support/assert.ts";
import { withRandom } from "../../support/random.ts";
import { payloadOf } from "./received_payload.ts";

function explain(parts: Partial<WantedEvents>, datagram: string): string[] {
  const wanted = { events: [], volumes: [], fields: [], ...parts };
  return explainWebhookFilter(wanted, payloadOf(datagram)).map(
    ({ setting, wanted, has, fits, reason }) =>
      `${setting} [${wanted}] [${has ?? ""}] ${fits ? "yes" : "no"}: ${reason}`,
  );
}

const SET = "1795333034 6 name=gv1;options=,auth.allow,10.0.0.1";
const START = "1795333034 3 name=gv1;force=1";
const PEER = "1795333034 70 host=gl2;uuid=x";

Deno.test("what is not set decides nothing", () => {
  assertEquals(explain({}, SET), []);
});

Deno.test("each setting says what it asks for, what the event has, and whether that fits", () => {
  const checks: [Partial<WantedEvents>, datagram: string, lines: string[]][] = [
    [{ events: ["VOLUME_*"] }, SET, ["events [VOLUME_*] [VOLUME_SET] yes: VOLUME_* fits it"]],
    [{ events: ["VOLUME_*", "!VOLUME_SET"] }, SET, [
      "events [VOLUME_*, !VOLUME_SET] [VOLUME_SET] no: !VOLUME_SET leaves it out",
    ]],
    [{ events: ["PEER_*"] }, SET, [
      "events [PEER_*] [VOLUME_SET] no: none of the patterns fits it",
    ]],
    [{ events: ["!PEER_*"] }, SET, ["events [!PEER_*] [VOLUME_SET] yes: nothing leaves it out"]],
    [{ severity: "alert" }, SET, [
      "severity [alert or worse] [info] no: info is milder than alert",
    ]],
    [{ severity: "info" }, SET, ["severity [info or worse] [info] yes: it is info"]],
    [{ severity: "warning" }, "1 80 volume=gv1", [
      "severity [warning or worse] [critical] yes: critical is worse than warning",
    ]],
    [{ volumes: ["gv*"] }, SET, ["volumes [gv*] [gv1] yes: gv* fits it"]],
    [{ volumes: ["gv*", "!gv1"] }, SET, ["volumes [gv*, !gv1] [gv1] no: !gv1 leaves it out"]],
    [{ volumes: ["gv2"] }, SET, ["volumes [gv2] [gv1] no: none of the patterns fits it"]],
    [{ volumes: ["!gv2"] }, SET, ["volumes [!gv2] [gv1] yes: nothing leaves it out"]],
    [{ volumes: ["*"] }, PEER, ["volumes [*] [] no: the event names no volume"]],
    [{ volumes: ["!*"] }, PEER, [
      "volumes [!*] [] yes: the event names no volume, and nothing leaves that out",
    ]],
    [{ fields: ["message.force=true", "message.force!=true"] }, START, [
      "fields [message.force=true] [true] yes: message.force is true",
      "fields [message.force!=true] [true] no: message.force is true",
    ]],
    [{ fields: ["message.force=false", "message.force!=false"] }, START, [
      "fields [message.force=false] [true] no: message.force is not false",
      "fields [message.force!=false] [true] yes: message.force is not false",
    ]],
    [{ fields: ["message.force=true", "message.force!=true"] }, PEER, [
      "fields [message.force=true] [] no: the event has no message.force",
      "fields [message.force!=true] [] yes: the event has no message.force",
    ]],
    [{ fields: ["message.options.auth.allow=", "host=GL1"] }, SET, [
      "fields [message.options.auth.allow=] [10.0.0.1] no: message.options.auth.allow is not empty",
      "fields [host=GL1] [gl1] yes: host is GL1",
    ]],
  ];
  for (const [parts, datagram, lines] of checks) assertEquals(explain(parts, datagram), lines);
});

Deno.test("what is explained is what the lanes do", () =>
  withRandom((random) => {
    const node = { id: "x", nodeId: "n1", host: "gl1", ts: 1 };
    for (let round = 0; round < 2000; round++) {
      const some = (list: readonly string[]) => random.shuffled(list).slice(0, random.below(3));
      const wanted: WantedEvents = {
        events: some(["VOLUME_*", "!VOLUME_SET", "group:BRICK", "!*_CONNECTED", "*_LOST"]),
        ...(random.chance(0.5) ? {} : { severity: random.pick(["info", "warning", "alert"]) }),
        volumes: some(["gv1", "g*", "!gv2", "!*"]),
        fields: some(["message.force=true", "message.force!=true", "host=gl2", "nodeid!=n2"]),
      };
      const { name, fields } = random.pick(EVENT_TYPES);
      const message = Object.fromEntries(
        fields.map(({ name }) => [name, random.pick<string | boolean>(["gv1", "gv2", true])]),
      );
      const payload = toPayload({ ...node, event: name, message });
      const isThrough =
        compileWebhookFilter(wanted)?.({ event: name, payload: JSON.stringify(payload) }) ?? true;
      const checks = explainWebhookFilter(wanted, payload);
      assertEquals(checks.every(({ fits }) => fits), isThrough, Deno.inspect({ wanted, payload }));
    }
  }));
