import { LONGEST_SESSION_MS, Sessions, UNUSED_SESSION_MS } from "../../../src/api/sessions.ts";
import { assert, assertEquals, assertMatch } from "../../support/assert.ts";

const TOKEN = "0123456789abcdef";

function makeSessions(most?: number) {
  const time = { nowMs: 0 };
  const steadyNow = () => time.nowMs;
  const sessions = new Sessions({ steadyNow, ...(most === undefined ? {} : { most }) });
  return { time, sessions, isOpen: (id: string) => sessions.use([id], TOKEN) !== undefined };
}

Deno.test("a session is known by its id, which nobody can guess", () => {
  const { sessions, isOpen } = makeSessions();
  const ids = Array.from({ length: 8 }, () => sessions.open(TOKEN));
  assertEquals(new Set(ids).size, 8);
  for (const id of ids) {
    assertMatch(id, /^[A-Za-z0-9_-]{43}$/);
    assertEquals([isOpen(id), isOpen(id.slice(1)), isOpen(`${id}=`)], [true, false, false]);
  }
  assertEquals(["", "undefined", TOKEN].map(isOpen), [false, false, false]);
});

Deno.test("a session ends when nobody uses it, and after half a day whoever uses it", () => {
  const { time, sessions, isOpen } = makeSessions();
  const unused = sessions.open(TOKEN);
  time.nowMs = UNUSED_SESSION_MS;
  assertEquals(isOpen(unused), false);
  const used = sessions.open(TOKEN);
  const endMs = UNUSED_SESSION_MS + LONGEST_SESSION_MS;
  for (time.nowMs += 1000; time.nowMs < endMs; time.nowMs += UNUSED_SESSION_MS - 1) {
    assertEquals(isOpen(used), true, String(time.nowMs));
  }
  time.nowMs = endMs;
  assertEquals(isOpen(used), false);
});

Deno.test("a session ends when it is told to, and with its token; what it opened ends too", () => {
  const { sessions } = makeSessions();
  const [one, other] = [sessions.open(TOKEN), sessions.open(TOKEN)];
  const [first, second] = [sessions.use([one], TOKEN), sessions.use([other], TOKEN)];
  sessions.end(one);
  assertEquals([first?.ended.aborted, second?.ended.aborted], [true, false]);
  assertEquals(sessions.use([one], TOKEN), undefined);
  assertEquals(sessions.use([other], `${TOKEN}0`), undefined);
  assertEquals(second?.ended.aborted, true);
  // Not even the old token brings it back.
  assertEquals(sessions.use([other], TOKEN), undefined);
  const third = sessions.use([sessions.open(TOKEN)], TOKEN);
  sessions.endOld(null);
  assertEquals(third?.ended.aborted, true);
});

Deno.test("there are only so many sessions: the one that was used least recently gives way", () => {
  const { sessions, isOpen } = makeSessions(3);
  const ids = [sessions.open(TOKEN), sessions.open(TOKEN), sessions.open(TOKEN)];
  const [first = "", second = ""] = ids;
  assert(isOpen(first));
  const next = sessions.open(TOKEN);
  assertEquals([first, second, next].map(isOpen), [true, false, true]);
});

Deno.test("among many ids that are none the right one is found", () => {
  const { sessions, time } = makeSessions();
  const id = sessions.open(TOKEN);
  const madeUp = Array.from({ length: 300 }, (_, each) => String(each).padStart(43, "A"));
  assert(sessions.use(["", "short", ...madeUp, id], TOKEN) !== undefined);
  assertEquals(sessions.use(madeUp, TOKEN), undefined);
  time.nowMs += UNUSED_SESSION_MS;
  assertEquals(sessions.use([...madeUp, id], TOKEN), undefined);
});
