import { assertEquals } from "../support/assert.ts";
import { versionIn } from "./machine.ts";

Deno.test("versions are found in what programs say", () => {
  assertEquals(versionIn("nginx version: nginx/1.22.1\n"), "1.22.1");
  assertEquals(versionIn("glusterfs 10.3\nRepository revision: git://x"), "10.3");
  assertEquals(versionIn("syslog-ng 3 (3.38.1)\nConfig version: 3.35"), "3.38.1");
  assertEquals(versionIn("wrk debian/4.1.0-3+b2 [epoll] Copyright (C) 2012"), "4.1.0");
  assertEquals(versionIn("no idea"), undefined);
});
