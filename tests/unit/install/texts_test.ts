import { rotates, rotationText } from "../../../src/install/rotation.ts";
import { unitText } from "../../../src/install/unit.ts";
import { assertEquals, assertMatch, assertStringIncludes } from "../../support/assert.ts";

const LOG = "/var/log/glusterfs/gluster-eventing.log";

Deno.test("the unit runs the program with its options, quoted for systemd", () => {
  const text = unitText({
    binary: "/usr/sbin/gluster-eventing",
    args: ["--state-dir", "/srv/a b/100%$x"],
    writable: ["/var/lib/glusterd", "/srv/a b"],
  });
  assertStringIncludes(
    text,
    'ExecStart=/usr/sbin/gluster-eventing run --state-dir "/srv/a b/100%%$$x"\n',
  );
  assertStringIncludes(text, 'ReadWritePaths=-/var/lib/glusterd "-/srv/a b"\n');
});

Deno.test("the unit leaves the daemon time to drain, and reload is a signal", () => {
  const text = unitText({ binary: "/x", args: [], writable: [] });
  assertMatch(text, /^TimeoutStopSec=20$/m);
  assertMatch(text, /^ExecReload=\/bin\/kill -HUP \$MAINPID$/m);
  assertMatch(text, /^Restart=on-failure$/m);
  assertEquals(/^MemoryDenyWriteExecute/m.test(text), false, "V8 compiles as it runs");
});

Deno.test("a rotation that takes the log already is recognised", () => {
  const glusters = `/var/log/glusterfs/*.log /var/log/glusterfs/bricks/*.log {
    daily
    postrotate
      /usr/bin/killall -HUP glusterfs > /dev/null 2>&1 || true
    endscript
  }`;
  assertEquals(rotates(glusters, LOG), true);
  assertEquals(rotates(`"${LOG}" {`, LOG), true);
  assertEquals(rotates("/var/log/*.log {\n}", LOG), false);
  assertEquals(rotates("# /var/log/glusterfs/*.log {", LOG), false);
  assertEquals(rotates(rotationText({ logFile: LOG, binary: "/b" }), LOG), true);
});
