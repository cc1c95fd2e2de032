import { assert, assertEquals, assertMatch } from "../support/assert.ts";
import { testNeeding } from "../support/requirements.ts";
import {
  inShort,
  POOL_NEEDS,
  registryText,
  sameOn,
  startDaemons,
  tell,
  tellAll,
  untilInForce,
} from "./eventing_pool.ts";
import { onCluster } from "./gluster_cluster.ts";
import { SmallDisk } from "./small_disk.ts";

const URL = "http://10.77.0.1:9/hook";

testNeeding(POOL_NEEDS, "a full disk on one node costs only what is new there", async (context) => {
  await onCluster(3, async ({ nodes }) => {
    const [one, two, three] = nodes;
    assert(one !== undefined && two !== undefined && three !== undefined);
    const disk = await SmallDisk.mount(three, `${three.workdir}/events`, 131_072);
    await startDaemons(...nodes);
    await tellAll(one, "webhook-add", URL, "--name", "ops");
    await tellAll(two, "config-set", "timeout", "7s");
    const before = await sameOn(nodes);

    await disk.fill();
    for (const line of ["config-set timeout 8s", `webhook-add ${URL}2 --name second`, "sync"]) {
      await context.step(`while it is full: ${line}`, async () => {
        const told = await tell(one, ...line.split(" "));
        assertEquals(told.code, 4, told.said);
        const [second, third, here] = told.rows;
        assertEquals([second, here], ["gl2 UP OK", "localhost UP OK"], told.said);
        assertMatch(
          third ?? "",
          // What fails first depends on how full it is: the copy, or what keeps off other changes.
          /^gl3 UP NOT OK: .*(gl3.*Failed to write|No space left on device)/,
          told.said,
        );
        assert(!/Unexpected|^ +at /m.test(told.said), told.said);
        assertEquals(await registryText(three), before, "the old one is not whole");
        await sameOn([one, two]);
        await untilInForce(three, inShort(before).generation);
      });
    }
    await context.step("a change made on it is refused and made nowhere", async () => {
      const old = await sameOn([one, two]);
      const told = await tell(three, "config-set", "timeout", "9s");
      assertEquals(told.code, 1, told.said);
      assertMatch(told.error, /No space left|disk is full/, told.said);
      assert(!/Unexpected|^ +at /m.test(told.said), told.said);
      assertEquals(await sameOn([one, two]), old);
      assertEquals(await registryText(three), before);
    });

    await disk.free();
    await context.step("once there is room, sync brings it in step", async () => {
      await tellAll(one, "sync");
      const { generation, names } = inShort(await sameOn(nodes));
      assertEquals([generation, names], [4, ["ops", "second"]]);
      await untilInForce(three, generation);
    });
  });
});
