import { controlService } from "../../../src/cluster/find_service.ts";
import { ServiceError } from "../../../src/cluster/service.ts";
import { assertEquals, assertRejects } from "../../support/assert.ts";
import { pretendNode } from "./service_bench.ts";

const UNIT = "gluster-eventing.service";

/** The calls that change something. */
function changes(calls: readonly string[]): string[] {
  return calls.filter((call) => !/^(show|is-)/.test(call));
}

Deno.test("with systemd a start enables the unit too, and a stop disables it", async () => {
  const { deps, calls, node } = pretendNode({ hasSystemd: true });
  assertEquals(await controlService("start", deps), { changed: true, detail: "started" });
  assertEquals([node.isActive, node.isEnabled], [true, true]);
  assertEquals((await controlService("start", deps)).changed, false);
  assertEquals(await controlService("stop", deps), { changed: true, detail: "stopped" });
  assertEquals((await controlService("stop", deps)).changed, false);
  assertEquals(changes(calls), [`enable --now ${UNIT}`, `disable --now ${UNIT}`]);
});

Deno.test("a unit that runs but is not enabled is enabled", async () => {
  const { deps, node } = pretendNode({
    hasSystemd: true,
    isActive: true,
    isAnswering: true,
    isHeld: true,
  });
  const { changed, detail } = await controlService("start", deps);
  assertEquals([changed, detail], [true, "was running already, and now starts at boot too"]);
  assertEquals(node.isEnabled, true);
});

Deno.test("without the unit it says how to install it, and changes nothing", async () => {
  for (const action of ["start", "stop", "restart"] as const) {
    const { deps, calls } = pretendNode({ hasSystemd: true, unit: "not-found" });
    const error = await assertRejects(() => controlService(action, deps), ServiceError);
    assertEquals(error.hint, "install it: gluster-eventing install");
    assertEquals(changes(calls), []);
  }
});

Deno.test("a masked unit is named as such", async () => {
  const { deps } = pretendNode({ hasSystemd: true, unit: "masked" });
  await assertRejects(() => controlService("start", deps), ServiceError, "is masked");
});

Deno.test("a unit that systemd starts but that ends is a failure", async () => {
  const { deps } = pretendNode({ hasSystemd: true, fate: "ends" });
  await assertRejects(() => controlService("start", deps), ServiceError, "but it ended");
});

Deno.test("a daemon that somebody started by hand stands in the way of start, not of stop", async () => {
  const { deps, calls } = pretendNode({ hasSystemd: true, isAnswering: true, isHeld: true });
  const error = await assertRejects(() => controlService("start", deps), ServiceError);
  assertEquals(error.hint, "end it first: gluster-eventing stop");
  assertEquals(await controlService("stop", deps), { changed: true, detail: "stopped" });
  assertEquals(changes(calls), []);
});

Deno.test("systemd without systemctl is told of", async () => {
  const { deps } = pretendNode({ hasSystemd: true });
  const without = { ...deps, systemctl: () => Promise.resolve(undefined) };
  await assertRejects(() => controlService("start", without), ServiceError, "systemctl");
});
