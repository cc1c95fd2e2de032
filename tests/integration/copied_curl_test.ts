import { toCurl } from "../../src/page/assets/curl_command.js";
import { assertEquals } from "../support/assert.ts";
import { testNeeding } from "../support/requirements.ts";

interface Got {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Requests whose parts a shell, printf or curl would like to understand. */
const BODIES: readonly string[] = [
  '{"name":"gv0"}',
  "",
  "@/etc/hostname",
  "it's $HOME `id` $(id) \\n %s %% \\0101 !! \"",
  "two\nlines\r\nand a tab\t, and a last line feed\n\n",
  "a\0b\x1b[201~c\x7f\u009b\u202e\u2066ü😀",
  "x".repeat(300_000),
  `${"it's % \\ ".repeat(20_000)}\n`,
];

testNeeding(["curl"], "a request that is copied as curl is the same request again", async () => {
  const got: Got[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    const { pathname, search } = new URL(request.url);
    got.push({
      path: pathname + search,
      headers: Object.fromEntries(request.headers),
      body: await request.text(),
    });
    return new Response();
  });
  const origin = `http://127.0.0.1:${server.addr.port}`;
  const { pathname, search } = new URL("/hook/it's[1-3]{a,b}?q=%20$HOME&r=`id`", origin);
  const path = pathname + search;
  for (const body of BODIES) {
    const headers = { "x-odd": 'it\'s "$HOME" \\ %s', "x-empty": "", "user-agent": "gluster" };
    await runInShell(toCurl({ url: origin + path, headers, body }));
    const { path: gotPath, headers: gotHeaders, body: gotBody } = got.pop() ?? NOTHING;
    assertEquals(gotBody === body, true, `${body.slice(0, 100)} became ${gotBody.slice(0, 100)}`);
    assertEquals(gotPath, path);
    const names = ["x-odd", "x-empty", "user-agent", "content-type"];
    assertEquals(names.map((name) => gotHeaders[name]), [...Object.values(headers), undefined]);
  }
  await server.shutdown();
});

const NOTHING: Got = { path: "nothing arrived", headers: {}, body: "nothing arrived" };

/** Over standard input, since a word of a command cannot hold a large body. */
async function runInShell(command: string): Promise<void> {
  const shell = new Deno.Command("sh", { stdin: "piped", stdout: "null", stderr: "piped" }).spawn();
  const writer = shell.stdin.getWriter();
  await writer.write(new TextEncoder().encode(`${command.replace("curl ", "curl -sSf ")}\n`));
  await writer.close();
  const { success, stderr } = await shell.output();
  if (!success) throw new Error(`sh failed: ${new TextDecoder().decode(stderr)}`);
}
