import { ConnectionCutter } from "../../src/dispatcher/http/connection_cutter.ts";
import {
  type Network,
  openConnection,
  systemNetwork,
} from "../../src/dispatcher/http/open_connection.ts";
import { assert, assertEquals, assertRejects } from "../support/assert.ts";
import { linger, RawReceiver } from "../support/raw_receiver.ts";
import { until } from "../support/until.ts";

/** Real connections, to what a name is made to stand for; others never come about. */
function networkOf(addresses: readonly string[], hanging: readonly string[] = []): Network {
  return {
    ...systemNetwork,
    resolve: () => Promise.resolve(addresses),
    connect: async (address) => {
      if (!hanging.includes(address.hostname)) return await systemNetwork.connect(address);
      const { promise, reject } = Promise.withResolvers<never>();
      address.signal.addEventListener("abort", () => reject(new Error("given up")));
      return await promise;
    },
  };
}

async function connectTo(port: number, network: Network): Promise<string> {
  const origin = { isSecure: false, hostname: "ops.example.com", port };
  const { signal } = new AbortController();
  using cutter = new ConnectionCutter();
  const connection = await openConnection(origin, { signal, network, cutter });
  connection.close();
  return connection.remoteAddr.hostname;
}

Deno.test("of a name's addresses the next one is tried where one refuses or hangs", async () => {
  await using receiver = new RawReceiver(linger);
  const { port } = new URL(receiver.url);
  for (
    const network of [
      networkOf(["127.0.0.1"]),
      networkOf(["127.0.0.2", "127.0.0.1"]),
      networkOf(["127.0.0.3", "127.0.0.1"], ["127.0.0.3"]),
      networkOf(["127.0.0.3", "127.0.0.2", "127.0.0.1"], ["127.0.0.3"]),
    ]
  ) {
    assertEquals(await connectTo(Number(port), network), "127.0.0.1");
  }
});

Deno.test("if no address can be reached, the first one's reason is told", async () => {
  const network = networkOf(["127.0.0.2", "127.0.0.1"]);
  const error = await assertRejects(() => connectTo(1, network), Deno.errors.ConnectionRefused);
  assert(error.message.includes("refused"), error.message);
  await assertRejects(() => connectTo(1, networkOf([])), Error, "look up the address of");
});

Deno.test("a signal ends it, be it looking the name up, connecting or agreeing on TLS", async () => {
  await using deaf = new RawReceiver(linger);
  const port = Number(new URL(deaf.url).port);
  const never: Network = {
    ...systemNetwork,
    resolve: async () => await Promise.withResolvers<never>().promise,
  };
  const cases: readonly (readonly [Network, boolean])[] = [
    [never, false],
    [networkOf(["127.0.0.3"], ["127.0.0.3"]), false],
    [networkOf(["127.0.0.1"]), true],
  ];
  for (const [network, isSecure] of cases) {
    const cut = new AbortController();
    const origin = { isSecure, hostname: "ops.example.com", port };
    using cutter = new ConnectionCutter();
    const opening = openConnection(origin, { signal: cut.signal, network, cutter });
    setTimeout(() => cut.abort(new Error("enough")), 50);
    await assertRejects(() => opening, Error, "enough");
  }
});

Deno.test("what is waited for is told: the name, the connection, TLS", async () => {
  await using receiver = new RawReceiver(linger);
  const port = Number(new URL(receiver.url).port);
  const seen = async (network: Network, isSecure: boolean) => {
    const stages: string[] = [];
    const cut = new AbortController();
    const options = {
      signal: cut.signal,
      network,
      cutter: new ConnectionCutter(),
      onStage: (stage: string) => {
        stages.push(stage);
        if (stage === "tls") cut.abort(new Error("enough"));
      },
    };
    using _cutter = options.cutter;
    const origin = { isSecure, hostname: "ops.example.com", port };
    await openConnection(origin, options).then((open) => open.close(), () => {});
    return stages;
  };
  assertEquals(await seen(networkOf([]), false), ["name"]);
  assertEquals(await seen(networkOf(["127.0.0.1"]), false), ["name", "connect"]);
  assertEquals(await seen(networkOf(["127.0.0.1"]), true), ["name", "connect", "tls"]);
});

Deno.test("a name that TLS does not allow leaves nothing open", async () => {
  let isEnded = false;
  await using receiver = new RawReceiver(async (connection) => {
    await linger(connection);
    isEnded = true;
  });
  const port = Number(new URL(receiver.url).port);
  using cutter = new ConnectionCutter();
  const { signal } = new AbortController();
  const origin = { isSecure: true, hostname: "a-.example", port };
  const options = { signal, network: networkOf(["127.0.0.1"]), cutter };
  await assertRejects(() => openConnection(origin, options), Error, "hostname");
  await until("the receiver sees the end of it", () => isEnded);
});
