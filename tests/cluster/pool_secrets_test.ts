import { Webhook as Verifier } from "standardwebhooks";
import { eventTypeByName } from "../../src/event/catalog.ts";
import { assert, assertEquals, assertMatch, assertThrows } from "../support/assert.ts";
import type { RunningProgram } from "../support/program.ts";
import { testNeeding } from "../support/requirements.ts";
import { until } from "../support/until.ts";
import { POOL_NEEDS, sameOn, startDaemons, tell, tellAll, type Told } from "./eventing_pool.ts";
import { onCluster } from "./gluster_cluster.ts";
import type { GlusterNode } from "./gluster_node.ts";
import {
  filesOf,
  HOOK,
  plant,
  type Received,
  received,
  SECRET_FILE,
  SECURE_HOOK,
  startReceiver,
  startTlsReceiver,
  writeOn,
} from "./pool_secrets.ts";
import { ProcessWatch } from "./process_watch.ts";

async function emit(node: GlusterNode, type: string): Promise<void> {
  const { index } = eventTypeByName(type) ?? { index: 0 };
  const datagram = `${Math.floor(Date.now() / 1000)} ${index} name=${node.name}`;
  await node.must("bash", "-c", 'printf %s "$1" >/dev/udp/::1/55555', "bash", datagram);
}

function verify(secret: string, { body, headers }: Received): void {
  new Verifier(secret).verify(JSON.stringify(body), headers);
}

/** The counts of one webhook on one node. */
async function countsOn(node: GlusterNode, webhook: string) {
  const { output, said } = await tell(node, "webhook-list", "--local");
  const rows = output as { name: string; filtered: number; delivered: number }[];
  const row = rows.find(({ name }) => name === webhook);
  assert(row !== undefined, said);
  return { filtered: row.filtered, delivered: row.delivered };
}

