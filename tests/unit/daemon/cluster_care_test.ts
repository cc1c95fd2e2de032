import { type ClusterAnswer, NoClusterError } from "../../../src/api/cluster_answer.ts";
import type { GlusterCommand, GlusterResult } from "../../../src/cluster/gluster_command.ts";
import { ClusterCare } from "../../../src/daemon/cluster_care.ts";
import { assertEquals, assertMatch, assertRejects } from "../../support/assert.ts";
import { readGlusterXml } from "../../support/gluster_xml.ts";
import { ManualClock, settle } from "../../support/manual_clock.ts";

const FILES = {
  "pool list": await readGlusterXml("pool"),
  "volume info": await readGlusterXml("volume_info"),
  "volume status": await readGlusterXml("volume_status"),
};
const KILLED = await readGlusterXml("volume_status_brick_killed");

const PAYLOAD = {
  nodeid: "a3d1d261-4795-4990-a0e2-38cc50ab43aa",
  ts: 1795330857,
  id: "01KAPC6Q0R5T5CZ3X6M1000001",
  event_group: "BRICK",
  severity: "critical",
  host: "gl2",
} as const;

/** A care with a glusterd that answers what the test wants. */
function makeCare({ readingMs = 0 } = {}) {
  const clock = new ManualClock();
  const glusterd = { answers: { ...FILES }, asked: 0, atOnce: 0, mostAtOnce: 0, down: false };
  const answer: GlusterCommand = async ([one = "", two = ""]) => {
    const question = `${one} ${two}`;
    if (question === "volume status") {
      glusterd.asked++;
      glusterd.mostAtOnce = Math.max(glusterd.mostAtOnce, ++glusterd.atOnce);
    }
    await Promise.resolve();
    if (question === "volume status") glusterd.atOnce--;
    const stdout = Object.entries(glusterd.answers).find(([key]) => key === question)?.[1] ?? "";
    if (glusterd.down) return { code: 1, stdout: "Connection failed. Please check", stderr: "" };
    return { code: 0, stdout, stderr: "" };
  };
  let gluster = answer;
  const care = new ClusterCare({
    gluster: (args) => gluster(args),
    hostname: () => {
      // Asked for in the middle of reading.
      clock.advance(readingMs);
      return "gl1";
    },
    clock,
  });
  const answerWith = (result: GlusterResult | undefined | Promise<GlusterResult>) => {
    gluster = () => Promise.resolve(result);
  };
  const answerAgain = () => gluster = answer;
  return { care, clock, glusterd, answerWith, answerAgain };
}

Deno.test("glusterd is asked once, and not again as long as nothing happens", async () => {
  const { care, clock, glusterd } = makeCare();
  const [first, second] = await Promise.all([care.answer(), care.answer()]);
  assertEquals(first, second);
  assertEquals([first.confirmed, first.problem, first.volumes.length], [true, null, 3]);
  clock.advance(290_000);
  assertEquals(await care.answer(), first);
  assertEquals(glusterd.asked, 1);
  clock.advance(10_000);
  await care.answer();
  assertEquals([glusterd.asked, glusterd.mostAtOnce], [2, 1]);
});

Deno.test("nobody asks glusterd while nobody wants to see it, whatever happens", () => {
  const { care, clock, glusterd } = makeCare();
  care.noteEvent("BRICK_DISCONNECTED");
  clock.advance(1_000_000);
  assertEquals(glusterd.asked, 0);
});

Deno.test("after an event it is asked at once, and what has changed is named", async () => {
  const { care, clock, glusterd } = makeCare();
  await care.answer();
  clock.advance(5000);
  glusterd.answers["volume status"] = KILLED;
  care.noteEvent("TEST");
  assertEquals((await care.answer()).last_change, null);
  care.noteEvent("BRICK_DISCONNECTED");
  const { last_change, confirmed, refreshed_at } = await care.answer();
  assertEquals([last_change?.name, confirmed], ["gl2:/bricks/r2", true]);
  assertEquals(last_change?.changed_at, refreshed_at);
  assertEquals(glusterd.asked, 2);
});

Deno.test("it is asked at most once a second, and until then it is said that more is known", async () => {
  const { care, clock, glusterd } = makeCare();
  await care.answer();
  glusterd.answers["volume status"] = KILLED;
  for (let each = 0; each < 20; each++) {
    care.noteEvent("BRICK_DISCONNECTED");
    await care.answer();
    clock.advance(100);
  }
  assertEquals(glusterd.asked, 2);
  assertEquals((await care.answer()).confirmed, true);
  care.noteEvent("BRICK_DISCONNECTED");
  assertEquals((await care.answer()).confirmed, false);
});

