/**
 * What `scripts/monitoring` holds for those who run Prometheus and Grafana.
 *
 * @module
 */

/** The folder. */
export const MONITORING = new URL("../../scripts/monitoring/", import.meta.url).pathname;

/** A place on a dashboard, in columns and rows of its grid. */
export interface GridPlace {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** A panel, as far as tests look at it. */
export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: GridPlace;
  readonly targets?: readonly { readonly refId: string; readonly expr: string }[];
}

/** A dashboard, as far as tests look at it. */
export interface Dashboard {
  readonly schemaVersion: number;
  readonly panels: readonly Panel[];
  readonly templating: {
    readonly list: readonly { readonly name: string; readonly definition?: string }[];
  };
  readonly annotations: { readonly list: readonly { readonly expr: string }[] };
}

/** Reads the dashboard. */
export async function readDashboard(): Promise<Dashboard> {
  return JSON.parse(await Deno.readTextFile(`${MONITORING}dashboard.json`));
}

/** What Grafana puts in place of its variables. */
const VARIABLES: Readonly<Record<string, string>> = {
  node: ".*",
  webhook: ".*",
  __rate_interval: "1m",
  __range: "1h",
};

/** All expressions of a dashboard as Prometheus gets them, by the title of their panel. */
export function expressionsOf({ panels, annotations }: Dashboard): [title: string, expr: string][] {
  const shown = panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr }): [string, string] => [title, expr])
  );
  const marked = annotations.list.map(({ expr }): [string, string] => ["annotations", expr]);
  return [...shown, ...marked].map(([title, expr]) => [title, withValues(expr)]);
}

function withValues(expr: string): string {
  return expr.replace(/\$(\w+)/g, (variable, name) => {
    const value = VARIABLES[name];
    if (value === undefined) throw new Error(`There is no variable ${variable}: ${expr}`);
    return value;
  });
}

/** The names of this program's metrics in a text. */
export function metricNamesIn(text: string): Set<string> {
  return new Set(text.match(/\bgluster_eventing_[a-z_]+/g));
}

/** The names of the alerts in a file of rules. */
export function alertsIn(text: string): string[] {
  return [...text.matchAll(/^ +- alert: (\S+)$/gm)].map(([, name = ""]) => name);
}
