import { serveTcp } from "../../src/std/http_server.ts";
import { assertEquals } from "../support/assert.ts";

Deno.test("a request that is being answered when the server stops gets its whole answer", async () => {
  for (let round = 0; round < 20; round++) {
    const arrived = Promise.withResolvers<void>();
    const server = serveTcp({ hostname: "127.0.0.1", port: 0 }, async (request) => {
      const text = await request.text();
      arrived.resolve();
      return new Response(text);
    });
    const url = `http://127.0.0.1:${server.addr.port}/`;
    const answer = fetch(url, { method: "POST", body: "whole" }).then((response) =>
      response.text()
    );
    await arrived.promise;
    await server.stop(5000);
    assertEquals(await answer, "whole");
  }
});

Deno.test("a request that hangs is cut off when its time is over", async () => {
  const never = Promise.withResolvers<Response>();
  const arrived = Promise.withResolvers<void>();
  const server = serveTcp({ hostname: "127.0.0.1", port: 0 }, () => {
    arrived.resolve();
    return never.promise;
  });
  const answer = fetch(`http://127.0.0.1:${server.addr.port}/`).then(
    () => "answered",
    () => "cut off",
  );
  await arrived.promise;
  await server.stop(50);
  assertEquals(await answer, "cut off");
  never.resolve(new Response());
});
