import { InstallError } from "../../../src/install/item.ts";
import { findLibexec } from "../../../src/install/libexec.ts";
import { Tree } from "../../../src/install/tree.ts";
import { assertEquals, assertRejects } from "../../support/assert.ts";
import { makeTempFolder } from "../../support/temp_folder.ts";

async function find(...files: string[]): Promise<string | undefined> {
  await using folder = await makeTempFolder();
  for (const file of files) {
    const path = folder.path + file;
    await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(path, "");
  }
  return await findLibexec(new Tree(folder.path));
}

Deno.test("the folder of Gluster's commands is found in every layout", async () => {
  for (
    const folder of [
      "/usr/libexec/glusterfs",
      "/usr/lib/x86_64-linux-gnu/glusterfs",
      "/usr/lib/arm-linux-gnueabihf/glusterfs",
      "/usr/lib64/glusterfs",
      "/usr/local/libexec/glusterfs",
    ]
  ) {
    assertEquals(await find(`${folder}/peer_gsec_create`, "/usr/sbin/glusterd"), folder);
  }
});

Deno.test("a folder that holds libraries only is not taken for it", async () => {
  const libraries = "/usr/lib/x86_64-linux-gnu/glusterfs/10.3/xlator.so";
  assertEquals(
    await find(libraries, "/usr/libexec/glusterfs/gsyncd"),
    "/usr/libexec/glusterfs",
  );
  const error = await assertRejects(() => find(libraries, "/usr/sbin/glusterd"), InstallError);
  assertEquals(error.hint, "find it: find / -name gsyncd; then name its folder with --libexec");
});

Deno.test("a node without glusterd has none, and one with two has to say which", async () => {
  assertEquals(await find("/etc/hosts"), undefined);
  const two = ["/usr/libexec/glusterfs/gsyncd", "/usr/local/libexec/glusterfs/gsyncd"];
  await assertRejects(() => find(...two), InstallError, "several folders");
});
