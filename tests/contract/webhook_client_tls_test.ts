import type { AttemptResult } from "../../src/dispatcher/verdict.ts";
import { assertEquals, assertStringIncludes } from "../support/assert.ts";

const FIXTURES = new URL("../fixtures/", import.meta.url).pathname;
const CERT = `${FIXTURES}tls/cert.pem`;

/** Posts with a client in a process of its own, which trusts a certificate. */
async function post(kind: string, url: string, trusted?: string): Promise<AttemptResult> {
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-check", "-A", `${FIXTURES}post_once.ts`, kind, url],
    env: trusted === undefined ? {} : { DENO_CERT: trusted },
  }).output();
  const text = new TextDecoder().decode(stdout);
  assertStringIncludes(text, '"kind"', new TextDecoder().decode(stderr));
  return JSON.parse(text);
}

for (const kind of ["fetch", "socket"]) {
  Deno.test(`${kind}: a receiver with TLS is verified, by its name and its address`, async () => {
    const bodies: string[] = [];
    const [cert, key] = await Promise.all(
      [CERT, `${FIXTURES}tls/key.pem`].map((path) => Deno.readTextFile(path)),
    );
    await using server = Deno.serve(
      { hostname: "0.0.0.0", port: 0, onListen: () => {}, cert: cert ?? "", key: key ?? "" },
      async (request) => {
        bodies.push(await request.text());
        return new Response("thank you", { status: 202 });
      },
    );
    const { port } = server.addr;
    for (const host of ["localhost", "127.0.0.1"]) {
      const result = await post(kind, `https://${host}:${port}/hook`, CERT);
      assertEquals("status" in result && [result.status, result.answer], [202, "thank you"]);
    }
    const untrusted = await post(kind, `https://localhost:${port}/hook`);
    assertEquals("errorClass" in untrusted && untrusted.errorClass, "tls", Deno.inspect(untrusted));
    // The certificate is not for this name.
    const misnamed = await post(kind, `https://127.0.0.2:${port}/hook`, CERT);
    assertEquals("errorClass" in misnamed && misnamed.errorClass, "tls", Deno.inspect(misnamed));
    assertEquals(bodies, ['{"n":1}', '{"n":1}']);
  });
}
