/**
 * The kinds of values that say where the API is served.
 *
 * @module
 */
import { isIP } from "node:net";
import { formatHostPort, parseHostPort } from "../std/host_port.ts";
import { refuse, type ValueKind } from "./value_kinds.ts";

const ADDRESS_RULE = "an address and a port, such as 127.0.0.1:24080 or [::]:24080";

const LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
/** A host name. One whose last part is a number would be an IPv4 address, and no valid one. */
const HOST_NAME = new RegExp(`^(?=.{1,253}$)(?:${LABEL}\\.)*(?!\\d+$)${LABEL}$`);

/** A TCP address to listen on, read as the text that means it; port 0 is any free one. */
export function tcpAddress(): ValueKind<string> {
  return {
    allowed: ADDRESS_RULE,
    read: (value) => {
      const parsed = typeof value === "string" ? parseHostPort(value.toLowerCase()) : undefined;
      const isHost = parsed !== undefined &&
        (isIP(parsed.hostname) !== 0 || HOST_NAME.test(parsed.hostname));
      return isHost ? { value: formatHostPort(parsed) } : refuse(ADDRESS_RULE, value);
    },
    fromText: (given) => given,
  };
}

/** A text that may also be absent: empty, or a word for that on the command line. */
export function orNothing(kind: ValueKind<string>, emptyWord: string): ValueKind<string> {
  return {
    allowed: `${kind.allowed}, or "" for none`,
    emptyWord,
    ...(kind.isFile === undefined ? {} : { isFile: kind.isFile }),
    read: (value) => value === "" ? { value } : kind.read(value),
    fromText: (given) =>
      given.trim() === "" || given.trim().toLowerCase() === emptyWord ? "" : kind.fromText(given),
  };
}
