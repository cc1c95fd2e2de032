import { askWorkdir, parseWorkdir } from "../../../src/cluster/gluster_command.ts";
import { assertEquals } from "../../support/assert.ts";

Deno.test("glusterd's folder is what the gluster command says, if it says one", async () => {
  const ask = (code: number, stdout: string) =>
    askWorkdir(() => Promise.resolve({ code, stdout, stderr: "" }));
  assertEquals(await ask(0, "/var/lib/glusterd\n"), "/var/lib/glusterd");
  assertEquals(
    await ask(1, "Connection failed. Please check if gluster daemon is operational.\n"),
    undefined,
  );
  assertEquals(await ask(0, "something else"), undefined);
  assertEquals(await askWorkdir(() => Promise.resolve(undefined)), undefined);
});

Deno.test("while glusterd is down its configuration names the folder", () => {
  const volfile = `volume management
    type mgmt/glusterd
    # option working-directory /not/this
    option working-directory /srv/glusterd
    option transport-type socket
end-volume
`;
  assertEquals(parseWorkdir(volfile), "/srv/glusterd");
  assertEquals(parseWorkdir("volume management\nend-volume\n"), undefined);
});
