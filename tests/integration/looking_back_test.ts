/**
 * The commands that look back, against a control socket that answers what a test wants.
 *
 * @module
 */
import { UnservedWebhookError } from "../../src/api/control_handlers.ts";
import type { HistoryQuery, ReplayReport, ReplayRequest } from "../../src/api/spool_reports.ts";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "../support/assert.ts";
import { type FakeDaemon, historyEvent, runHere, serveFake } from "../support/fake_daemon.ts";
import { makeTempFolder } from "../support/temp_folder.ts";

const NOTE = "note: this acts on this node only (--local leaves out this note)\n";

/** A daemon that notes every question and has nothing to tell. */
async function serveNothing(asked: unknown[]): Promise<FakeDaemon> {
  const nothing = (query: unknown) => {
    asked.push(query);
    return Promise.resolve([]);
  };
  return await serveFake({ history: nothing, attempts: nothing, deadLetters: nothing });
}

/** A daemon that notes every replay and reports this of it. */
async function serveReplay(
  report: Partial<ReplayReport>,
  asked: ReplayRequest[] = [],
): Promise<FakeDaemon> {
  return await serveFake({
    replay: (request) => {
      asked.push(request);
      return Promise.resolve({
        webhook: "ops",
        dry_run: request.dry_run ?? false,
        events: 0,
        dead_letters: 0,
        waiting: 0,
        unknown_ids: [],
        sample: [],
        ...report,
      });
    },
  });
}

Deno.test("options become the question to the daemon", async () => {
  const asked: unknown[] = [];
  await using daemon = await serveNothing(asked);
  const selection = [
    ...["--id", "A", "--id", "B", "--events", "VOLUME_*, !VOLUME_SET", "--events=EVENTING_GAP"],
    ...["--group", "brick", "--severity", "alert", "--limit", "5"],
    ...["--since", "2026-11-23T03:00:00Z", "--until", "2026-11-23T05:00:00+01:00"],
  ];
  for (const command of ["history", "attempts ops --failed", "dead-letters http://a/?b=c"]) {
    const { code, stderr } = await daemon.run(...command.split(" "), ...selection);
    assertEquals([code, stderr], [0, NOTE], command);
  }
  const query = {
    ids: ["A", "B"],
    events: ["VOLUME_*", "!VOLUME_SET", "EVENTING_GAP", "group:brick"],
    severity: "alert",
    since: "2026-11-23T03:00:00.000Z",
    until: "2026-11-23T04:00:00.000Z",
    limit: 6,
  };
  assertEquals(asked, [
    query,
    { ...query, webhook: "ops", failed: true },
    { ...query, webhook: "http://a/?b=c" },
  ]);
});

Deno.test("without options all is meant, up to the newest hundred", async () => {
  const asked: unknown[] = [];
  await using daemon = await serveNothing(asked);
  const commands = [["history", "events"], ["attempts", "attempts"], [
    "dead-letters",
    "dead letters",
  ]];
  for (const [command = "", what] of commands) {
    const { code, stdout, stderr } = await daemon.run(command, "--local");
    assertEquals([code, stdout, stderr], [0, `No ${what}.\n`, ""]);
    const json = await daemon.run(command, "--json");
    assertEquals([json.code, json.stdout, json.stderr], [0, '{"output":[],"error":""}\n', ""]);
  }
  assertEquals(asked, Array(6).fill({ limit: 101 }));
});

Deno.test("a duration reaches back from now", async () => {
  const asked: HistoryQuery[] = [];
  await using daemon = await serveNothing(asked);
  const before = Date.now();
  await daemon.run("history", "--since", "2h");
  const sinceMs = Date.parse(asked[0]?.since ?? "") + 2 * 3_600_000;
  assert(sinceMs >= before && sinceMs <= Date.now(), asked[0]?.since);
});

Deno.test("the newest events are shown oldest first, with a note if there are more", async () => {
  const events = Array.from({ length: 30 }, (_, number) => historyEvent(number));
  await using daemon = await serveFake({
    history: ({ limit }) => Promise.resolve(events.slice(-limit)),
  });
  const ids = (text: string) =>
    [...text.matchAll(/01KAPC6Q0R5T5CZ3X6M10+(\d+)/g)].map(([, id]) => id);
  const more = "note: these are the newest 3; for more of them: --limit 30\n";
  const three = await daemon.run("history", "--limit", "3", "--local");
  assertEquals([three.code, ids(three.stdout), three.stderr], [0, ["27", "28", "29"], more]);
  const json = await daemon.run("history", "--limit", "3", "--json");
  assertEquals(JSON.parse(json.stdout), { output: events.slice(-3), error: "" });
  assertEquals(json.stderr, more);
  const all = await daemon.run("history", "--limit", "30", "--local");
  assertEquals([ids(all.stdout).length, all.stderr], [30, ""]);
});

