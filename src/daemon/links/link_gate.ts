/**
 * The way in for the other nodes of the pool: open only while one of them follows the events of this
 * node, or is about to.
 *
 * @module
 */
import { Gate, GateError } from "../../api/gate.ts";
import { LINK_PORTS, type LinkOffer } from "../../api/link_offer.ts";
import { HintedError } from "../../std/hinted_error.ts";
import { UntakenCounter } from "../../std/untaken.ts";
import type { Logger } from "../logger.ts";
import { type LinkCertificate, makeLinkCertificate } from "./link_certificate.ts";

/** What it works with. */
export interface LinkGateDeps {
  /** The control socket, where all is answered. */
  readonly socket: string;
  /** This node's id. */
  readonly node: () => string;
  readonly logger: Logger;
  readonly steadyNow: () => number;
  readonly random: () => number;
  /** Calls back after the time; returns what takes the call back. */
  readonly schedule: (callback: () => void, delayMs: number) => () => void;
}

/** The daemon stops, and opens nothing any more. */
export class LinkClosedError extends HintedError {
  override readonly name = "LinkClosedError";
}

/** Nobody has used it for so long. */
const IDLE_MS = 60_000;
const LOOK_MS = 10_000;
const GRACE_MS = 250;
const TOKEN_BYTES = 32;

const ANY_PORT = 0;

/** Each of up to 8 streams of up to 64 other nodes; nobody else has the token. */
const CONNECTIONS = 512;
const CONNECTIONS_OF_ONE = 16;

/** A gate, and what others have to know of it. */
interface Open {
  readonly gate: Gate;
  readonly offer: LinkOffer;
}

/** Opens the gate when a node asks for it, and closes it when it is of no use. */
export class LinkGate implements AsyncDisposable {
  readonly #deps: LinkGateDeps;
  readonly #refused: UntakenCounter;
  #open: Promise<Open> | undefined;
  #usedMs = 0;
  #cancel: () => void = () => {};
  #isDisposed = false;

  constructor(deps: LinkGateDeps) {
    this.#deps = deps;
    this.#refused = new UntakenCounter(({ count, from }) => {
      deps.logger.log("WARNING", "requests to the link of the nodes refused", {
        count,
        last_from: from,
      });
    });
  }

  /**
   * What another node has to know to follow the events of this one; good for a minute from now, and
   * for as long as it is used.
   *
   * @throws {GateError | LinkClosedError} If there is no way in.
   */
  async offer(): Promise<LinkOffer> {
    if (this.#isDisposed) throw new LinkClosedError("The daemon stops", "ask again when it runs");
    this.#usedMs = this.#deps.steadyNow();
    const opening = this.#open ??= this.#openGate();
    try {
      return (await opening).offer;
    } catch (error) {
      if (this.#open === opening) this.#open = undefined;
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true;
    await this.#close();
  }

  async #openGate(): Promise<Open> {
    const { node, logger } = this.#deps;
    const id = node();
    const certificate = await makeLinkCertificate(id);
    const token = crypto.getRandomValues(new Uint8Array(TOKEN_BYTES)).toHex();
    const gate = this.#listen(certificate, token);
    const { port } = gate.address;
    logger.log("INFO", "other nodes follow the events of this one", { port });
    this.#lookLater();
    const { name, cert } = certificate;
    return { gate, offer: { node: id, port, name, certificate: cert, token } };
  }

  /** Takes one of the ports that firewalls let through, if one is free. */
  #listen({ cert, key }: LinkCertificate, token: string): Gate {
    const { socket, logger, random, steadyNow } = this.#deps;
    const { first, last } = LINK_PORTS;
    const count = last - first + 1;
    const start = Math.floor(random() * count);
    const ports = Array.from({ length: count }, (_, at) => first + (start + at) % count);
    const hostname = isDualStack() ? "::" : "0.0.0.0";
    for (const port of [...ports, ANY_PORT]) {
      try {
        return Gate.open({
          address: { hostname, port },
          tls: { cert, key },
          token: () => token,
          isLink: true,
          socket,
          limits: { connections: CONNECTIONS, connectionsOfOne: CONNECTIONS_OF_ONE },
          onRefused: (from) => this.#refused.add(from, steadyNow()),
          onFault: (error) => {
            logger.log("ERROR", "the link of the nodes fails", { error: String(error) });
          },
        });
      } catch (error) {
        const isTaken = error instanceof GateError &&
          error.cause instanceof Deno.errors.AddrInUse;
        if (!isTaken || port === ANY_PORT) throw error;
      }
    }
    throw new TypeError("The last port that is tried is any");
  }

  #lookLater(): void {
    this.#cancel = this.#deps.schedule(() => void this.#look(), LOOK_MS);
  }

  async #look(): Promise<void> {
    const open = await this.#open;
    if (open === undefined || this.#isDisposed) return;
    const { steadyNow, logger } = this.#deps;
    this.#refused.tell(steadyNow());
    if (open.gate.answering > 0) this.#usedMs = steadyNow();
    if (steadyNow() - this.#usedMs < IDLE_MS) {
      this.#lookLater();
      return;
    }
    await this.#close();
    logger.log("INFO", "no other node follows the events of this one any more");
  }

  async #close(): Promise<void> {
    const opening = this.#open;
    this.#open = undefined;
    try {
      const open = await opening;
      // Only what is open is looked at.
      this.#cancel();
      await open?.gate.stop(GRACE_MS);
    } catch (error) {
      // Whoever asked for it was told that it could not be opened.
      if (!(error instanceof GateError)) throw error;
    }
  }
}

/** Whether a socket of IPv6 takes IPv4 too, as it mostly does where there is IPv6. */
function isDualStack(): boolean {
  let six: Deno.TcpListener | undefined;
  try {
    six = Deno.listen({ hostname: "::", port: ANY_PORT });
    Deno.listen({ hostname: "0.0.0.0", port: six.addr.port }).close();
    return false;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return six !== undefined;
  } finally {
    six?.close();
  }
}
