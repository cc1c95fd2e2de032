import { Logger } from "../../../src/daemon/logger.ts";
import { OpenFiles } from "../../../src/daemon/open_files.ts";
import type { Webhook } from "../../../src/registry/schema.ts";
import { assertEquals, assertMatch } from "../../support/assert.ts";
import { makeTempFolder } from "../../support/temp_folder.ts";
import { WEBHOOK } from "../dispatcher/lanes/lane_answers.ts";

Deno.test("a file with a secret that others can read is warned of once, until its mode changes", async () => {
  await using folder = await makeTempFolder();
  const [secretFile, keyFile] = [`${folder.path}/secret`, `${folder.path}/key`];
  for (const path of [secretFile, keyFile]) {
    await Deno.writeTextFile(path, "S3CRET", { mode: 0o600 });
  }
  const webhook: Webhook = {
    ...WEBHOOK,
    signing: { as: "jwt", secretFile },
    bearerTokenFile: `${folder.path}/missing`,
    transport: { certFile: `${folder.path}/cert`, keyFile },
  };
  const lines: string[] = [];
  const files = new OpenFiles(new Logger({ write: (line) => lines.push(line), now: () => 0 }));
  const look = () => files.lookAtFilesOf([WEBHOOK, webhook]);
  await look();
  assertEquals(lines, []);
  await Deno.chmod(secretFile, 0o640);
  await look();
  await look();
  assertEquals(lines.length, 1);
  assertMatch(lines[0] ?? "", /WARNING .*webhook=ops setting=secret-file mode=0640 .*chmod 600 /);
  await Deno.chmod(secretFile, 0o600);
  await look();
  await Deno.chmod(secretFile, 0o644);
  await Deno.chmod(keyFile, 0o604);
  await look();
  assertEquals(lines.slice(1).map((line) => /mode=(\d+)/.exec(line)?.[1]), ["0644", "0604"]);
});