Deno.test("a hundred thousand events are shown, and not said to be all", async () => {
  const events = Array.from({ length: 100_000 }, (_, number) => historyEvent(number));
  const asked: HistoryQuery[] = [];
  await using daemon = await serveFake({
    history: (query) => {
      asked.push(query);
      return Promise.resolve(events);
    },
  });
  const { code, stdout, stderr } = await daemon.run("history", "--limit", "100000", "--local");
  assertEquals([code, stdout.split("\n").length], [0, 100_002], stderr);
  assertEquals(asked, [{ limit: 100_000 }]);
  assertStringIncludes(stderr, "there may be older ones: use --until");
});

Deno.test("attempts and dead letters are shown as the daemon tells them", async () => {
  const event = historyEvent(1);
  const at = event.received_at;
  const attempt = {
    at,
    webhook: "ops",
    id: event.id,
    event: event.event,
    events: 3,
    status: 400,
    error: null,
    result: "400 Bad Request",
    duration_ms: 7,
    answer: "what?",
    outcome: "dead",
    next_attempt_at: null,
  } as const;
  const letter = { ...event, webhook: "ops", given_up_at: at, reason: "400 Bad Request" };
  await using daemon = await serveFake({
    attempts: () => Promise.resolve([attempt]),
    deadLetters: () => Promise.resolve([letter]),
  });
  const { stdout: attempts } = await daemon.run("attempts", "ops");
  assertMatch(attempts, /ops +VOLUME_START \+2 +\S+ +400 Bad Request +7 +dead letter +what\?\n$/);
  const { stdout: letters } = await daemon.run("dead-letters");
  assertMatch(
    letters,
    /400 Bad Request +name=gv1 force=false\n\nPost .* replay ops --dead-letters/,
  );
  for (const [command, row] of [["attempts", attempt], ["dead-letters", letter]] as const) {
    const { stdout } = await daemon.run(command, "--json");
    assertEquals(JSON.parse(stdout), { output: [row], error: "" });
  }
});

Deno.test("a command that makes no sense asks nothing and says what would", async () => {
  await using daemon = await serveFake({});
  const cases: [string, RegExp][] = [
    ["history --limit 0", /--limit cannot be "0"\nhint: .* from 1 to 100000/],
    ["history --limit 100001", /--limit cannot be/],
    ["history --limit x", /--limit cannot be "x"/],
    ["history --since soon", /--since cannot be "soon"\nhint: .*2h/],
    ["history --since 1h --until 2h", /--until 2h is not later than --since 1h/],
    ["history --events VOLUM_SET", /"VOLUM_SET"\nhint: did you mean: VOLUME_SET/],
    ["history --events VOLUME_SET,", /No event matches ""/],
    ["history --group BRIK", /"group:BRIK".*\nhint: did you mean: group:BRICK/],
    ["history --severity bad", /no severity "bad"\nhint: there are: info, /],
    ["history --id=", /--id is empty/],
    ["history ops", /takes no operands/],
    ["replay", /replay needs WEBHOOK/],
    ["replay ops", /does not post everything again.*\nhint: .*--dead-letters .*--since/],
    ["replay ops --dry-run", /does not post everything again/],
    ["replay ops --limit 5 --since 1h", /no option "--limit"/],
  ];
  for (const [command, wanted] of cases) {
    const { code, stdout, stderr } = await daemon.run(...command.split(" "));
    assertEquals([code, stdout], [64, ""], `${command}: ${stderr}`);
    assertMatch(stderr, /^error: .+\nhint: .+\n$/, command);
    assertMatch(stderr, wanted, command);
  }
});

Deno.test("a webhook that the daemon does not know ends a command with its code", async () => {
  const unserved = () => {
    throw new UnservedWebhookError('There is no webhook "opps"', "did you mean: ops");
  };
  await using daemon = await serveFake({
    attempts: unserved,
    deadLetters: unserved,
    replay: unserved,
  });
  for (const command of ["attempts opps", "dead-letters opps", "replay opps --dead-letters"]) {
    const { code, stderr } = await daemon.run(...command.split(" "), "--local");
    assertEquals(code, 6, command);
    assertEquals(stderr, 'error: There is no webhook "opps"\nhint: did you mean: ops\n', command);
  }
});

