import { RowStore } from "../../../src/page/assets/row_store.js";
import { makeRow } from "../../support/page_rows.ts";
import { assertEquals } from "../../support/assert.ts";

const rows = (...keys: string[]) => keys.map((key) => makeRow({ key }));
const keysOf = (store: RowStore) => store.entries.map(({ key }) => key);

Deno.test("a line that came already does not come twice", () => {
  const store = new RowStore(10);
  store.add(rows("1", "2"));
  const fresh = store.add(rows("2", "3"));
  assertEquals(fresh.map(({ key }) => key), ["3"]);
  assertEquals(keysOf(store), ["1", "2", "3"]);
  assertEquals(store.received, 3);
});

Deno.test("only the newest lines are kept, and all are counted", () => {
  const store = new RowStore(3);
  for (let number = 1; number <= 1000; number++) store.add(rows(String(number)));
  assertEquals(keysOf(store), ["998", "999", "1000"]);
  assertEquals(store.received, 1000);
});

Deno.test("during a pause lines wait, as many as would be kept", () => {
  const store = new RowStore(3);
  store.add(rows("1"));
  store.pause();
  store.add(rows("2", "3", "4", "5"));
  assertEquals(keysOf(store), ["1"]);
  assertEquals(store.held, 4);
  store.resume();
  assertEquals(keysOf(store), ["3", "4", "5"]);
  assertEquals(store.held, 0);
});

Deno.test("more that is known of a line takes its place, also while it waits", () => {
  const store = new RowStore(10);
  store.add(rows("1"));
  store.pause();
  store.add(rows("2"));
  store.change([makeRow({ key: "1", text: "new" }), makeRow({ key: "2", text: "newer" })]);
  store.change([makeRow({ key: "9", text: "unknown" })]);
  store.resume();
  assertEquals(store.entries.map((entry) => "text" in entry && entry.text), ["new", "newer"]);
});

Deno.test("notices are no events", () => {
  const store = new RowStore(10);
  store.add([{ key: "n", at: 0, notice: "restarted", isProblem: true }]);
  assertEquals([store.received, store.entries.length], [0, 1]);
});

Deno.test("clearing forgets the lines, and not how many there were", () => {
  const store = new RowStore(10);
  store.add(rows("1", "2"));
  store.clear();
  assertEquals([store.received, store.entries.length], [2, 0]);
});
