import { unknownFields } from "../../../src/event/unknown_fields.ts";
import { assertEquals } from "../../support/assert.ts";

Deno.test("a field that no event of the catalog has is found, with what may be meant", () => {
  const rules = ["message.forse=true", "message.zzzzzzzz!=1", "message.optoins.auth.allow=*"];
  assertEquals(unknownFields(rules), [
    { path: "message.forse", guess: "message.force" },
    { path: "message.zzzzzzzz" },
    { path: "message.optoins.auth.allow", guess: "message.options" },
  ]);
});

Deno.test("fields that some event has are not found, whatever it is called in which release", () => {
  const rules = [
    ...["nodeid=x", "host!=y", "severity=alert", "message.force=true", "message.client-pid=0"],
    ...["message.child-3=x", "message.master_volume=gv1", "message.primary_volume=gv1"],
    ...["message.options.auth.allow=*", "message.Volume=gv1"],
  ];
  assertEquals(unknownFields(rules), []);
});
