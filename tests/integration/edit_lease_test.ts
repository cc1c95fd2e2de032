import { EditLease } from "../../src/cluster/edit_lease.ts";
import { RegistryAccessError } from "../../src/registry/errors.ts";
import { assertEquals, assertRejects, assertStringIncludes } from "../support/assert.ts";
import { makeTempFolder, type TempFolder } from "../support/temp_folder.ts";

const GRANTED = { granted: true };
const A = { token: "a", node: "node-1" };
const B = { token: "b", node: "node-2" };
const C = { token: "c", node: "node-3" };

/** A lease, at a time that a test sets. */
function leaseIn({ path }: TempFolder): { lease: EditLease; clock: { nowMs: number } } {
  const clock = { nowMs: 1_000_000 };
  return { lease: new EditLease(`${path}/events/webhooks.toml`, () => clock.nowMs), clock };
}

Deno.test("a lease goes to one at a time, and to whoever has it again", async () => {
  await using folder = await makeTempFolder();
  const { lease } = leaseIn(folder);
  assertEquals(await lease.acquire(A), GRANTED);
  assertEquals(await lease.acquire(B), { granted: false, holder: "node-1" });
  assertEquals(await lease.acquire(A), GRANTED);
  await lease.release("a");
  assertEquals(await lease.acquire(B), GRANTED);
});

Deno.test("whoever was refused gets it next, even before who had it", async () => {
  await using folder = await makeTempFolder();
  const { lease } = leaseIn(folder);
  await lease.acquire(B);
  assertEquals(await lease.acquire(A), { granted: false, holder: "node-2" });
  await lease.release("b");
  assertEquals(await lease.acquire({ ...B, token: "b2" }), { granted: false, holder: "node-1" });
  assertEquals(await lease.acquire(A), GRANTED);
});

Deno.test("of two that were refused the one with the lower node goes first", async () => {
  for (const order of [[A, C], [C, A]] as const) {
    await using folder = await makeTempFolder();
    const { lease } = leaseIn(folder);
    await lease.acquire(B);
    for (const asker of order) await lease.acquire(asker);
    await lease.release("b");
    assertEquals(await lease.acquire(C), { granted: false, holder: "node-1" });
    assertEquals(await lease.acquire(A), GRANTED);
  }
});

Deno.test("what a killed command had, and what it waited for, is free after a while", async () => {
  await using folder = await makeTempFolder();
  const { lease, clock } = leaseIn(folder);
  await lease.acquire(A);
  clock.nowMs += 44_000;
  assertEquals(await lease.acquire(B), { granted: false, holder: "node-1" });
  clock.nowMs += 2000;
  assertEquals(await lease.acquire(C), { granted: false, holder: "node-2" });
  clock.nowMs += 9000;
  assertEquals(await lease.acquire(C), GRANTED);
});

Deno.test("what others on a node have is void if nobody there is at it", async () => {
  await using folder = await makeTempFolder();
  const { lease } = leaseIn(folder);
  const again = { ...A, token: "a2" };
  await lease.acquire(A);
  assertEquals(await lease.acquire(again), { granted: false, holder: "node-1" });
  assertEquals(await lease.acquire(again, { isAlone: true }), GRANTED);
  assertEquals(await lease.acquire(B, { isAlone: true }), { granted: false, holder: "node-1" });
});

Deno.test("a clock that was set back does not keep a lease for longer", async () => {
  await using folder = await makeTempFolder();
  const { lease, clock } = leaseIn(folder);
  await lease.acquire(A);
  clock.nowMs -= 100_000;
  assertEquals(await lease.acquire(B), GRANTED);
});

Deno.test("a lease that was half written is free", async () => {
  await using folder = await makeTempFolder();
  const { lease } = leaseIn(folder);
  await lease.acquire(A);
  await Deno.writeTextFile(`${folder.path}/events/.webhooks.toml.lease`, '{"held":{"tok');
  assertEquals(await lease.acquire(B), GRANTED);
});

Deno.test("giving back what somebody else has changes nothing", async () => {
  await using folder = await makeTempFolder();
  const { lease } = leaseIn(folder);
  await lease.acquire(A);
  await lease.release("b");
  assertEquals(await lease.acquire(B), { granted: false, holder: "node-1" });
});

Deno.test("a lease that is damaged is free", async () => {
  await using folder = await makeTempFolder();
  const { lease } = leaseIn(folder);
  await lease.acquire(A);
  for (
    const text of ["null", "1", "[]", '"x"', '{"held":{"token":"x"}}', '{"held":null}', "\u0000"]
  ) {
    await Deno.writeTextFile(`${folder.path}/events/.webhooks.toml.lease`, text);
    assertEquals(await lease.acquire(B), GRANTED, text);
    assertEquals(await lease.holder("b"), undefined, text);
  }
});

Deno.test("giving back a lease where there never was one makes nothing", async () => {
  await using folder = await makeTempFolder();
  const { lease } = leaseIn(folder);
  await lease.release("a");
  assertEquals(await Array.fromAsync(Deno.readDir(folder.path)), []);
});

Deno.test("a lease that cannot be written says which file and why", async () => {
  await using folder = await makeTempFolder();
  const { lease } = leaseIn(folder);
  await Deno.mkdir(`${folder.path}/events/.webhooks.toml.lease`, { recursive: true });
  const error = await assertRejects(() => lease.acquire(A), RegistryAccessError, "Is a directory");
  assertStringIncludes(error.message, ".webhooks.toml.lease");
});

Deno.test("giving back a lease needs no room on the disk", async () => {
  await using folder = await makeTempFolder();
  const { lease } = leaseIn(folder);
  await lease.acquire(A);
  await lease.release("a");
  assertEquals(await Deno.readTextFile(`${folder.path}/events/.webhooks.toml.lease`), "");
  assertEquals(await lease.acquire(B), GRANTED);
});
