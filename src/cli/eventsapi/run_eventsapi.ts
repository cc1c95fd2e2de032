/**
 * Runs a command line of upstream's `gluster-eventsapi`: its commands, tables, JSON and exit codes.
 *
 * @module
 */
import type { NodeRow } from "../../cluster/node_row.ts";
import { isUpstreamKey, UPSTREAM_KEYS, type UpstreamKey } from "../../registry/upstream_import.ts";
import { isSameUrl, maskUrl } from "../../registry/webhook_url.ts";
import { EXIT } from "../exit_codes.ts";
import { Output, OutputError, type Streams } from "../output.ts";
import type { EventsapiActions } from "./actions.ts";
import type { ApiCommandName } from "./api_commands.ts";
import { describeApiFailure, EventsapiError } from "./api_errors.ts";
import { programOf, renderHelp, renderUsage } from "./api_help.ts";
import { ArgumentError } from "./api_option.ts";
import { exitCodeOfRows, renderRows, rowsToJson, type Subject } from "./node_rows.ts";
import { type ApiLine, parseApiLine } from "./parse_api_line.ts";
import { renderPrettyTable } from "./pretty_table.ts";
import { type Json, toPythonJson } from "../../std/python_json.ts";

/** As Python's argparse has it; it is the code of a value that is not changed, too. */
const USAGE_CODE = 2;

/** Printed above the table, as upstream does. */
const RESTART_NOTICE = "\nRestart gluster-eventing in all nodes";

/**
 * Runs a command line and shows what comes of it.
 *
 * @param args The words behind the program's name.
 * @returns The exit code.
 */
export async function runEventsapi(
  args: readonly string[],
  { streams, actions }: { streams: Streams; actions: EventsapiActions },
): Promise<number> {
  let output = new Output(streams, { json: false });
  try {
    const line = parseApiLine(args);
    if (line.ask === "nothing") return EXIT.done;
    if (line.ask === "help") {
      output.line(renderHelp(line.command).join("\n"));
      return EXIT.done;
    }
    output = new Output(streams, { json: line.isJson });
    return await RUN[line.command.name](new Run(line, actions, output));
  } catch (error) {
    return showFailure(error, output);
  }
}

function showFailure(error: unknown, output: Output): number {
  if (error instanceof ArgumentError) {
    const { command, message } = error;
    const text = [...renderUsage(command), `${programOf(command)}: error: ${message}`].join("\n");
    output.lastWord(text);
    return USAGE_CODE;
  }
  const { code, text, hint } = describeApiFailure(error);
  const shown = hint === undefined ? text : `${text}\nhint: ${hint}`;
  if (!output.isJson || error instanceof OutputError) {
    output.lastWord(shown);
    return code;
  }
  try {
    output.line(toPythonJson({ output: "", error: text }));
  } catch (failure) {
    if (!(failure instanceof OutputError)) throw failure;
    output.lastWord(shown);
  }
  return code;
}

/** A command line with what it needs. */
class Run {
  readonly actions: EventsapiActions;
  readonly output: Output;
  readonly #values: ReadonlyMap<string, string>;

  constructor(
    { values }: Extract<ApiLine, { ask: "run" }>,
    actions: EventsapiActions,
    output: Output,
  ) {
    this.#values = values;
    this.actions = actions;
    this.output = output;
  }

  value(name: string): string | undefined {
    return this.#values.get(name);
  }

  get url(): string {
    return this.value("url") ?? "";
  }

  get credentials(): { token: string; secret: string } {
    return { token: this.value("bearer_token") ?? "", secret: this.value("secret") ?? "" };
  }

  /** Prints rows. @returns The exit code that they come to. */
  rows(subject: Subject, rows: readonly NodeRow[]): number {
    this.print(renderRows(subject, rows), rowsToJson(subject, rows));
    return exitCodeOfRows(rows);
  }

  print(lines: readonly string[], data: Json): void {
    this.output.line(
      this.output.isJson ? toPythonJson({ output: data, error: "" }) : lines.join("\n"),
    );
  }

  /** In front of JSON the notice would break it. */
  noticeRestart(keys: readonly UpstreamKey[]): void {
    if (keys.includes("port") && !this.output.isJson) this.output.line(RESTART_NOTICE);
  }
}

const RUN: { readonly [N in ApiCommandName]: (run: Run) => Promise<number> } = {
  "status": async (run) => {
    const { webhooks, rows } = await run.actions.status();
    const urls = webhooks.map(withoutSecrets);
    const head = webhooks.length === 0 ? "Webhooks: None" : "Webhooks: ";
    run.print(
      [head, ...urls, "", ...renderRows("glustereventsd", rows)],
      { webhooks: urls, data: rowsToJson("glustereventsd", rows) },
    );
    return EXIT.done;
  },
  "reload": async (run) => {
    run.rows("reload", await run.actions.reload());
    return EXIT.done;
  },
  "sync": async (run) => run.rows("sync", await run.actions.sync()),
  "webhook-add": async (run) =>
    run.rows("sync", await run.actions.webhookAdd(run.url, run.credentials)),
  "webhook-mod": async (run) =>
    run.rows("sync", await run.actions.webhookMod(run.url, run.credentials)),
  "webhook-del": async (run) => run.rows("sync", await run.actions.webhookDel(run.url)),
  "webhook-test": async (run) =>
    run.rows("webhook", await run.actions.webhookTest(run.url, run.credentials)),
  "config-get": async (run) => {
    const name = run.value("name");
    const keys = name === undefined ? UPSTREAM_KEYS : [asKey(name)];
    const values = await run.actions.configGet();
    const rows = keys.map((key) => [key, showValue(values[key])]);
    run.print(
      renderPrettyTable([{ heading: "NAME" }, { heading: "VALUE" }], rows),
      Object.fromEntries(keys.map((key) => [key, values[key]])),
    );
    return EXIT.done;
  },
  "config-set": async (run) => {
    const key = asKey(run.value("name"));
    const rows = await run.actions.configSet(key, run.value("value") ?? "");
    run.noticeRestart([key]);
    return run.rows("sync", rows);
  },
  "config-reset": async (run) => {
    const name = run.value("name");
    const keys = name?.toLowerCase() === "all" ? UPSTREAM_KEYS : [asKey(name)];
    const { reset, rows } = await run.actions.configReset(keys);
    run.noticeRestart(reset);
    return run.rows("sync", rows);
  },
};

function asKey(name: string | undefined): UpstreamKey {
  if (name !== undefined && isUpstreamKey(name)) return name;
  throw new EventsapiError(EXIT.invalidConfig, "Invalid Config item");
}

/** As Python writes it. */
function showValue(value: string | number | boolean): string {
  return value === true ? "True" : value === false ? "False" : String(value);
}

/** The URL as it was registered, unless there are secrets in it. */
function withoutSecrets(url: string): string {
  const masked = maskUrl(url);
  return isSameUrl(masked, url) ? url : masked;
}