Deno.test("without a daemon there is nothing to look back at", async () => {
  await using folder = await makeTempFolder();
  const place = ["--local", "--socket", `${folder.path}/sock`];
  for (const command of ["history", "attempts", "dead-letters", "replay ops --since 1h"]) {
    const { code, stdout, stderr } = await runHere([...command.split(" "), ...place]);
    assertEquals([code, stdout], [69, ""], `${command}: ${stderr}`);
  }
});

Deno.test("a replay asks for what the options say", async () => {
  const asked: ReplayRequest[] = [];
  await using daemon = await serveReplay({ events: 1 }, asked);
  for (
    const options of ["--dead-letters", "--id A --id B", "--since 2026-11-23T03:00:00Z --dry-run"]
  ) {
    assertEquals((await daemon.run("replay", "ops", ...options.split(" "))).code, 0, options);
  }
  assertEquals(asked, [
    { webhook: "ops", dead_letters: true },
    { webhook: "ops", ids: ["A", "B"] },
    { webhook: "ops", since: "2026-11-23T03:00:00.000Z", dry_run: true },
  ]);
});

const REPLAYS: readonly (readonly [report: Partial<ReplayReport>, says: string])[] = [
  [{ events: 0 }, 'Nothing to post again to "ops".'],
  [
    { events: 0, waiting: 1 },
    'Nothing to post again to "ops"; 1 event left out, since it waits for it already.',
  ],
  [{ events: 1 }, '1 event is posted again to "ops".'],
  [
    { events: 1, dead_letters: 1 },
    '1 event (a dead letter) is posted again to "ops".',
  ],
  [
    { events: 2, dead_letters: 1 },
    '2 events (1 of them a dead letter) are posted again to "ops".',
  ],
  [
    { events: 12, dead_letters: 3, waiting: 2 },
    '12 events (3 of them dead letters) are posted again to "ops"; ' +
    "2 events left out, since they wait for it already.",
  ],
];

for (const [report, says] of REPLAYS) {
  Deno.test(`a replay says: ${says}`, async () => {
    await using daemon = await serveReplay({ ...report, sample: [historyEvent(1)] });
    const { code, stdout, stderr } = await daemon.run("replay", "ops", "--since", "2h");
    assertEquals([code, stdout, stderr], [0, `${says}\n`, NOTE]);
  });
}

Deno.test("a dry run says what would be posted, with the first and the last of them", async () => {
  const sample = [historyEvent(1), historyEvent(9)];
  await using daemon = await serveReplay({ events: 9, dead_letters: 2, sample });
  const { stdout } = await daemon.run("replay", "ops", "--dead-letters", "--dry-run");
  const [says, blank, heading, columns, ...rows] = stdout.trimEnd().split("\n");
  assertEquals(
    [says, blank, heading],
    [
      '9 events (2 of them dead letters) would be posted again to "ops".',
      "",
      "The first and the last of them:",
    ],
  );
  assertMatch(columns ?? "", /^TIME +EVENT +SEVERITY +ID +MESSAGE$/);
  assertEquals(rows.map((row) => row.split(/ +/)[4]), sample.map(({ id }) => id));
});

Deno.test("a dry run that shows all of its events does not speak of the first and last", async () => {
  await using daemon = await serveReplay({ events: 1, sample: [historyEvent(1)] });
  const { stdout } = await daemon.run("replay", "ops", "--dead-letters", "--dry-run");
  assertMatch(stdout, /^1 event would be posted again to "ops"\.\n\nTIME /);
});

Deno.test("a replay of unknown ids is none, and names some of them", async () => {
  const ids = ["A", "B", "C", "D", "E", "F", "G"];
  await using daemon = await serveReplay({ unknown_ids: ids });
  const { code, stdout, stderr } = await daemon.run("replay", "ops", "--id", "A", "--local");
  assertEquals([code, stdout], [1, ""]);
  assertStringIncludes(stderr, "error: Nothing is posted again: ");
  assertStringIncludes(stderr, "no event with the ids A, B, C, D, E and 2 more");
  assertStringIncludes(stderr, "hint: see the ids: gluster-eventing history");
});

Deno.test("the report of a replay is there as JSON", async () => {
  const report: ReplayReport = {
    webhook: "ops",
    dry_run: true,
    events: 3,
    dead_letters: 1,
    waiting: 2,
    unknown_ids: [],
    sample: [historyEvent(1)],
  };
  await using daemon = await serveReplay(report);
  const { stdout, stderr } = await daemon.run("replay", "ops", "--severity", "info", "--json");
  assertEquals([JSON.parse(stdout), stderr], [{ output: report, error: "" }, ""]);
});
