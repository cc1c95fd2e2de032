import { parseDatagram } from "../../../src/event/datagram.ts";
import { toUpstreamMessage } from "../../../src/event/upstream_message.ts";
import { assertEquals } from "../../support/assert.ts";

/** The keys and values of a datagram as upstream has them, or `undefined` if it has none. */
function asUpstream(text: string): [string, unknown][] | undefined {
  const report = parseDatagram(`1700000000 ${text}`);
  const message = report && toUpstreamMessage(report.event, report.message);
  return message && [...message];
}

Deno.test("blanks that Gluster sends and upstream keeps are there again", () => {
  assertEquals(asUpstream("107 client-pid=-6; subvol=gv1-replicate-0"), [
    ["client-pid", "-6"],
    [" subvol", "gv1-replicate-0"],
  ]);
  assertEquals(asUpstream("2 name=gv1;bricks= h1:/a h2:/b "), [
    ["name", "gv1"],
    ["bricks", " h1:/a h2:/b"],
  ]);
});

Deno.test("options are paired word by word, wherever a value has a comma", () => {
  assertEquals(asUpstream("6 name=gv1;options=,auth.allow,10.0.0.1,10.0.0.2,nfs.disable,on"), [
    ["name", "gv1"],
    ["options", [["auth.allow", "10.0.0.1"], ["10.0.0.2", "nfs.disable"], ["on"]]],
  ]);
  assertEquals(asUpstream("6 name=gv1"), [["name", "gv1"], ["options", [[""]]]]);
});

Deno.test("only the keys of upstream's lists are no texts", () => {
  const text =
    "11 force=yes;push-pem=0;push_pem=1;ssh-port=22;ssh_port=22;primary=gv1;secondary=h::v";
  assertEquals(Object.fromEntries(asUpstream(text) ?? []), {
    "force": true,
    "push-pem": false,
    "push_pem": "1",
    "ssh-port": 22,
    "ssh_port": "22",
    "primary": "gv1",
    "secondary": "h::v",
  });
});

Deno.test("a repeated key has its last value, and a key of no field is one", () => {
  assertEquals(asUpstream("25 volume=first;other=1;volume=last"), [
    ["volume", "last"],
    ["other", "1"],
  ]);
});

Deno.test("there is no such message where upstream drops the event", () => {
  const texts = ["19 (null)", "25 volume=a=b", "25 volume=a;b", "25 volume=a;", "142 a=b"];
  assertEquals(texts.map(asUpstream), texts.map(() => undefined));
  assertEquals(toUpstreamMessage("TEST", { text: "a test" }), undefined);
});
