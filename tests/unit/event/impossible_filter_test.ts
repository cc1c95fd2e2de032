import { findFilterFault } from "../../../src/event/impossible_filter.ts";
import type { WantedEvents } from "../../../src/event/webhook_filter.ts";
import { assertEquals } from "../../support/assert.ts";

function faultOf(parts: Partial<WantedEvents>): string {
  const fault = findFilterFault({ events: [], volumes: [], fields: [], ...parts });
  return fault === undefined ? "" : `${fault.setting} ${fault.reason}`;
}

const IMPOSSIBLE: readonly (readonly [Partial<WantedEvents>, fault: string])[] = [
  [{ events: ["VOLUME_SET", "!VOLUME_*"] }, 'events leave no event: those with "!" take away all'],
  [{ events: ["!*"] }, 'events leave no event: those with "!" take away all'],
  [
    { events: ["VOLUME_CREATE", "PEER_ATTACH"], severity: "warning" },
    "severity is warning, and none of the events is worse than info",
  ],
  [
    { events: ["UNKNOWN_142"], severity: "alert" },
    "severity is alert, and none of the events is worse than warning",
  ],
  [
    { events: ["group:UNKNOWN"], severity: "critical" },
    "severity is critical, and none of the events is worse than warning",
  ],
  [
    { events: ["group:PEER"], volumes: ["gv1"] },
    "volumes are named, and none of the events is about a volume",
  ],
  [
    { volumes: ["gv1", "home-*", "!gv*", "!home*"] },
    'volumes leave no volume: those with "!" take away all others',
  ],
  [
    { events: ["VOLUME_START"], fields: ["message.forse=true"] },
    "fields ask for message.forse=true, which holds for none of the events",
  ],
  [
    { severity: "alert", fields: ["host=gl1", "severity=info"] },
    "fields ask for severity=info, which holds for none of the events",
  ],
  [
    { events: ["VOLUME_*"], fields: ["event_group!=*"] },
    "fields ask for event_group!=*, which holds for none of the events",
  ],
];

for (const [parts, fault] of IMPOSSIBLE) {
  Deno.test(`a filter that lets nothing through: ${JSON.stringify(parts)}`, () => {
    assertEquals(faultOf(parts), fault);
  });
}

Deno.test("a filter that something could get through is not found fault with", () => {
  const possible: Partial<WantedEvents>[] = [
    {},
    { severity: "critical" },
    { events: ["!VOLUME_*"], severity: "critical" },
    { events: ["UNKNOWN_*"], severity: "warning" },
    { events: ["UNKNOWN_142"], volumes: ["gv1"], fields: ["message.new=x"] },
    { events: ["EVENTING_GAP"] },
    { events: ["EVENTING_*"], severity: "alert" },
    { events: ["VOLUME_START"], fields: ["message.force=true"] },
    { events: ["VOLUME_START"], fields: ["message.forse!=true"] },
    { events: ["CLIENT_CONNECT"], volumes: ["gv1"] },
    { events: ["AFR_*"], volumes: ["*", "!gv1"] },
    { events: ["PEER_*"], volumes: ["!gv1"] },
    { volumes: ["gv1", "!gv2", "!gv1?"] },
    // Nobody knows the fields of an event that no release sends.
    { events: ["VOLUME_ADD_BRICK_FAILED"], volumes: ["gv1"], fields: ["message.x=y"] },
    { fields: ["message.client-pid=-6", "severity=critical"] },
    { events: ["AFR_SPLIT_BRAIN"], fields: ["message.child-2=*"] },
    { events: ["GEOREP_FAULTY"], fields: ["message.master_volume=gv1"] },
    { events: ["VOLUME_SET"], fields: ["message.options.auth.allow=*"] },
  ];
  for (const parts of possible) assertEquals(faultOf(parts), "", JSON.stringify(parts));
});
