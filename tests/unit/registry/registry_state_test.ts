import { formatOffer, parseOffer } from "../../../src/registry/offer.ts";
import {
  ancestorsOf,
  checksumOf,
  growsOutOf,
  type RegistryState,
  supersedes,
  toState,
  withParent,
} from "../../../src/registry/registry_state.ts";
import { assert, assertEquals } from "../../support/assert.ts";
import { withRandom } from "../../support/random.ts";

const NO_FILE: RegistryState = { generation: 0, checksum: "", byHand: false };

function stateOf(generation: number, checksum: string, byHand = false): RegistryState {
  return { generation, checksum, byHand };
}

Deno.test("a file that a command wrote is known, also if writing it or the one before did not end", () => {
  const record = { generation: 5, checksums: ["new", "old"], confirmed: false, ancestors: [] };
  assertEquals(toState({ generation: 5, checksum: "new" }, record).byHand, false);
  assertEquals(toState({ generation: 4, checksum: "old" }, record).byHand, false);
});

Deno.test("a file that was written otherwise is by hand, unless its generation was raised", () => {
  const record = { generation: 5, checksums: ["new"], confirmed: true, ancestors: [] };
  assertEquals(toState({ generation: 5, checksum: "x" }, record).byHand, true);
  assertEquals(toState({ generation: 3, checksum: "x" }, record).byHand, true);
  assertEquals(toState({ generation: 6, checksum: "x" }, record).byHand, false);
  assertEquals(toState({ generation: 6, checksum: "x" }, undefined).byHand, true);
  assertEquals(toState(undefined, record), NO_FILE);
});

Deno.test("the higher generation takes the other's place, then the higher checksum", () => {
  assert(supersedes(stateOf(2, "a"), stateOf(1, "b")));
  assert(supersedes(stateOf(1, "b"), stateOf(1, "a")));
  assert(supersedes(stateOf(0, "a"), NO_FILE));
  assert(!supersedes(NO_FILE, stateOf(0, "a")));
  assert(!supersedes(stateOf(1, "a"), stateOf(1, "a")));
});

Deno.test("what was edited by hand takes no place, and leaves its own only to a later one", () => {
  const byHand = stateOf(2, "b", true);
  assert(!supersedes(byHand, stateOf(1, "a")));
  assert(!supersedes(byHand, NO_FILE));
  assert(!supersedes(stateOf(2, "c"), byHand));
  assert(supersedes(stateOf(3, "a"), byHand));
});

Deno.test("of any registries that no hand edited exactly one takes the place of all others", async () => {
  await withRandom((random) => {
    for (let round = 0; round < 300; round++) {
      const states = Array.from(
        { length: 1 + random.below(5) },
        () => random.chance(0.2) ? NO_FILE : stateOf(random.below(3), random.pick(["a", "b", "c"])),
      );
      const best = states.filter((one) => !states.some((other) => supersedes(other, one)));
      assertEquals(new Set(best.map(({ checksum }) => checksum)).size, 1, JSON.stringify(states));
    }
  });
});

Deno.test("an offer is what was offered, and any part of it is none", () => {
  const texts = ["", "generation = 1\n", "\ufeffx = 'äöü€😀'\r\n", "# offered by\n".repeat(3)];
  for (const [at, text] of texts.entries()) {
    const ancestors = Array.from({ length: at }, (_, number) => `abc${number}`);
    const offer = formatOffer({ text, ancestors });
    assertEquals(parseOffer(offer), { text, ancestors, checksum: checksumOf(text) });
    for (let length = 0; length < offer.length; length++) {
      assertEquals(parseOffer(offer.slice(0, length)), undefined);
    }
    assertEquals(parseOffer(`${offer}\n`), undefined);
    assertEquals(parseOffer(`${"\u0000".repeat(20)}${offer.slice(20)}`), undefined);
  }
});

Deno.test("what a file grew out of is known as far as commands wrote it", () => {
  const record = {
    generation: 5,
    checksums: ["new", "old"],
    confirmed: false,
    ancestors: ["b", "a"],
  };
  assertEquals(ancestorsOf("new", record), ["b", "a"]);
  assertEquals(ancestorsOf("old", record), [], "the new one may have come from another node");
  assertEquals(ancestorsOf("by hand", record), ["new", "b", "a"]);
  assertEquals(ancestorsOf("new", undefined), []);
});

Deno.test("what grew out of a registry is known by its checksum, for a hundred changes", () => {
  const checksums = Array.from({ length: 101 }, (_, number) => checksumOf(`${number}`));
  let ancestors: string[] = [];
  for (const checksum of checksums) ancestors = withParent(checksum, ancestors);
  const known = checksums.map((checksum) => growsOutOf(ancestors, checksum));
  assertEquals(known, [false, ...checksums.slice(1).map(() => true)]);
  assertEquals(growsOutOf([], ""), false);
});
