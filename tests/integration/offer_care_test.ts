import { offerPath } from "../../src/cluster/node_registry.ts";
import { PoolCare } from "../../src/daemon/pool_care.ts";
import { takeOffer } from "../../src/daemon/offer_care.ts";
import { addWebhook } from "../../src/registry/changes.ts";
import { formatOffer } from "../../src/registry/offer.ts";
import { withParent } from "../../src/registry/registry_state.ts";
import { RegistryFile, registryPath } from "../../src/registry/registry_file.ts";
import { assertEquals, assertMatch } from "../support/assert.ts";
import { keepLog } from "../support/log_lines.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { makeTempFolder, type TempFolder } from "../support/temp_folder.ts";
import { until } from "../support/until.ts";

const NEWER = "generation = 7\n";

/** An offer of what grew out of nothing that is known. */
function offerOf(text: string): string {
  return formatOffer({ text, ancestors: [] });
}

/** A node that has a registry, and how often its daemon was told of another one. */
async function nodeIn({ path: workdir }: TempFolder) {
  const file = new RegistryFile({ path: registryPath(workdir) });
  await file.change((registry) => addWebhook(registry, "http://a/", {}));
  const path = offerPath(file.path);
  const { logger, lines } = keepLog();
  const told = { times: 0 };
  const onTaken = () => Promise.resolve(told.times++);
  return { workdir, file, path, logger, lines, told, onTaken };
}

Deno.test("what is offered whole is taken over, once", async () => {
  await using folder = await makeTempFolder();
  const node = await nodeIn(folder);
  const { checksum } = await node.file.state();
  const ancestors = withParent(checksum, []);
  await Deno.writeTextFile(node.path, formatOffer({ text: NEWER, ancestors }));
  await takeOffer(node);
  await takeOffer(node);
  assertEquals([(await node.file.copy()).text, node.told.times], [NEWER, 1]);
  assertEquals(node.lines, ["INFO    registry of another node taken over generation=7"]);
});

Deno.test("what did not arrive whole, is older or is not there is left alone without a word", async () => {
  await using folder = await makeTempFolder();
  const node = await nodeIn(folder);
  await takeOffer(node);
  for (
    const offer of ["", offerOf(NEWER).slice(0, -1), NEWER, offerOf("generation = 0\n")]
  ) {
    await Deno.writeTextFile(node.path, offer);
    await takeOffer(node);
  }
  assertEquals([(await node.file.state()).generation, node.told.times, node.lines], [1, 0, []]);
});

Deno.test("an offer that cannot be taken is logged, whatever is in the way", async () => {
  await using folder = await makeTempFolder();
  const node = await nodeIn(folder);
  await Deno.writeTextFile(node.path, offerOf("generation = 9\nunknown = 1\n"));
  await takeOffer(node);
  await Deno.remove(node.path);
  await Deno.mkdir(node.path);
  await takeOffer(node);
  await Deno.remove(node.path);
  await Deno.writeTextFile(node.path, offerOf(NEWER));
  await takeOffer({ ...node, onTaken: () => Promise.reject(new Error("the spool is full")) });
  assertEquals(node.lines.length, 4, node.lines.join("\n"));
  assertMatch(node.lines[0] ?? "", /^ERROR +registry of another node not taken over .*unknown/);
  assertMatch(node.lines[1] ?? "", /^ERROR +registry of another node not taken over .*directory/);
  assertMatch(
    node.lines[3] ?? "",
    /^ERROR +registry of another node not taken over .*spool is full/,
  );
});

Deno.test("a daemon goes on watching for offers after one that could not be taken", async () => {
  await using folder = await makeTempFolder();
  const node = await nodeIn(folder);
  await Deno.mkdir(node.path);
  const clock = new ManualClock();
  await using _care = new PoolCare({
    ...node,
    access: { gluster: () => Promise.resolve(undefined), isOurs: () => Promise.resolve(false) },
    clock,
    random: () => 0.5,
  });
  const passes = async () => {
    await clock.pass(500);
    return node.lines;
  };
  await until("the first one is logged", async () => (await passes()).length > 0);
  await Deno.remove(node.path);
  await Deno.writeTextFile(node.path, offerOf(NEWER));
  await until("the second one is taken", async () => {
    await passes();
    return node.told.times === 1;
  }, { seen: () => node.lines });
});