testNeeding([...POOL_NEEDS, "openssl"], "no secret leaves a pool's registries", async (context) => {
  await onCluster(3, async ({ nodes }) => {
    const [one, two, three] = nodes;
    assert(one !== undefined && two !== undefined && three !== undefined);
    const planted = plant(nodes);
    const { canaries, inFiles } = planted;
    for (const node of nodes) {
      await writeOn(node, SECRET_FILE, `${inFiles.get(node.name)}\n`);
    }
    const daemons: RunningProgram[] = await startDaemons(...nodes);
    const file = await startReceiver(one);
    await startTlsReceiver(one);

    await using watch = ProcessWatch.begin(nodes);
    const said: [string, string][] = [];
    /** What the person who gives a secret in a command shows in the list of that node. */
    const own: string[] = [];
    const note = (words: readonly string[], told: Told) => {
      own.push(words.join(" "));
      said.push([words.slice(0, 2).join(" "), told.said.split("\n").slice(1).join("\n")]);
      return told;
    };
    const all = async (node: GlusterNode, ...words: string[]) =>
      note(words, await tellAll(node, ...words));
    const some = async (node: GlusterNode, ...words: string[]) =>
      note(words, await tell(node, ...words));

    await context.step("webhooks with secrets are added, changed and shown", async () => {
      const { token, password, pathKey, query, header, proxyPassword, old, secret } = planted;
      const url = `http://mona:${password}@${HOOK}/ops/${pathKey}?token=${query}`;
      const standard = ["--sign", "standard"];
      await all(one, "webhook-add", url, "--name", "ops", "--header", `X-Key=${header}`);
      await all(one, "webhook-mod", "ops", "--secret", old, ...standard);
      await all(one, "webhook-mod", "ops", "--secret", secret, "--keep-old", "24h");
      const files = ["--secret-file", SECRET_FILE, ...standard];
      await all(one, "webhook-add", `http://${HOOK}/files`, "--name", "files", ...files);
      const whsk = ["--secret", planted.asymmetric, ...standard, "--bearer-token", token];
      await all(one, "webhook-add", `http://${HOOK}/whsk`, "--name", "whsk", ...whsk);
      const proxy = ["--proxy", `http://lisa:${proxyPassword}@10.77.0.1:1`];
      await all(one, "webhook-add", `http://${HOOK}/proxied`, "--name", "proxied", ...proxy);
      const secure = `https://${SECURE_HOOK}/${pathKey}`;
      await all(one, "webhook-add", secure, "--name", "tls", "-t", token);
      for (const name of ["ops", "files", "whsk", "proxied", "tls"]) {
        assertEquals((await some(one, "webhook-show", name)).code, 0);
      }
      const places = canaries.foundIn(await sameOn(nodes));
      for (const place of ["password", "query", "secret, as a secret", "old secret", "whsk"]) {
        assert(places.some((found) => found.startsWith(place)), `${place} in ${places}`);
      }
    });

    await context.step("all nodes try them, and sign with what they know", async () => {
      for (const name of ["ops", "files", "whsk"]) await all(one, "webhook-test", name);
      const requests = await received(file, "/files");
      assertEquals(requests.length, 3);
      const hosts = requests.map((request) => {
        const { host } = request.body;
        for (const [name, secret] of inFiles) {
          if (name === host) verify(secret, request);
          else assertThrows(() => verify(secret, request), Error);
        }
        return host;
      });
      assertEquals(hosts.toSorted(), ["gl1", "gl2", "gl3"]);
      for (const request of await received(file, "/ops")) {
        verify(planted.old, request);
        verify(planted.secret, request);
        assertEquals(request.headers["x-key"], planted.header);
      }
      for (const { headers } of await received(file, "/whsk")) {
        assertMatch(headers["webhook-signature"] ?? "", /^v1a,/);
        assertMatch(headers["authorization"] ?? "", /^Bearer /);
      }
      const proxied = await some(two, "webhook-test", "proxied");
      assertEquals(proxied.code, 3, proxied.said);
      const unknown = await some(one, "webhook-test", `http://${HOOK}/`, "-t", planted.tested);
      assertEquals(unknown.code, 0, unknown.said);
    });

    await context.step("a pin reaches all nodes", async () => {
      assertEquals((await some(one, "webhook-test", "tls")).code, 3);
      const trusted = await some(one, "webhook-trust", "tls", "--yes");
      assertEquals(trusted.code, 0, trusted.said);
      assertMatch(await sameOn(nodes), /^server-pin = /m);
      await all(two, "webhook-test", "tls");
    });

    await context.step("a file that one node does not have fails there", async () => {
      await three.must("mv", SECRET_FILE, `${SECRET_FILE}.old`);
      const told = await some(one, "webhook-test", "files");
      assertEquals(told.code, 4, told.said);
      const rows = told.output as { node: string; error: string; hint: string }[];
      const [missing, ...others] = rows.filter(({ error }) => error !== "");
      assertEquals([missing?.node, others.length], ["gl3", 0], told.said);
      assertMatch(missing?.error ?? "", /Cannot read secret-file \/etc\/eventing\.secret/);
      assertMatch(missing?.hint ?? "", /on every node/);
      await three.must("mv", `${SECRET_FILE}.old`, SECRET_FILE);
      await all(one, "webhook-test", "files");
    });

    await context.step("a newer registry is fetched, and all is in step again", async () => {
      const here = await some(three, "webhook-mod", "ops", "--retry-for", "2h", "--local");
      assertEquals(here.code, 0, here.said);
      await all(one, "sync");
      assertMatch(await sameOn(nodes), /^retry-for = "2h"$/m);
      await all(two, "status");
      await some(one, "webhook-list");
    });

    await context.step("what a filter leaves out counts where it came to be", async () => {
      const filter = ["--name", "picky", "--severity", "alert", "--events", "!VOLUME_STOP"];
      await all(two, "webhook-add", `http://${HOOK}/picky`, ...filter);
      assertMatch(await sameOn(nodes), /^severity = "alert"$/m);
      await emit(two, "VOLUME_START");
      await emit(two, "BRICK_DISCONNECTED");
      await emit(three, "BRICK_DISCONNECTED");
      let counts: unknown;
      await until("the events are delivered or left out", async () => {
        const [first, second, third] = await Promise.all(
          nodes.map((node) => countsOn(node, "picky")),
        );
        counts = { first, second, third };
        return second?.filtered === 1 && second.delivered === 1 && third?.delivered === 1;
      }, { seen: () => counts });
      assertEquals(counts, {
        first: { filtered: 0, delivered: 0 },
        second: { filtered: 1, delivered: 1 },
        third: { filtered: 0, delivered: 1 },
      });
      const status = await all(one, "status");
      const { webhooks } = status.output as { webhooks: { name: string; filtered: number }[] };
      assertEquals(webhooks.find(({ name }) => name === "picky")?.filtered, 1, status.said);
      const hosts = (await received(file, "/picky")).map(({ body }) => body.host);
      assertEquals(hosts.toSorted(), ["gl2", "gl3"]);
    });

    await context.step("none of the secrets was shown, logged or left behind", async () => {
      await watch[Symbol.asyncDispose]();
      const lines = [...watch.seen];
      for (
        const wanted of [
          /^gl1: \S*gluster .*system:: execute gluster-eventing node .* test /,
          /^gl3: \S*peer_gluster-eventing node .* test /,
        ]
      ) assert(lines.some((line) => wanted.test(line)), `${wanted} in ${lines.join("\n")}`);
      for (const line of lines) {
        if (!own.some((words) => line.includes(words))) said.push(["the process list", line]);
      }
      daemons.forEach(({ stdout, stderr }, at) => said.push([`daemon ${at + 1}`, stdout + stderr]));
      const found = said.flatMap(([where, text]) =>
        canaries.foundIn(text).map((place) => `${place} in ${where}: ${text.slice(0, 2000)}`)
      );
      for (const node of nodes) {
        const paths = await filesOf(node);
        for (const wanted of [/log\/cmd_history\.log$/, /log\/cli\.log$/, /\/spool\.db$/]) {
          assert(paths.some((path) => wanted.test(path)), `${wanted} in ${paths.join("\n")}`);
        }
        for (const path of paths) {
          const places = canaries.foundIn(await Deno.readFile(path));
          found.push(...places.map((place) => `${place} in ${path}`));
        }
        for await (const { name } of Deno.readDir(`${node.folder}/lib/events`)) {
          if (/letter|offer/.test(name)) found.push(`${node.name}: ${name} is left`);
          const { mode } = await Deno.stat(`${node.folder}/lib/events/${name}`);
          if (((mode ?? 0) & 0o077) !== 0 && name.startsWith("webhooks.toml")) {
            found.push(`${node.name}: others may read ${name}`);
          }
        }
      }
      assertEquals(found, []);
    });
  });
});
