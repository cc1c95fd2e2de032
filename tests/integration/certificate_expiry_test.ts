import { renderRemarks } from "../../src/cli/webhook_rows.ts";
import { assert, assertEquals, assertMatch } from "../support/assert.ts";
import { testNeeding } from "../support/requirements.ts";
import { makeTempFolder } from "../support/temp_folder.ts";
import { LOCAL_NAMES, TestCa } from "../support/test_ca.ts";
import { TestDaemon } from "../support/test_daemon.ts";
import { until } from "../support/until.ts";

testNeeding(["openssl"], "status tells of certificates that expire soon", async () => {
  await using ca = await TestCa.make();
  await using folder = await makeTempFolder();
  await using daemon = new TestDaemon(folder.path);
  const own = await ca.issue("server", { names: LOCAL_NAMES, untilDays: 12.5 });
  const me = await ca.issue("me", { untilDays: 3.5 });
  let posts = 0;
  await using server = Deno.serve(
    {
      hostname: "127.0.0.1",
      port: 0,
      onListen: () => {},
      cert: await Deno.readTextFile(own.cert),
      key: await Deno.readTextFile(own.key),
    },
    () => {
      posts++;
      return new Response();
    },
  );
  await daemon.register(`https://127.0.0.1:${server.addr.port}/`, {
    "name": "ops",
    "ca-file": ca.file,
    "cert-file": me.cert,
    "key-file": me.key,
  });
  await daemon.start();
  const webhook = await until("the certificate was looked at", () => {
    const [first] = daemon.daemon.status().webhooks;
    return first !== undefined && first.certificate_expires_at !== null ? first : undefined;
  });
  const [receiver, client, ...none] = renderRemarks([webhook]);
  assertMatch(receiver ?? "", /^ops: the receiver's certificate expires in 12 days \(\d{4}-/);
  assertMatch(client ?? "", /^ops: the certificate in cert-file expires in 3 days \(\d{4}-/);
  assertEquals(none, []);
  assert(webhook.ca_expires_at !== null);
  await until(
    "it is logged",
    () => daemon.log.filter((line) => line.includes("certificate expires soon")).length === 2,
    { seen: () => daemon.log },
  );
  // A look posts nothing, and what is posted is not held up by it.
  assertEquals(posts, 0);
  await daemon.send("1795330857 5 name=gv0");
  await until("the event is delivered", () => posts === 1, { seen: () => daemon.log });
});
