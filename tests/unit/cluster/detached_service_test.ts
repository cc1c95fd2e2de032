import { controlService } from "../../../src/cluster/find_service.ts";
import { ServiceError } from "../../../src/cluster/service.ts";
import { assertEquals, assertRejects } from "../../support/assert.ts";
import { pretendNode } from "./service_bench.ts";

const STARTED = ["run --log-file /var/log/x.log --socket /run/x.sock"];

Deno.test("without systemd a start makes a process with a log file, once", async () => {
  const { deps, calls } = pretendNode();
  assertEquals(await controlService("start", deps), { changed: true, detail: "started" });
  assertEquals(await controlService("start", deps), {
    changed: false,
    detail: "was running already",
  });
  assertEquals(calls, STARTED);
});

Deno.test("a stop waits until the socket is free, and a second one has nothing to do", async () => {
  const { deps, node } = pretendNode({ isAnswering: true, isHeld: true });
  assertEquals(await controlService("stop", deps), { changed: true, detail: "stopped" });
  assertEquals(node.isHeld, false);
  assertEquals(await controlService("stop", deps), {
    changed: false,
    detail: "was stopped already",
  });
});

Deno.test("a restart ends what runs and starts it, or just starts it", async () => {
  const { deps, calls } = pretendNode({ isAnswering: true, isHeld: true });
  assertEquals((await controlService("restart", deps)).detail, "restarted");
  await controlService("stop", deps);
  assertEquals((await controlService("restart", deps)).detail, "started");
  assertEquals(calls, [...STARTED, ...STARTED]);
});

Deno.test("a daemon that ends while it starts is told of with its last log line", async () => {
  const { deps } = pretendNode({ fate: "ends", log: ["an old line"] });
  const error = await assertRejects(() => controlService("start", deps), ServiceError);
  assertEquals(
    error.message,
    "The daemon ended with 1 while it started: cannot start: the port is taken",
  );
});

Deno.test("a daemon that does not answer within 15 s is a failure", async () => {
  const { deps } = pretendNode({ fate: "hangs" });
  await assertRejects(() => controlService("start", deps), ServiceError, "within 15 s");
});

Deno.test("a daemon that does not end within 15 s is a failure", async () => {
  const { deps } = pretendNode({ isAnswering: true, isHeld: true, obeys: false });
  const error = await assertRejects(() => controlService("stop", deps), ServiceError);
  assertEquals(error.message.includes("still runs after 15 s"), true, error.message);
});

Deno.test("a start without an installed program says how to install it", async () => {
  const { deps } = pretendNode({ isInstalled: false });
  const error = await assertRejects(() => controlService("start", deps), ServiceError);
  assertEquals(error.hint, "install it on this node: gluster-eventing install");
});
