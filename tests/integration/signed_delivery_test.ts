/**
 * Tokens at a receiver that verifies them with code of its own.
 */
import { ControlClient } from "../../src/api/control_client.ts";
import { systemClock } from "../../src/dispatcher/clock.ts";
import { assert, assertEquals, assertRejects } from "../support/assert.ts";
import { Receiver } from "../support/receiver.ts";
import { makeTempFolder } from "../support/temp_folder.ts";
import { QUICK_RETRY, startOf, TestDaemon } from "../support/test_daemon.ts";
import { verifyJwt } from "../support/verify_jwt.ts";

const SECRET = "gluster Größe";
const HOUR_MS = 3_600_000;

Deno.test("every attempt carries a token of its own that the receiver can verify", async () => {
  await using folder = await makeTempFolder();
  let aheadMs = 0;
  const clock = { ...systemClock, now: () => Date.now() + aheadMs };
  const startedSeconds = Math.floor(Date.now() / 1000);
  await using receiver = new Receiver({
    answer: ({ headers }, number) => {
      aheadMs += HOUR_MS;
      const token = headers.get("authorization");
      return new Response(`you sent ${token}, made with ${SECRET}`, {
        status: number === 1 ? 503 : 200,
      });
    },
  });
  await using daemon = new TestDaemon(folder.path, { clock });
  await daemon.start();
  const settings = { ...QUICK_RETRY, "secret": SECRET, "bearer-token": "t0ken" };
  await daemon.register(receiver.url, settings);
  await daemon.send(startOf("gv1"));
  await daemon.delivers(1);
  const headers = receiver.requests.map((request) => request.headers.get("authorization"));
  assertEquals(headers.length, 2, Deno.inspect(receiver.requests));
  const claims = await Promise.all(headers.map((header) => verifyJwt(header, SECRET)));
  for (const { iat, iss, sub } of claims) {
    assertEquals([iat, iss, sub], [receiver.events[0]?.ts, "gluster", "VOLUME_START"]);
  }
  const [first = 0, second = 0] = claims.map(({ exp }) => exp);
  const nowSeconds = Math.ceil(Date.now() / 1000);
  assert(first >= startedSeconds + 60 && first <= nowSeconds + 60, `${first} of ${nowSeconds}`);
  assert(second >= first + 3600, "the second one is valid from the second attempt on");
  await assertRejects(() => verifyJwt(headers[0] ?? null, "another"), Error, "another secret");

  const attempts = await new ControlClient(daemon.socket).attempts({ limit: 10 });
  assertEquals(attempts[0]?.answer, "you sent Bearer ***, made with ***", Deno.inspect(attempts));
  const shown = JSON.stringify([daemon.log, daemon.daemon.status(), attempts]);
  for (const secret of [SECRET, "t0ken", ...headers]) {
    assert(!shown.includes(secret ?? "-"), `${secret} in: ${shown}`);
  }
});

Deno.test("a token for several events names the first", async () => {
  await using folder = await makeTempFolder();
  let isReady = false;
  await using receiver = new Receiver({
    answer: () => new Response(null, { status: isReady ? 200 : 503 }),
  });
  await using daemon = new TestDaemon(folder.path);
  await daemon.start();
  await daemon.register(receiver.url, { ...QUICK_RETRY, secret: SECRET, batch: 10 });
  await daemon.send(startOf("gv1"), "1795333035 1 name=gv2");
  await daemon.reports("both are in", ({ events }) => events.received === 2);
  isReady = true;
  await daemon.delivers(2);
  for (const { headers, body } of receiver.requests) {
    const { sub, iat } = await verifyJwt(headers.get("authorization"), SECRET);
    const [first] = JSON.parse(body);
    assertEquals([sub, iat], [first.event, first.ts]);
  }
});
