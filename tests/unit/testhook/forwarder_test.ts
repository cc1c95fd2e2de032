import { systemNetwork } from "../../../src/dispatcher/http/open_connection.ts";
import { Forwarder } from "../../../src/testhook/forwarder.ts";
import { assertEquals } from "../../support/assert.ts";

/** What becomes of a request to a name, and which addresses were connected to. */
async function send(addresses: readonly string[], allowed: readonly string[] = []) {
  const tried: string[] = [];
  using forwarder = new Forwarder({
    url: "http://localhost:9/",
    allowed,
    id: "me",
    network: {
      ...systemNetwork,
      resolve: () => Promise.resolve(addresses),
      connect: ({ hostname }) => {
        tried.push(hostname);
        return Promise.reject(new Deno.errors.ConnectionRefused("Connection refused"));
      },
    },
  });
  const forwarded = await forwarder.send({ headers: {}, body: new Uint8Array() });
  return [tried, forwarded?.error];
}

Deno.test("only loopback is connected to, whatever a name leads to", async () => {
  assertEquals(await send(["10.0.0.1", "127.0.0.1", "::1", "::ffff:10.0.0.1"]), [
    ["127.0.0.1", "::1"],
    "refused: Connection refused",
  ]);
  assertEquals(await send(["169.254.169.254"]), [
    [],
    "network: not sent on: localhost leads to 169.254.169.254, not to loopback",
  ]);
});

Deno.test("a host that is allowed may be anywhere", async () => {
  assertEquals(await send(["10.0.0.1"], ["LOCALHOST"]), [
    ["10.0.0.1"],
    "refused: Connection refused",
  ]);
});

Deno.test("what is no text is not sent on, and what comes back is not either", async () => {
  using forwarder = new Forwarder({ url: "http://127.0.0.1:9/", allowed: [], id: "me" });
  const errors = [];
  for (
    const request of [
      { headers: {}, body: new Uint8Array([0xff]) },
      { headers: { via: "1.1 proxy, 1.1 me" }, body: new Uint8Array() },
    ]
  ) errors.push((await forwarder.send(request))?.error);
  assertEquals(errors, [
    "not sent on: its body is no UTF-8",
    "not sent on: it has been here already",
  ]);
});

Deno.test("bodies that wait to be sent on take only so much room together", async () => {
  const { promise, reject } = Promise.withResolvers<never>();
  using forwarder = new Forwarder({
    url: "http://127.0.0.1:9/",
    allowed: [],
    id: "me",
    network: { ...systemNetwork, connect: () => promise },
  });
  const body = new Uint8Array(12 * 1024 * 1024);
  const waiting = [1, 2].map(() => forwarder.send({ headers: {}, body }));
  assertEquals(
    (await forwarder.send({ headers: {}, body }))?.error,
    "not sent on: 2 others are not yet",
  );
  reject(new Deno.errors.ConnectionRefused("Connection refused"));
  await Promise.all(waiting);
  assertEquals(
    (await forwarder.send({ headers: {}, body }))?.error,
    "refused: Connection refused",
  );
});
