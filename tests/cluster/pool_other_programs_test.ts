import { assert, assertEquals, assertMatch } from "../support/assert.ts";
import { testNeeding } from "../support/requirements.ts";
import {
  inShort,
  POOL_NEEDS,
  registryText,
  report,
  startDaemon,
  startDaemons,
  tell,
  tellAll,
  untilInForce,
  untilSame,
} from "./eventing_pool.ts";
import { onCluster } from "./gluster_cluster.ts";

const URL = "http://10.77.0.1:9/hook";

/** What an older or broken program says when it is asked, and what the row then says of it. */
const OTHERS: readonly (readonly [string, string, RegExp])[] = [
  ["answers nothing", "exit 0", /^gl3 UP NOT OK: it gave no answer$/],
  ["prints garbage", "echo 'Traceback: x'; printf '\\377\\n'; exit 0", /^gl3 UP NOT OK: ./],
  [
    "answers only in part",
    `uuid=$(sed -n s/^UUID=//p /var/lib/glusterd/glusterd.info)
echo "gluster-eventing $uuid 1/2 eyJvayI6"`,
    /^gl3 UP NOT OK: its answer cannot be read: 1 of 2 pieces came$/,
  ],
  [
    "answers what is no answer",
    `uuid=$(sed -n s/^UUID=//p /var/lib/glusterd/glusterd.info)
echo "gluster-eventing $uuid 1/1 $(printf null | base64)"`,
    /^gl3 UP NOT OK: ./,
  ],
  ["fails", "echo broken >&2; exit 3", /^gl3 UP NOT OK: ./],
];

/** What a program of another version that does not know the action answers. */
const UNKNOWN_ACTION = `shift 3
exec /usr/sbin/gluster-eventing node - /var/lib/glusterd other-"$@"`;

function assertNoTraceback(said: string): void {
  assert(!/Unexpected|^ +at |Traceback/m.test(said), said);
}

testNeeding(POOL_NEEDS, "a node without the program keeps nobody else back", async (context) => {
  await onCluster(3, async ({ nodes }) => {
    const [one, two, three] = nodes;
    assert(one !== undefined && two !== undefined && three !== undefined);
    await startDaemons(one, two);
    const rows = [
      "gl2 UP NOT OK: glusterd asks no node while gluster-eventing is missing on gl3",
      "gl3 UP NOT OK: gluster-eventing is not installed there",
      "localhost UP OK",
    ];

    await context.step(
      "a command says what to do, and gl2 has the change all the same",
      async () => {
        const { code, stdout, stderr } = await one.eventing("webhook-add", URL, "--name", "ops");
        assertEquals(code, 4, stdout + stderr);
        assertMatch(
          stdout,
          /^hint \(gl3\): run on it: gluster-eventing install$/m,
        );
        assertNoTraceback(stdout + stderr);
        const begunMs = performance.now();
        await untilSame("gl2 has taken what was offered", [one, two]);
        report("gl2 has the change after", begunMs);
        await untilInForce(two, 1);
        assertEquals(await registryText(three), "");
      },
    );

    await context.step("all commands for the pool say so", async () => {
      for (const line of ["webhook-mod ops --timeout 7s", "config-set timeout 9s", "sync"]) {
        const told = await tell(one, ...line.split(" "));
        assertEquals([told.code, told.rows], [4, rows], told.said);
      }
      for (const line of ["status", "reload"]) {
        const told = await tell(one, ...line.split(" "));
        assertEquals([told.code, told.rows], [4, rows], told.said);
      }
      await untilSame("gl2 has both changes", [one, two], ({ generation }) => generation === 3);
    });

    await context.step("once it has the program, its daemon catches up", async () => {
      await three.installByHand();
      const begunMs = performance.now();
      await startDaemon(three);
      await untilSame("gl3 has the registry", nodes, ({ generation }) => generation === 3);
      report("gl3 has the registry after", begunMs);
      await untilInForce(three, 3);
      await tellAll(one, "webhook-mod", "ops", "--timeout", "8s");
    });

    for (const [what, script, row] of OTHERS) {
      await context.step(`a program that ${what} breaks nothing`, async () => {
        await three.installPeerCommand("gluster-eventing.new", `#!/bin/sh\n${script}\n`);
        await three.must(
          "sh",
          "-c",
          "cd /usr/lib*/*/glusterfs && mv peer_gluster-eventing.new " +
            "peer_gluster-eventing",
        );
        const { generation } = inShort(await registryText(one));
        const told = await tell(one, "config-set", "timeout", `${generation + 10}s`);
        assertEquals(told.code, 4, told.said);
        assertMatch(told.rows.find((line) => line.startsWith("gl3")) ?? "", row, told.said);
        assertNoTraceback(told.said);
        // What its daemon is offered it takes whatever its peer command says.
        await untilSame("all have it", nodes, (registry) => registry.generation > generation);
        const status = await tell(one, "status");
        assertMatch(status.rows.find((line) => line.startsWith("gl3")) ?? "", row, status.said);
        assertEquals(status.code, 4, status.said);
        assertNoTraceback(status.said);
      });
    }

    await context.step("a program of another version is named as such", async () => {
      await three.must("sh", "-c", "rm /usr/lib*/*/glusterfs/peer_gluster-eventing");
      await three.installPeerCommand("gluster-eventing", `#!/bin/sh\n${UNKNOWN_ACTION}\n`);
      const told = await tell(one, "config-set", "timeout", "1m");
      assertEquals([told.code, told.rows], [4, [
        "gl2 UP OK",
        "gl3 UP NOT OK: its version, 0.1.0, cannot do that",
        "localhost UP OK",
      ]], told.said);
    });

    await context.step("the program is upgraded, and all is well", async () => {
      await three.must("sh", "-c", "rm /usr/lib*/*/glusterfs/peer_gluster-eventing");
      await three.installByHand();
      await tellAll(three, "webhook-del", "ops");
      await untilSame("all have it", nodes, ({ names }) => names.length === 0);
    });
  });
});
