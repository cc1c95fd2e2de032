import { formatListenAddress, parseListenAddress } from "../../../src/listener/listen_address.ts";
import { assertEquals } from "../../support/assert.ts";

Deno.test("addresses are read and written as people write them", () => {
  for (const text of ["127.0.0.1:55555", "[::1]:24009", "gl1.example.com:0", "[::]:65535"]) {
    const address = parseListenAddress(text);
    assertEquals(address && formatListenAddress(address), text);
  }
});

Deno.test("what is no address with a port is refused", () => {
  for (const text of ["", "55555", ":55555", "::1:55555", "[::1]", "gl1:65536", "gl1:x", "a b:1"]) {
    assertEquals(parseListenAddress(text), undefined, text);
  }
});
