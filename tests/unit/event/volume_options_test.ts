import { formatVolumeOptions, parseVolumeOptions } from "../../../src/event/volume_options.ts";
import { assertEquals } from "../../support/assert.ts";

const CASES: readonly (readonly [what: string, text: string, pairs: [string, string][]])[] = [
  ["no text is no option", "", []],
  ["one option", ",nfs.disable,on", [["nfs.disable", "on"]]],
  ["the comma in front may be missing", "nfs.disable,on", [["nfs.disable", "on"]]],
  ["several options", ",a.b,1,user.x,2,nfs.y,3", [["a.b", "1"], ["user.x", "2"], ["nfs.y", "3"]]],
  ["a value of addresses", ",auth.allow,10.0.0.1,10.0.0.2", [
    ["auth.allow", "10.0.0.1,10.0.0.2"],
  ]],
  ["a value of host names", ",auth.allow,a.example.com,b.example.com,user.k,v", [
    ["auth.allow", "a.example.com,b.example.com"],
    ["user.k", "v"],
  ]],
  ["hosts that are called like name spaces", ",auth.allow,a.b.c,nfs.example.com,d.e.f,nfs.x,on", [
    ["auth.allow", "a.b.c,nfs.example.com,d.e.f"],
    ["nfs.x", "on"],
  ]],
  ["an option without a value", ",nfs.disable", [["nfs.disable", ""]]],
  ["an empty value between options", ",user.a,,nfs.disable,on", [
    ["user.a", ""],
    ["nfs.disable", "on"],
  ]],
  ["a value that looks like an option", ",user.a,nfs.disable,nfs.disable,on", [
    ["user.a", "nfs.disable"],
    ["nfs.disable", "on"],
  ]],
  ["an option's name at the very end is a value", ",user.a,b,nfs.disable", [
    ["user.a", "b,nfs.disable"],
  ]],
  ["an option with more than one dot", ",user.a,b,performance.nfs.io-cache,on", [
    ["user.a", "b"],
    ["performance.nfs.io-cache", "on"],
  ]],
  ["a user's own option with more than one dot", ",user.a,b,user.my.own,c", [
    ["user.a", "b"],
    ["user.my.own", "c"],
  ]],
  ["an option of an unknown name space comes first only", ",strange.one,x,strange.two,y", [
    ["strange.one", "x,strange.two,y"],
  ]],
  ["blanks, = and ; in a value", ",user.note,a=b;c=d e", [["user.note", "a=b;c=d e"]]],
];

for (const [what, text, pairs] of CASES) {
  Deno.test(`options of VOLUME_SET: ${what}`, () => {
    assertEquals(parseVolumeOptions(text), pairs);
    assertEquals(parseVolumeOptions(formatVolumeOptions(pairs)), pairs);
  });
}
