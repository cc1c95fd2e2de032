/**
 * The labels by which Alertmanager knows an alert again: an alert is closed by the very same ones.
 *
 * @module
 */
import { eventTypeByName, UNKNOWN_SEVERITY } from "../../event/catalog.ts";
import { type EventFacts, firstText } from "../../event/event_facts.ts";
import type { AlertLabel, AlertRule } from "./alert_rules.ts";
import { cutText } from "./cut_text.ts";

/** Names and values, no value empty. */
export type Labels = Readonly<Record<string, string>>;

/** The longest value of a label, in characters. */
const LONGEST_VALUE = 256;

/** The labels of an alert that one event opens and others close, as any of them tells it. */
export function labelsOfRule(rule: AlertRule, facts: EventFacts): Labels {
  const { severity = UNKNOWN_SEVERITY, group = "" } = eventTypeByName(rule.opens) ?? {};
  const named = rule.labels.map((label) => [nameOf(label), valueOf(label, facts)] as const);
  return toLabels({
    alertname: toAlertName(rule.opens),
    severity,
    group,
    ...Object.fromEntries(named),
    ...(rule.isPoolWide === true ? {} : nodeLabels(facts)),
  });
}

/** The labels of an alert that nothing closes: all that the event names. */
export function labelsOfSingle(facts: EventFacts): Labels {
  const { event, severity, event_group: group, message } = facts.payload;
  const { volume, brick, peer, subvolume, snapshot, service } = facts;
  return toLabels({
    alertname: toAlertName(event),
    severity,
    group,
    volume,
    brick,
    peer,
    subvolume,
    snapshot,
    service,
    // Each directory has a limit of its own.
    path: group === "QUOTA" ? firstText(message, ["path"]) : "",
    ...nodeLabels(facts),
  });
}

/** `GlusterBrickDisconnected` of `BRICK_DISCONNECTED`. */
export function toAlertName(event: string): string {
  const words = event.toLowerCase().split("_");
  return `Gluster${words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join("")}`;
}

function nodeLabels({ payload: { host, nodeid } }: EventFacts): Record<string, string> {
  return { node: host, nodeid };
}

function nameOf(label: AlertLabel): string {
  return label === "own brick" ? "brick" : label.replace(" ", "_");
}

function valueOf(label: AlertLabel, facts: EventFacts): string {
  const { message, host } = facts.payload;
  switch (label) {
    case "own brick":
      return `${host}:${facts.brick.slice(facts.brick.indexOf(":/") + 1)}`;
    case "secondary":
      return firstText(message, ["secondary", "slave"]);
    case "secondary volume":
      return firstText(message, ["secondary_volume", "slave_volume"]);
    default:
      return facts[label];
  }
}

function toLabels(values: Readonly<Record<string, string | undefined>>): Labels {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value = ""]) =>
      value === "" ? [] : [[name, cutText(value.toWellFormed(), LONGEST_VALUE)]]
    ),
  );
}