Deno.test("a cluster so large that reading of it takes long is asked for less often", async () => {
  const { care, clock, glusterd } = makeCare({ readingMs: 300 });
  await care.answer();
  glusterd.answers["volume status"] = KILLED;
  care.noteEvent("BRICK_DISCONNECTED");
  clock.advance(2600);
  assertEquals([(await care.answer()).confirmed, glusterd.asked], [false, 1]);
  clock.advance(100);
  assertEquals([(await care.answer()).confirmed, glusterd.asked], [true, 2]);
});

Deno.test("while somebody works on volumes it waits for a second of quiet", async () => {
  const { care, clock, glusterd } = makeCare();
  await care.answer();
  clock.advance(5000);
  for (const event of ["VOLUME_CREATE", "VOLUME_START", "VOLUME_SET"]) {
    care.noteEvent(event);
    clock.advance(900);
    assertEquals((await care.answer()).confirmed, false);
  }
  assertEquals(glusterd.asked, 1);
  clock.advance(100);
  assertEquals((await care.answer()).confirmed, true);
  assertEquals(glusterd.asked, 2);
});

Deno.test("what an event says is shown at once, and confirmed by glusterd", async () => {
  const { care, clock, glusterd } = makeCare();
  await care.answer();
  clock.advance(500);
  glusterd.answers["volume status"] = KILLED;
  const message = { peer: "gl2", volume: "rep", brick: "/bricks/r2" };
  const payload = { ...PAYLOAD, event: "BRICK_DISCONNECTED", message };
  care.noteEvent("BRICK_DISCONNECTED", () => payload);
  const brick = async () => {
    const { volumes, confirmed, last_change } = await care.answer();
    const rep = volumes.find(({ name }) => name === "rep");
    const found = rep?.bricks.find(({ name }) => name === "gl2:/bricks/r2");
    return [found?.state, rep?.health, last_change?.name, confirmed, glusterd.asked];
  };
  assertEquals(await brick(), ["down", "degraded", "gl2:/bricks/r2", false, 1]);
  clock.advance(500);
  // Who asks does not wait for glusterd, nor until its commands have been started.
  assertEquals(await brick(), ["down", "degraded", "gl2:/bricks/r2", false, 1]);
  clock.advance(100);
  await settle();
  assertEquals(await brick(), ["down", "degraded", "gl2:/bricks/r2", true, 2]);
});

Deno.test("who waits for glusterd is told at once what an event says meanwhile", async () => {
  const { care, clock, answerWith } = makeCare();
  await care.answer();
  clock.advance(5000);
  const glusterd = Promise.withResolvers<GlusterResult>();
  answerWith(glusterd.promise);
  care.noteEvent("AFR_SUBVOL_UP");
  let isAnswered = false;
  const answering = care.answer().then((answer) => {
    isAnswered = true;
    return answer;
  });
  await settle();
  assertEquals(isAnswered, false);
  const message = { peer: "gl2", volume: "rep", brick: "/bricks/r2" };
  care.noteEvent(
    "BRICK_DISCONNECTED",
    () => ({ ...PAYLOAD, event: "BRICK_DISCONNECTED", message }),
  );
  await settle();
  assertEquals(isAnswered, true);
  assertEquals((await answering).last_change?.name, "gl2:/bricks/r2");
  glusterd.resolve({ code: 0, stdout: "", stderr: "" });
  await settle();
});

Deno.test("an answer that glusterd began before an event does not take back what the event said", async () => {
  const { care, clock, glusterd } = makeCare();
  await care.answer();
  clock.advance(5000);
  care.noteEvent("BRICK_CONNECTED");
  const asking = care.answer();
  const message = { peer: "gl2", volume: "rep", brick: "/bricks/r2" };
  const payload = { ...PAYLOAD, event: "BRICK_DISCONNECTED", message };
  care.noteEvent("BRICK_DISCONNECTED", () => payload);
  const healthOf = ({ volumes }: ClusterAnswer) =>
    volumes.find(({ name }) => name === "rep")?.health;
  assertEquals([healthOf(await asking), glusterd.asked], ["degraded", 2]);
  glusterd.answers["volume status"] = KILLED;
  clock.advance(1000);
  await care.answer();
  clock.advance(100);
  await settle();
  const last = await care.answer();
  assertEquals([healthOf(last), last.confirmed, glusterd.asked], ["degraded", true, 3]);
});

Deno.test("who asks does not wait for a glusterd that is busy with something long", async () => {
  const { care, clock, answerWith } = makeCare();
  await care.answer();
  const hung = Promise.withResolvers<GlusterResult>();
  answerWith(hung.promise);
  care.noteEvent("BRICK_CONNECTED");
  clock.advance(1000);
  const { confirmed, volumes } = await care.answer();
  assertEquals([confirmed, volumes.length], [false, 3]);
  hung.resolve({ code: 1, stdout: "", stderr: "" });
  await settle();
});

