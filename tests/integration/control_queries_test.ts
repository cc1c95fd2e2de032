/**
 * The questions about the spool, over a real control socket.
 *
 * @module
 */
import {
  ControlClient,
  ControlRefusedError,
  WebhookRefusedError,
} from "../../src/api/control_client.ts";
import { UnservedWebhookError } from "../../src/api/control_handlers.ts";
import { serveUnix } from "../../src/std/http_server.ts";
import type {
  AttemptQuery,
  AttemptReport,
  DeadLetterQuery,
  DeadLetterReport,
  HistoryQuery,
  ReplayReport,
  ReplayRequest,
} from "../../src/api/spool_reports.ts";
import { SpoolError } from "../../src/spool/errors.ts";
import { assert, assertEquals, assertRejects } from "../support/assert.ts";
import { historyEvent, serveFake } from "../support/fake_daemon.ts";
import { makeTempFolder } from "../support/temp_folder.ts";

const SELECTION = {
  ids: ["01KAPC6Q0R5T5CZ3X6M1J3M4W7", "b"],
  events: ["VOLUME_*", "!VOLUME_SET"],
  severity: "warning",
  since: "2026-11-23T03:00:00.000Z",
  until: "2026-11-24T03:00:00.000Z",
};

const ATTEMPT: AttemptReport = {
  at: "2026-11-23T03:00:00.000Z",
  webhook: "ops",
  id: "01KAPC6Q0R5T5CZ3X6M1J3M4W7",
  event: "VOLUME_START",
  events: 1,
  status: 503,
  error: null,
  result: "503 Service Unavailable",
  duration_ms: 12.5,
  answer: 'try "later"\n',
  outcome: "retry",
  next_attempt_at: "2026-11-23T03:00:01.000Z",
};

const REPLAY: ReplayReport = {
  webhook: "ops",
  dry_run: false,
  events: 3,
  dead_letters: 1,
  waiting: 2,
  unknown_ids: [],
  sample: [historyEvent(1)],
};

/** Asks as somebody with curl would. */
async function ask(
  socket: string,
  path: string,
  body?: string,
): Promise<[number, { error?: string; hint?: string; ok?: boolean }]> {
  using client = Deno.createHttpClient({ proxy: { transport: "unix", path: socket } });
  const init = body === undefined ? {} : { method: "POST", body };
  const response = await fetch(`http://localhost${path}`, { client, ...init });
  return [response.status, await response.json()];
}

Deno.test("questions reach the daemon as they were asked, and answers come back whole", async () => {
  const asked: unknown[] = [];
  const letter: DeadLetterReport = {
    ...historyEvent(2),
    webhook: "ops",
    given_up_at: "2026-11-23T03:00:00.000Z",
    reason: "400 Bad Request",
  };
  const answered = <Query, Answer>(answer: Answer) => (query: Query) => {
    asked.push(query);
    return Promise.resolve(answer);
  };
  await using daemon = await serveFake({
    history: answered([historyEvent(1), historyEvent(2)]),
    attempts: answered([ATTEMPT]),
    deadLetters: answered([letter]),
    replay: answered(REPLAY),
    resume: answered({ webhook: "ops", resumed: true }),
  });
  const client = new ControlClient(daemon.socket);
  const history: HistoryQuery = { ...SELECTION, limit: 7 };
  const letters: DeadLetterQuery = { ...history, webhook: "https://ops.example.com/?a=b&c" };
  const attempts: AttemptQuery = { ...letters, failed: true };
  const replay: ReplayRequest = {
    ...SELECTION,
    webhook: "ops",
    dead_letters: true,
    dry_run: true,
  };
  assertEquals(await client.history(history), [historyEvent(1), historyEvent(2)]);
  assertEquals(await client.attempts(attempts), [ATTEMPT]);
  assertEquals(await client.deadLetters(letters), [letter]);
  assertEquals(await client.replay(replay), REPLAY);
  assertEquals(await client.resume("ops"), { webhook: "ops", resumed: true });
  assertEquals(asked, [history, attempts, letters, replay, "ops"]);
});

for (const count of [0, 1, 500, 501, 20_000]) {
  Deno.test(`a history of ${count} events arrives whole`, async () => {
    const events = Array.from({ length: count }, (_, number) => historyEvent(number));
    await using daemon = await serveFake({ history: () => Promise.resolve(events) });
    assertEquals(await new ControlClient(daemon.socket).history({ limit: 100_000 }), events);
  });
}

Deno.test("somebody who hangs up in the middle of an answer does no harm", async () => {
  const events = Array.from({ length: 100_000 }, (_, number) => historyEvent(number));
  await using daemon = await serveFake({ history: () => Promise.resolve(events) });
  using client = Deno.createHttpClient({ proxy: { transport: "unix", path: daemon.socket } });
  const response = await fetch("http://localhost/v1/history", { client });
  const reader = response.body?.getReader();
  assert((await reader?.read())?.value !== undefined, "Nothing of the answer came");
  await reader?.cancel();
  assertEquals(await ask(daemon.socket, "/healthz"), [200, { ok: true }]);
});

