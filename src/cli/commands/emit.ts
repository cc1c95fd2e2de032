import { EVENT_TYPES } from "../../event/catalog.ts";
import { formatDatagram, parseDatagram } from "../../event/datagram.ts";
import {
  formatListenAddress,
  type ListenAddress,
  parseListenAddress,
} from "../../listener/listen_address.ts";
import { nearest } from "../../std/text.ts";
import { type Invocation, UsageError } from "../command.ts";
import { EXIT } from "../exit_codes.ts";
import { toVisible } from "../../std/plain_text.ts";
import { loopback, sendDatagram, toReachable } from "../send_datagram.ts";
import { statusIfRunning } from "../webhook_rows.ts";

/** `emit EVENT KEY=VALUE...` */
export async function run(invocation: Invocation): Promise<number> {
  const { operands: [name = "", ...pairs], output } = invocation;
  const event = asEventName(name);
  const message = Object.fromEntries(pairs.map(asPair));
  if (Object.keys(message).length < pairs.length) {
    throw new UsageError("A key is given twice", "an event has each of its keys once");
  }
  const datagram = formatDatagram({ ts: Math.floor(Date.now() / 1000), event, message });
  const { to, isKnown } = await findTarget(invocation);
  await sendDatagram(datagram, to);
  const address = formatListenAddress(to);
  if (!isKnown) {
    output.note(`note: no daemon answers on ${invocation.places.socket}; sent it all the same`);
  }
  const read = Object.keys(parseDatagram(datagram)?.message ?? {});
  const strange = Object.keys(message).filter((key) => !read.includes(key));
  if (strange.length > 0) {
    const keys = strange.join(", ");
    output.note(`note: ${event} has no ${keys}: that is read as part of the value before it`);
  }
  output.result([`Sent ${event} to UDP ${address}: ${toVisible(datagram)}`], {
    event,
    to: address,
    datagram,
  });
  return EXIT.done;
}

function asEventName(text: string): string {
  const name = text.toUpperCase().replace(/^EVENT_/, "");
  const names = EVENT_TYPES.map((type) => type.name);
  if (names.includes(name) || /^UNKNOWN_-?\d{1,15}$/.test(name)) return name;
  const guess = nearest(name, names);
  throw new UsageError(
    `There is no event "${text}"`,
    guess === undefined ? "see them: gluster-eventing event-types" : `did you mean: ${guess}`,
  );
}

function asPair(text: string): [string, string] {
  const [, key, value] = /^([A-Za-z_][A-Za-z0-9_-]*)=([\s\S]*)$/.exec(text) ?? [];
  if (key === undefined || value === undefined) {
    throw new UsageError(`"${text}" is not KEY=VALUE`, "write it like: name=gv1");
  }
  return [key, value];
}

async function findTarget(
  { options, places }: Invocation,
): Promise<{ to: ListenAddress; isKnown: boolean }> {
  const given = options.get("to");
  if (given !== undefined) {
    const to = parseListenAddress(given);
    if (to === undefined || to.port === 0) {
      throw new UsageError(`"${given}" is no address to send to`, "write HOST:PORT");
    }
    return { to, isKnown: true };
  }
  const status = await statusIfRunning(places.daemon());
  const [listening] = status?.listening ?? [];
  const running = listening === undefined ? undefined : parseListenAddress(listening);
  if (running !== undefined) return { to: toReachable(running), isKnown: true };
  const { config: { port } } = await (await places.registry()).read();
  return { to: { hostname: loopback(), port }, isKnown: false };
}
