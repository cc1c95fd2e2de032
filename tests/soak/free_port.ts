/** Ports from which the kernel takes none by itself begin above; well-known ones end below. */
const LOWEST = 12_000;
const COUNT = 18_000;
const MOST_TRIES = 100;

/**
 * A port on which nobody listens, for somebody who will do so later, maybe more than once. It lies
 * where no connection gets it as its own: a closed port that a client hits could otherwise be the
 * client's end itself.
 */
export function freePort(): number {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const [random = 0] = crypto.getRandomValues(new Uint32Array(1));
    const port = LOWEST + random % COUNT;
    try {
      Deno.listen({ hostname: "127.0.0.1", port }).close();
      Deno.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port }).close();
      return port;
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
  throw new Error(`Cannot find a free port: ${MOST_TRIES} from ${LOWEST} on are taken`);
}
