/**
 * The options of the commands for webhooks that set the keys of one.
 *
 * @module
 */
import { SEVERITIES } from "../../event/catalog.ts";
import { FORMATS, ORDERS, SIGNATURES } from "../../registry/schema.ts";
import type { OptionSpec } from "../command.ts";

/** The options that set a webhook's keys. */
export const WEBHOOK_SETTINGS: readonly OptionSpec[] = [
  { name: "name", value: "NAME", help: "name for commands and logs (default: the host's name)" },
  {
    name: "events",
    value: "PATTERN,...",
    help: 'only these: names, with * for any, group:GROUP, "!" before one leaves it out',
  },
  {
    name: "severity",
    value: "SEVERITY",
    choices: SEVERITIES,
    help: `only this severity or worse: ${SEVERITIES.join(", ")}`,
  },
  {
    name: "volumes",
    value: "VOLUME,...",
    help: 'only events of these volumes, with * for any and "!" to leave one out',
  },
  {
    name: "fields",
    value: "FIELD=VALUE,...",
    help: "only events with such a field, such as message.force=true or nodeid!=ID",
  },
  {
    name: "format",
    value: "FORMAT",
    choices: FORMATS,
    help: `what the body looks like: ${FORMATS.join(", ")} (gluster)`,
  },
  {
    name: "bearer-token",
    short: "t",
    alias: "bearer_token",
    value: "TOKEN",
    help: "token for the Authorization header; - reads it from standard input",
  },
  { name: "bearer-token-file", value: "FILE", help: "the file on each node that holds the token" },
  {
    name: "secret",
    short: "s",
    value: "SECRET",
    help: "key that signs every request; - reads it from standard input",
  },
  {
    name: "secret-file",
    value: "FILE",
    help: "the file on each node that holds the key, and in further lines former ones",
  },
  {
    name: "sign",
    value: "HOW",
    choices: SIGNATURES,
    help: "jwt (a token, as upstream sends it, the default) or standard (Standard Webhooks, for " +
      "which a secret is made if there is none)",
  },
  {
    name: "header",
    value: "NAME=VALUE",
    repeatable: true,
    help: "further request header; replaces those set before",
  },
  { name: "ca-file", value: "FILE", help: "certificates (PEM) that are trusted too" },
  { name: "cert-file", value: "FILE", help: "certificate (PEM) to show to the receiver" },
  { name: "key-file", value: "FILE", help: "private key (PEM) of that certificate" },
  {
    name: "server-pin",
    value: "SHA256",
    help: "take this certificate and no other one; webhook-trust sets it",
  },
  { name: "proxy", value: "URL|none", help: "proxy to post through (default: HTTPS_PROXY etc.)" },
  { name: "timeout", value: "TIME", help: "longest wait for an answer, such as 15s" },
  { name: "retry-min", value: "TIME", help: "first back-off after a failed attempt, such as 1s" },
  { name: "retry-max", value: "TIME", help: "longest back-off between attempts, such as 5m" },
  { name: "retry-for", value: "TIME", help: "how long an event is retried, such as 72h" },
  {
    name: "order",
    value: "ORDER",
    choices: ORDERS,
    help: "fifo (all in order, the default), volume (those of each volume) or none",
  },
  {
    name: "concurrency",
    value: "N",
    help: "requests at the same time, with order volume or none (8)",
  },
  { name: "batch", value: "N", help: "post up to N events in one request, as a JSON array" },
  { name: "rate", value: "RATE", help: "most requests in a time, such as 10/s, 30/m or 1000/h" },
];