Deno.test("what happens while it is asked may be missing from its answer", async () => {
  const { care, clock, glusterd } = makeCare();
  const asking = care.answer();
  care.noteEvent("PEER_DISCONNECT");
  assertEquals((await asking).confirmed, false);
  clock.advance(1000);
  assertEquals((await care.answer()).confirmed, true);
  assertEquals(glusterd.asked, 2);
});

Deno.test("when glusterd cannot tell, the last picture stays, with the reason", async () => {
  const { care, clock, glusterd } = makeCare();
  const first = await care.answer();
  glusterd.down = true;
  care.noteEvent("PEER_DISCONNECT");
  clock.advance(1000);
  const { problem, confirmed, refreshed_at, volumes } = await care.answer();
  assertEquals([problem, confirmed], ["glusterd on this node is not running", false]);
  assertEquals([refreshed_at, volumes], [first.refreshed_at, first.volumes]);
  glusterd.down = false;
  clock.advance(1000);
  assertEquals((await care.answer()).problem, null);
});

Deno.test("a volume that is locked is told of, and asked for again", async () => {
  const { care, clock, glusterd } = makeCare();
  await care.answer();
  const whole = FILES["volume status"];
  const start = whole.indexOf("<volume>", whole.indexOf("<volume>") + 1);
  const cut = whole.slice(0, start) + whole.slice(whole.indexOf("</volumes>"));
  glusterd.answers["volume status"] = cut;
  care.noteEvent("BRICK_CONNECTED");
  clock.advance(1000);
  const { problem, volumes } = await care.answer();
  assertMatch(problem ?? "", /^glusterd was busy with rep: /);
  assertEquals(volumes.find(({ name }) => name === "rep")?.health, "ok");
  glusterd.answers["volume status"] = whole;
  clock.advance(1000);
  assertEquals((await care.answer()).problem, null);
});

Deno.test("every way in which glusterd fails is a reason and no error", async () => {
  const busy = "Another transaction is in progress for rep. Please try again after some time.";
  const failures: readonly (readonly [Partial<GlusterResult>, RegExp])[] = [
    [{ code: 1, stderr: busy }, /busy with another command/],
    [{ code: 124, timedOut: true }, /did not answer in time/],
    [{ code: 0, stdout: "hello" }, /cannot be read/],
    [{ code: 0, stdout: "<cliOutput><opRet>-1</opRet></cliOutput>" }, /says that it failed/],
  ];
  for (const [result, reason] of failures) {
    const { care, answerWith } = makeCare();
    answerWith({ code: 0, stdout: "", stderr: "", ...result });
    const { problem, refreshed_at, peers } = await care.answer();
    assertMatch(problem ?? "", reason);
    assertEquals([refreshed_at, peers], [null, []]);
  }
});

Deno.test("without a gluster command there is no cluster", async () => {
  const { care, answerWith } = makeCare();
  answerWith(undefined);
  const error = await assertRejects(() => care.answer(), NoClusterError);
  assertMatch(error.hint, /glusterfs-server/);
});

Deno.test("once there is a gluster command, the cluster is there at once", async () => {
  const { care, clock, answerWith, answerAgain } = makeCare();
  answerWith(undefined);
  await assertRejects(() => care.answer(), NoClusterError);
  clock.advance(1000);
  answerAgain();
  assertEquals((await care.answer()).volumes.length, 3);
});

Deno.test("a command that cannot be run for a moment takes no picture away", async () => {
  const { care, clock, answerWith, answerAgain } = makeCare();
  const first = await care.answer();
  answerWith(undefined);
  care.noteEvent("PEER_CONNECT");
  clock.advance(1000);
  const { problem, confirmed, volumes } = await care.answer();
  assertEquals([problem, confirmed], ["the gluster command cannot be run", false]);
  assertEquals(volumes, first.volumes);
  answerAgain();
  clock.advance(1000);
  assertEquals((await care.answer()).problem, null);
});

Deno.test("a list of the pool that is cut short or garbage lets no peer leave", async () => {
  for (const list of ["", "garbage", FILES["pool list"].slice(0, 600)]) {
    const { care, clock, glusterd } = makeCare();
    const first = await care.answer();
    glusterd.answers["pool list"] = list;
    care.noteEvent("PEER_CONNECT");
    clock.advance(1000);
    const { problem, peers, last_change } = await care.answer();
    assertEquals([problem, last_change], ["glusterd: its answer cannot be read", null], list);
    assertEquals(peers, first.peers);
  }
});
