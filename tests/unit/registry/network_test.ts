import { formatNetwork, parseNetwork } from "../../../src/registry/network.ts";
import { assertEquals } from "../../support/assert.ts";

const NETWORKS: readonly (readonly [text: string, means: string])[] = [
  ["192.168.1.5", "192.168.1.5"],
  ["192.168.1.5/32", "192.168.1.5"],
  ["10.0.0.0/8", "10.0.0.0/8"],
  ["10.1.2.3/8", "10.0.0.0/8"],
  ["10.255.255.255/9", "10.128.0.0/9"],
  ["255.255.255.255/31", "255.255.255.254/31"],
  ["1.2.3.4/0", "0.0.0.0/0"],
  ["::", "::"],
  ["::1", "::1"],
  ["::1/128", "::1"],
  ["fd00::/8", "fd00::/8"],
  ["FDFF:0:0::1/8", "fd00::/8"],
  ["fe80:0000:0000:0000:00fc:00ff:fe00:0001", "fe80::fc:ff:fe00:1"],
  ["2001:db8:1:ffff:ffff::/50", "2001:db8:1:c000::/50"],
  ["2001:db8::1:0:0:1/127", "2001:db8:0:0:1::/127"],
  ["1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"],
  ["::/0", "::/0"],
  ["ffff::/1", "8000::/1"],
  ["::ffff:10.1.2.3", "10.1.2.3"],
  ["::ffff:a01:203", "10.1.2.3"],
  ["::ffff:10.1.2.3/104", "10.0.0.0/8"],
  ["::ffff:0:0/96", "0.0.0.0/0"],
  ["::ffff:0:0/95", "::fffe:0:0/95"],
];

for (const [text, means] of NETWORKS) {
  Deno.test(`${text} means ${means}`, () => {
    const network = parseNetwork(text);
    assertEquals(network === undefined ? undefined : formatNetwork(network), means);
    assertEquals(parseNetwork(means), network);
  });
}

Deno.test("what is no address and no network is none", () => {
  for (
    const text of [
      "",
      "any",
      "gl1",
      "gl1.example.com",
      "localhost",
      "10.0.0",
      "10.0.0.0.0",
      "10.0.0.256",
      "010.0.0.1",
      "0x0a.0.0.1",
      "167772161",
      "10.0.0.1:55555",
      "10.0.0.0/33",
      "10.0.0.0/",
      "10.0.0.0/08",
      "10.0.0.0/-1",
      "10.0.0.0/8/8",
      "10.0.0.0/255.0.0.0",
      "10.0.0.0-10.0.0.9",
      "10.*",
      " 10.0.0.1",
      "10.0.0.1 ",
      "10.0.0.1\n",
      "１0.0.0.1",
      ":",
      ":::",
      "::1::",
      "1:2:3:4:5:6:7",
      "1:2:3:4:5:6:7:8:9",
      "12345::",
      "g::",
      "::1/129",
      "[::1]",
      "fe80::1%eth0",
      "fe80::1%eth0/64",
    ]
  ) {
    assertEquals(parseNetwork(text), undefined, JSON.stringify(text));
  }
});
