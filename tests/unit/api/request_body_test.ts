import { BodyError, LARGEST_BODY, readBody } from "../../../src/api/request_body.ts";
import { assertEquals, assertRejects } from "../../support/assert.ts";

function bodyOf(
  ...parts: (string | Uint8Array<ArrayBuffer>)[]
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  return ReadableStream.from(
    parts.map((part) => typeof part === "string" ? encoder.encode(part) : part),
  );
}

Deno.test("a body is read whole, in whatever pieces it comes", async () => {
  assertEquals(await readBody({ body: null }), "");
  assertEquals(await readBody({ body: bodyOf("{", '"a":1', "}") }), '{"a":1}');
  const e = new TextEncoder().encode("\u00e9");
  assertEquals(await readBody({ body: bodyOf(e.slice(0, 1), e.slice(1)) }), "\u00e9");
  const largest = new Uint8Array(LARGEST_BODY).fill(0x78);
  assertEquals((await readBody({ body: bodyOf(largest) })).length, LARGEST_BODY);
});

Deno.test("a body that is too large is not read to its end", async () => {
  let pulled = 0;
  let isCancelled = false;
  const body = new ReadableStream({
    pull: (to) => {
      pulled++;
      to.enqueue(new Uint8Array(LARGEST_BODY / 4));
    },
    cancel: () => void (isCancelled = true),
  });
  const error = await assertRejects(() => readBody({ body }), BodyError, "larger than");
  assertEquals([error.status, isCancelled], [413, true]);
  assertEquals(pulled < 10, true, String(pulled));
});

Deno.test("a body that does not end is not waited for", async () => {
  const body = new ReadableStream({ start: (to) => to.enqueue(new TextEncoder().encode("{")) });
  const error = await assertRejects(() => readBody({ body }, 10), BodyError, "not come in time");
  assertEquals(error.status, 408);
});
