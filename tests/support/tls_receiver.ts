/**
 * A receiver over TLS.
 *
 * @module
 */
import type { Issued } from "./test_ca.ts";

/** Serves on 127.0.0.1 and thanks for everything. */
export async function serveTls(
  { cert, key }: Issued,
  onBody: (body: string) => void = () => {},
): Promise<Deno.HttpServer<Deno.NetAddr>> {
  return Deno.serve(
    {
      hostname: "127.0.0.1",
      port: 0,
      onListen: () => {},
      cert: await Deno.readTextFile(cert),
      key: await Deno.readTextFile(key),
    },
    async (request) => {
      onBody(await request.text());
      return new Response("thank you");
    },
  );
}
