import type { WebhookStatus } from "../../../src/api/status_report.ts";
import { renderRemarks, renderWebhooks } from "../../../src/cli/webhook_rows.ts";
import { assertEquals } from "../../support/assert.ts";

const FINE: WebhookStatus = {
  name: "ops",
  url: "http://ops.example.com/",
  state: "waiting",
  matched: 10,
  delivered: 4,
  pending: 3,
  dead: 2,
  dropped: 1,
  filtered: 0,
  oldest_pending_seconds: 90,
  failure: null,
  pause: null,
  replayed: 5,
  replaying: 0,
  certificate_expires_at: null,
  client_certificate_expires_at: null,
  ca_expires_at: null,
};

Deno.test("webhooks are shown with what was dropped", () => {
  assertEquals(renderWebhooks([FINE]), [
    "NAME  URL                      STATE    DELIVERED  PENDING  DEAD  DROPPED  OLDEST",
    "ops   http://ops.example.com/  waiting          4        3     2        1     90s",
  ]);
});

Deno.test("what filters leave out is shown where there is any", () => {
  const rows = [FINE, { ...FINE, name: "alerts", url: "http://a/", filtered: 41_000 }];
  assertEquals(renderWebhooks(rows), [
    "NAME    URL                      STATE    DELIVERED  PENDING  DEAD  DROPPED  FILTERED  OLDEST",
    "ops     http://ops.example.com/  waiting          4        3     2        1         0     90s",
    "alerts  http://a/                waiting          4        3     2        1     41000     90s",
  ]);
});

Deno.test("there is nothing to remark on webhooks that do well", () => {
  assertEquals(renderRemarks([FINE]), []);
});

Deno.test("pauses, failures and replays are remarked", () => {
  const failure = {
    since: "2026-11-23T03:00:00.000Z",
    attempts: 2,
    reason: "503 Service Unavailable",
    next_attempt_at: "2026-11-23T03:01:00.000Z",
  };
  const gone = { since: "2026-11-23T03:00:00.000Z", reason: "410 Gone" };
  const byHand = { since: null, reason: "the registry says so" };
  assertEquals(
    renderRemarks([
      { ...FINE, failure, replaying: 12 },
      { ...FINE, name: "mon", state: "paused", pause: gone },
      { ...FINE, name: "log", state: "paused", pause: byHand, replaying: 1 },
    ]),
    [
      "mon: paused since 2026-11-23T03:00:00.000Z: 410 Gone; " +
      "go on with: gluster-eventing webhook-resume mon",
      "log: paused: the registry says so; go on with: gluster-eventing webhook-resume log",
      "ops: fails since 2026-11-23T03:00:00.000Z (2 attempts): 503 Service Unavailable; " +
      "next attempt 2026-11-23T03:01:00.000Z",
      "ops: 12 replayed events wait",
      "log: 1 replayed event waits",
    ],
  );
});

Deno.test("a daemon of an older version that tells of no pauses is shown all the same", () => {
  const { pause: _pause, replaying: _replaying, ...older } = FINE;
  assertEquals(renderRemarks([older as WebhookStatus]), []);
});

Deno.test("certificates that expire within 30 days are remarked, each in its own words", () => {
  const nowMs = Date.parse("2026-11-26T12:00:00Z");
  const remark = (times: Partial<WebhookStatus>) => renderRemarks([{ ...FINE, ...times }], nowMs);
  assertEquals(remark({ certificate_expires_at: "2026-12-08T13:00:00.000Z" }), [
    "ops: the receiver's certificate expires in 12 days (2026-12-08)",
  ]);
  assertEquals(remark({ certificate_expires_at: "2026-12-26T12:00:00.001Z" }), []);
  assertEquals(
    remark({
      certificate_expires_at: "2026-11-26T11:59:59.000Z",
      client_certificate_expires_at: "2026-11-27T12:00:00.000Z",
      ca_expires_at: "2026-11-26T13:00:00.000Z",
    }),
    [
      "ops: the receiver's certificate has expired (2026-11-26)",
      "ops: the certificate in cert-file expires in 1 day (2026-11-27)",
      "ops: the certificates in ca-file expire within a day (2026-11-26)",
    ],
  );
});
