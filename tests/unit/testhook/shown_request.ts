import type { HookRequest } from "../../../src/testhook/hook_report.ts";

/** A request as the test hook keeps it, without events. */
export function shownRequest(number: number, body = ""): HookRequest {
  return {
    number,
    received_at: "2026-11-26T00:00:00.000Z",
    from: "127.0.0.1:1",
    path: "/",
    headers: {},
    body,
    body_bytes: body.length,
    status: 200,
    trouble: null,
    verdicts: [],
    events: [],
    event_count: 0,
    forwarded: null,
  };
}