Deno.test("a question that makes no sense is answered with 400 and a hint", async () => {
  await using daemon = await serveFake({});
  const get = (query: string) => ask(daemon.socket, `/v1/history?${query}`);
  const post = (path: string, body: string) => ask(daemon.socket, path, body);
  const answers = [
    await get("limit=0"),
    await get("limt=1"),
    await get("since=yesterday"),
    await get("events=VOLUM_SET"),
    await ask(daemon.socket, "/v1/attempts?failed=1"),
    await ask(daemon.socket, "/v1/dead-letters?failed=true"),
    await post("/v1/replay", ""),
    await post("/v1/replay", "{"),
    await post("/v1/replay", "[]"),
    await post("/v1/replay", '{"webhook": "ops"}'),
    await post("/v1/replay", '{"webhook": "ops", "dead_letters": false, "dry_run": true}'),
    await post("/v1/resume", "{}"),
  ];
  for (const [status, { error, hint }] of answers) {
    assertEquals([status, typeof error, typeof hint], [400, "string", "string"], error);
  }
});

Deno.test("each question has its method", async () => {
  await using daemon = await serveFake({});
  assertEquals((await ask(daemon.socket, "/v1/replay"))[0], 405);
  assertEquals((await ask(daemon.socket, "/v1/resume"))[0], 405);
  assertEquals((await ask(daemon.socket, "/v1/history", "{}"))[0], 405);
  assertEquals((await ask(daemon.socket, "/constructor"))[0], 404);
});

Deno.test("what the daemon finds fault with comes back in its own words", async () => {
  await using daemon = await serveFake({});
  const client = new ControlClient(daemon.socket);
  const error = await assertRejects(
    () => client.history({ events: ["VOLUM_SET"], limit: 1 }),
    ControlRefusedError,
  );
  assertEquals(error.message, 'No event matches "VOLUM_SET"');
  assertEquals(error.hint, "did you mean: VOLUME_SET");
});

Deno.test("a webhook that the daemon does not know is an error of its own", async () => {
  const unserved = () => {
    throw new UnservedWebhookError('There is no webhook "opps"', "did you mean: ops");
  };
  await using daemon = await serveFake({ attempts: unserved, replay: unserved, resume: unserved });
  const client = new ControlClient(daemon.socket);
  const questions = [
    () => client.attempts({ webhook: "opps", limit: 1 }),
    () => client.replay({ webhook: "opps", dead_letters: true }),
    () => client.resume("opps"),
  ];
  for (const question of questions) {
    const { message, hint } = await assertRejects(question, WebhookRefusedError);
    assertEquals([message, hint], ['There is no webhook "opps"', "did you mean: ops"]);
  }
});

Deno.test("what fails in the daemon is told with its hint, or with the log", async () => {
  await using daemon = await serveFake({
    history: () => Promise.reject(new SpoolError("Cannot read the spool", "free space")),
    attempts: () => Promise.reject(new TypeError("boom")),
  });
  const client = new ControlClient(daemon.socket);
  const spool = await assertRejects(() => client.history({ limit: 1 }), ControlRefusedError);
  assertEquals(
    [spool.message, spool.hint],
    [`The daemon on ${daemon.socket} cannot answer: Cannot read the spool`, "free space"],
  );
  const other = await assertRejects(() => client.attempts({ limit: 1 }), ControlRefusedError);
  assertEquals(
    [other.message, other.hint],
    [`The daemon on ${daemon.socket} cannot answer: boom`, "see what its log says"],
  );
});

Deno.test("a daemon that does not know the question is of another version", async () => {
  await using folder = await makeTempFolder();
  const socket = `${folder.path}/sock`;
  const server = serveUnix(
    socket,
    () => Response.json({ error: "There is nothing at /v1/history" }, { status: 404 }),
  );
  try {
    const error = await assertRejects(
      () => new ControlClient(socket).history({ limit: 1 }),
      ControlRefusedError,
      "cannot answer: There is nothing at /v1/history",
    );
    assertEquals(error.hint, "it is of another version than this command: restart it");
  } finally {
    await server.stop(1000);
  }
});

Deno.test("a question that is too long for HTTP is refused before it is asked", async () => {
  await using daemon = await serveFake({ history: () => Promise.resolve([]) });
  const ids = Array.from({ length: 20_000 }, (_, number) => historyEvent(number).id);
  await assertRejects(
    () => new ControlClient(daemon.socket).history({ ids, limit: 1 }),
    ControlRefusedError,
    "at most 60000 can be asked",
  );
  assertEquals(
    await new ControlClient(daemon.socket).history({ ids: ids.slice(0, 1900), limit: 1 }),
    [],
  );
});
