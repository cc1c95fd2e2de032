/** A datagram that a real cluster sent. */
export interface FixtureLine {
  readonly node: string;
  readonly source: string;
  readonly payload: string;
}

const FIXTURE = new URL("../../fixtures/datagrams_10.3.tsv", import.meta.url);

/** Reads the datagrams of the fixture; its first line is a comment. */
export function readFixtureLines(): FixtureLine[] {
  const [, ...rows] = Deno.readTextFileSync(FIXTURE).split("\n");
  return rows.filter((row) => row !== "").map((row) => {
    const [node, source, payload, ...more] = row.split("\t");
    if (node === undefined || source === undefined || payload === undefined || more.length > 0) {
      throw new Error(`Not node, source and payload: ${row}`);
    }
    return { node, source, payload };
  });
}
