/**
 * Planted secrets together with the receivers that give them away.
 *
 * @module
 */
import { type Expected, gossip, plant, type Planted } from "./planted_secrets.ts";
import { linger, RawReceiver, repeatRequest } from "./raw_receiver.ts";
import { Receiver } from "./receiver.ts";

/** What is planted, and who receives it. */
export interface PlantedField extends AsyncDisposable {
  readonly planted: Planted;
  /** The one that says all it knows. */
  readonly receiver: Receiver;
}

/** Starts the receivers and plants secrets; files with some of them go into the folder. */
export async function plantField(folder: string): Promise<PlantedField> {
  let expected: Expected = {};
  await using stack = new AsyncDisposableStack();
  const receiver = stack.use(
    new Receiver({ answer: (request) => gossip(request, expected) }),
  );
  const deaf = stack.use(new RawReceiver(linger));
  const echo = stack.use(new RawReceiver(repeatRequest));
  const planted = await plant({ folder, gossip: receiver.url, deaf: deaf.url, echo: echo.url });
  ({ expected } = planted);
  const running = stack.move();
  return { planted, receiver, [Symbol.asyncDispose]: () => running.disposeAsync() };
}
