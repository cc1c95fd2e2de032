/**
 * Reads Prometheus' text format, as far as the daemon writes it.
 *
 * @module
 */

/** What `/metrics` said. */
export class Metrics {
  readonly text: string;
  readonly #samples = new Map<string, number>();

  constructor(text: string) {
    this.text = text;
    for (const line of text.split("\n")) {
      if (line === "" || line.startsWith("#")) continue;
      const [, series, value] = /^([a-z_]+(?:\{.*\})?) (\S+)$/.exec(line) ?? [];
      if (series === undefined) throw new Error(`This is no sample: ${line}`);
      if (this.#samples.has(series)) throw new Error(`There are two samples of ${series}`);
      this.#samples.set(series, Number(value));
    }
  }

  /** Asks a daemon on its control socket. */
  static async of(socket: string): Promise<Metrics> {
    using client = Deno.createHttpClient({ proxy: { transport: "unix", path: socket } });
    return new Metrics(await (await fetch("http://daemon/metrics", { client })).text());
  }

  /** The value of a series without the common beginning, such as `webhook_dead{webhook="a"}`. */
  get(series: string): number | undefined {
    return this.#samples.get(`gluster_eventing_${series}`);
  }

  /** All series that begin like this, with their values. */
  all(start: string): [series: string, value: number][] {
    return [...this.#samples].filter(([series]) => series.startsWith(`gluster_eventing_${start}`));
  }

  /** The names of all families, and of the series of those that are histograms. */
  get names(): Set<string> {
    const types = [...this.text.matchAll(/^# TYPE (\S+) (\S+)$/gm)];
    return new Set(
      types.flatMap(([, name = "", type]) =>
        type === "histogram" ? ["", "_bucket", "_sum", "_count"].map((part) => name + part) : [name]
      ),
    );
  }
}
