import {
  formatListenAddress,
  type ListenAddress,
  parseListenAddress,
} from "../../listener/listen_address.ts";
import { type Invocation, UsageError } from "../command.ts";
import { EXIT } from "../exit_codes.ts";
import { toVisible } from "../../std/plain_text.ts";
import { loopback, sendDatagram, toReachable } from "../send_datagram.ts";
import { statusIfRunning } from "../webhook_rows.ts";
import { noteStrangeKeys, readWrittenEvent } from "../written_event.ts";

/** `emit EVENT KEY=VALUE...` */
export async function run(invocation: Invocation): Promise<number> {
  const { operands: [name = "", ...pairs], output } = invocation;
  const { event, datagram, strangeKeys } = readWrittenEvent(name, pairs, Date.now());
  const { to, isKnown } = await findTarget(invocation);
  await sendDatagram(datagram, to);
  const address = formatListenAddress(to);
  if (!isKnown) {
    output.note(`note: no daemon answers on ${invocation.places.socket}; sent it all the same`);
  }
  noteStrangeKeys(output, { event, strangeKeys });
  output.result([`Sent ${event} to UDP ${address}: ${toVisible(datagram)}`], {
    event,
    to: address,
    datagram,
  });
  return EXIT.done;
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
