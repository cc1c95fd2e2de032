import { EVENT_TYPES } from "../../../src/event/catalog.ts";
import {
  type EventFilterText,
  InvalidFilterError,
  matchesEvent,
  parseEventFilter,
} from "../../../src/event/event_filter.ts";
import { assertEquals, assertThrows } from "../../support/assert.ts";

const NAMES = EVENT_TYPES.map(({ name }) => name);

/** The names in the catalog that match. */
function matched(text: EventFilterText): string[] {
  const filter = parseEventFilter(text);
  return NAMES.filter((name) => matchesEvent(filter, name));
}

function namesOf(isWanted: (type: typeof EVENT_TYPES[number]) => boolean): string[] {
  return EVENT_TYPES.filter(isWanted).map(({ name }) => name);
}

Deno.test("a filter that says nothing takes every event, also unknown ones", () => {
  for (const text of [{}, { events: [] }, { severity: "info" }, { events: ["*"] }]) {
    assertEquals(matched(text), NAMES);
    for (const name of ["UNKNOWN_999", "UNKNOWN_-1", "EVENTING_GAP"]) {
      assertEquals(matchesEvent(parseEventFilter(text), name), true, name);
    }
  }
});

const CASES: readonly (readonly [
  says: string,
  events: readonly string[],
  isWanted: (type: typeof EVENT_TYPES[number]) => boolean,
])[] = [
  ["a plain name takes this event", ["VOLUME_SET"], ({ name }) => name === "VOLUME_SET"],
  ["names may be in lower case", ["volume_set"], ({ name }) => name === "VOLUME_SET"],
  ["a star at the end", ["volume_*"], ({ name }) => name.startsWith("VOLUME_")],
  ["a star in front", ["*_FAILED"], ({ name }) => name.endsWith("_FAILED")],
  ["a star in the middle", ["GEOREP_*_SET"], ({ name }) => name === "GEOREP_CONFIG_SET"],
  ["stars around", ["*SCRUB*"], ({ name }) => name.includes("SCRUB")],
  ["stars in a row", ["**SCRUB**"], ({ name }) => name.includes("SCRUB")],
  ["a star may stand for nothing", ["VOLUME_SET*"], ({ name }) => name === "VOLUME_SET"],
  ["a group", ["group:BRICK"], ({ group }) => group === "BRICK"],
  ["a group in lower case", ["Group:brick"], ({ group }) => group === "BRICK"],
  [
    "either of two",
    ["group:BRICK", "VOLUME_SET"],
    ({ name, group }) => group === "BRICK" || name === "VOLUME_SET",
  ],
  ["all but one", ["!VOLUME_SET"], ({ name }) => name !== "VOLUME_SET"],
  [
    "all but a group and a star",
    ["!group:BRICK", "!VOLUME_*"],
    ({ name, group }) => group !== "BRICK" && !name.startsWith("VOLUME_"),
  ],
  [
    "what is taken away stays away, also if it is asked for before or behind",
    ["!VOLUME_SET", "VOLUME_*", "VOLUME_SET"],
    ({ name }) => name.startsWith("VOLUME_") && name !== "VOLUME_SET",
  ],
];

for (const [says, events, isWanted] of CASES) {
  Deno.test(`a filter of names: ${says}`, () => {
    assertEquals(matched({ events }), namesOf(isWanted));
  });
}

Deno.test("a severity takes this one and worse, together with the patterns", () => {
  assertEquals(
    matched({ severity: "ALERT" }),
    namesOf(({ severity }) => severity === "alert" || severity === "critical"),
  );
  assertEquals(
    matched({ severity: "critical", events: ["group:AFR"] }),
    namesOf(({ severity, group }) => severity === "critical" && group === "AFR"),
  );
});

Deno.test("an event that the catalog does not know is a warning of the group UNKNOWN", () => {
  const takes = (text: EventFilterText, name: string) => matchesEvent(parseEventFilter(text), name);
  assertEquals(takes({ severity: "warning" }, "UNKNOWN_150"), true);
  assertEquals(takes({ severity: "alert" }, "UNKNOWN_150"), false);
  assertEquals(takes({ events: ["group:unknown"] }, "UNKNOWN_150"), true);
  assertEquals(takes({ events: ["!group:UNKNOWN"] }, "UNKNOWN_150"), false);
  assertEquals(takes({ events: ["UNKNOWN_*"] }, "UNKNOWN_150"), true);
  assertEquals(takes({ events: ["UNKNOWN_15"] }, "UNKNOWN_150"), false);
  assertEquals(takes({ events: ["UNKNOWN_150"] }, "UNKNOWN_150"), true);
  assertEquals(takes({ events: ["VOLUME_*"] }, "UNKNOWN_150"), false);
  assertEquals(takes({ events: ["eventing_gap"] }, "EVENTING_GAP"), true);
});

Deno.test("a pattern is good if any event could ever match it", () => {
  const good = [
    "UNKNOWN_7",
    "UNKNOWN_-7",
    "unknown_1*",
    "*_12",
    "*1*2*",
    "U*5",
    "EVENTING_*",
    "*P",
  ];
  for (const pattern of good) parseEventFilter({ events: [pattern, `!${pattern}`] });
});

const WRONG: readonly (readonly [text: EventFilterText, message: string, hint: string])[] = [
  [{ events: ["VOLUM_SET"] }, 'No event matches "VOLUM_SET"', "did you mean: VOLUME_SET"],
  [{ events: ["!VOLUM_SET"] }, 'No event matches "!VOLUM_SET"', "did you mean: !VOLUME_SET"],
  [{ events: ["VOLUM_*"] }, 'No event matches "VOLUM_*"', "did you mean: VOLUME_*"],
  [{ events: ["brick"] }, 'No event matches "brick"', "did you mean: group:BRICK"],
  [{ events: ["zzzzzz"] }, '"zzzzzz"', "see them: gluster-eventing event-types"],
  [{ events: [""] }, 'No event matches ""', "event-types"],
  [{ events: ["!"] }, 'No event matches "!"', "event-types"],
  [{ events: ["!!VOLUME_SET"] }, '"!!VOLUME_SET"', "VOLUME_SET"],
  [{ events: ["VOLUME_.*"] }, '"VOLUME_.*"', ""],
  [{ events: ["VOLUME_SET,VOLUME_RESET"] }, "VOLUME_SET,VOLUME_RESET", ""],
  [{ events: ["UNKNOWN_x*"] }, "UNKNOWN_x*", ""],
  [{ events: ["UNKNOWN_1*_"] }, "UNKNOWN_1*_", ""],
  [{ events: ["*--1"] }, "*--1", ""],
  [{ events: ["group:BRICKS"] }, "there is no such group", "did you mean: group:BRICK"],
  [{ events: ["!group:BRICKS"] }, "there is no such group", "did you mean: !group:BRICK"],
  [{ events: ["group:zzzzzz"] }, "there is no such group", "there are: PEER, VOLUME, BRICK, "],
  [{ events: ["group:*"] }, "there is no such group", "there are: "],
  [{ severity: "warnin" }, 'There is no severity "warnin"', "did you mean: warning"],
  [{ severity: "" }, 'There is no severity ""', "there are: info, warning, alert, critical"],
];

for (const [text, message, hint] of WRONG) {
  Deno.test(`a filter with ${JSON.stringify(text)} is refused`, () => {
    const error = assertThrows(() => parseEventFilter(text), InvalidFilterError, message);
    assertEquals(error.hint.includes(hint), true, error.hint);
  });
}
