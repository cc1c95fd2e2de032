/**
 * Keeps the API over TCP where the registry wants it. What goes wrong with it is logged and shown,
 * tried again, and harms nothing else.
 *
 * @module
 */
import { readApiToken } from "../api/api_token.ts";
import { Gate, type TlsPair, tryTls } from "../api/gate.ts";
import type { ApiStatus } from "../api/status_report.ts";
import { UntakenCounter } from "../std/untaken.ts";
import { apiFault, type ApiSettings } from "../registry/api_rules.ts";
import { readSmallFileSync } from "../std/files.ts";
import { parseHostPort } from "../std/host_port.ts";
import { HintedError } from "../std/hinted_error.ts";
import type { Logger } from "./logger.ts";
import { modeFields, openMode } from "./open_files.ts";

/** What the care works with. */
export interface ApiCareDeps {
  /** What the registry in force says. */
  readonly settings: () => ApiSettings;
  /** The control socket, where all is answered. */
  readonly socket: string;
  readonly logger: Logger;
  readonly steadyNow: () => number;
  /** Calls back after the time; returns what takes the call back. */
  readonly schedule: (callback: () => void, delayMs: number) => () => void;
}

const EVERY_MS = 60_000;
const GRACE_MS = 1000;

/** A gate, and what it was opened with. */
interface Open {
  readonly gate: Gate;
  readonly settings: ApiSettings;
  readonly tls: TlsPair | undefined;
}

/** Opens, moves and closes the gate. */
export class ApiCare implements AsyncDisposable {
  readonly #deps: ApiCareDeps;
  readonly #refused: UntakenCounter;
  /** Gates that let their last connections end. */
  readonly #ending = new Set<Promise<void>>();
  #open: Open | undefined;
  #problem: string | undefined;
  #warned: string | undefined;
  #looking: Promise<void> = Promise.resolve();
  #cancel: () => void = () => {};
  #isDisposed = false;

  constructor(deps: ApiCareDeps) {
    this.#deps = deps;
    this.#refused = new UntakenCounter(({ count, from }) => {
      deps.logger.log("WARNING", "requests to the API refused", { count, last_from: from });
    });
  }

  /** Where it is served. */
  get status(): ApiStatus {
    return {
      listening: this.#open === undefined ? [] : [this.#open.gate.url],
      problem: this.#problem ?? null,
      refused: this.#refused.total,
    };
  }

  /** Looks at the settings and files now, and again every minute. Never fails. */
  async look(): Promise<void> {
    this.#looking = this.#looking.then(() => this.#lookOnce());
    await this.#looking;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true;
    this.#cancel();
    await this.#looking;
    await this.#close();
    await Promise.all(this.#ending);
  }

  async #lookOnce(): Promise<void> {
    if (this.#isDisposed) return;
    this.#cancel();
    try {
      const isOpened = await this.#follow(this.#deps.settings());
      if (this.#problem !== undefined && !isOpened) {
        this.#deps.logger.log("INFO", "the API is served as wanted again");
      }
      this.#problem = undefined;
    } catch (error) {
      this.#tell(error);
    }
    this.#refused.tell(this.#deps.steadyNow());
    this.#cancel = this.#deps.schedule(() => void this.look(), EVERY_MS);
  }

  /** @returns Whether it said that it is served. @throws {HintedError} If it cannot be. */
  async #follow(settings: ApiSettings): Promise<boolean> {
    const { logger } = this.#deps;
    const isMeant = isSame(this.#open?.settings, settings);
    if (!isMeant && await this.#close() && settings.listen === undefined) {
      logger.log("INFO", "the API is served on the control socket only");
    }
    if (settings.listen === undefined) return false;
    // The registry is not taken over with such settings; whoever changes that has to change this.
    const fault = apiFault(settings);
    if (fault !== undefined) throw new HintedError(fault.message, fault.hint);
    const { tokenFile } = settings;
    if (tokenFile !== undefined) {
      readApiToken(tokenFile);
      await this.#warnIfReadable(tokenFile);
    }
    const tls = readTls(settings);
    if (isMeant && isSame(this.#open?.tls, tls)) return false;
    // What is of no use does not replace what works.
    if (tls !== undefined) tryTls(tls);
    const { gate: before } = this.#open ?? {};
    await this.#close();
    this.#openGate({ settings, tls, before });
    return true;
  }

  #openGate(
    { settings, tls, before }: Omit<Open, "gate"> & { readonly before: Gate | undefined },
  ): void {
    const { socket, logger, steadyNow } = this.#deps;
    const { listen = "", tokenFile } = settings;
    const wanted = parseHostPort(listen);
    if (wanted === undefined) throw new TypeError(`"${listen}" is no address and port`);
    // Of any free port, the one that was known until now.
    const port = wanted.port === 0 ? before?.address.port ?? 0 : wanted.port;
    const gate = Gate.open({
      address: { ...wanted, port },
      socket,
      ...(tls === undefined ? {} : { tls }),
      ...(tokenFile === undefined ? {} : { token: () => this.#token(tokenFile) }),
      steadyNow,
      onRefused: (from) => this.#refused.add(from, steadyNow()),
      onFault: (error) => logger.log("ERROR", "the API fails", { error: String(error) }),
    });
    this.#open = { gate, settings, tls };
    logger.log("INFO", "the API is served", {
      url: gate.url,
      asks_for: tokenFile === undefined ? "nothing, and changes nothing" : "the token",
    });
  }

  /** Read for every request, since it may change at any time. */
  #token(path: string): string | null {
    try {
      return readApiToken(path);
    } catch (error) {
      this.#tell(error);
      return null;
    }
  }

  /** @returns Whether it was open. */
  async #close(): Promise<boolean> {
    if (this.#open === undefined) return false;
    const { gate } = this.#open;
    this.#open = undefined;
    await gate.close();
    const ended = gate.stop(GRACE_MS).finally(() => this.#ending.delete(ended));
    this.#ending.add(ended);
    return true;
  }

  /** Says what is wrong, once. */
  #tell(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    if (message === this.#problem) return;
    this.#problem = message;
    const hint = error instanceof HintedError ? error.hint : undefined;
    this.#deps.logger.log("ERROR", "the API is not served as wanted", { error: message, hint });
  }

  async #warnIfReadable(path: string): Promise<void> {
    const mode = await openMode(path);
    if (mode !== undefined && this.#warned !== path) {
      this.#deps.logger.log(
        "WARNING",
        "others can read the token of the API",
        modeFields(mode, path),
      );
    }
    this.#warned = mode === undefined ? undefined : path;
  }
}

function readTls({ certFile, keyFile }: ApiSettings): TlsPair | undefined {
  if (certFile === undefined || keyFile === undefined) return undefined;
  return {
    cert: readText("api-cert-file", certFile),
    key: readText("api-key-file", keyFile),
  };
}

function readText(setting: string, path: string): string {
  try {
    return new TextDecoder().decode(readSmallFileSync(path));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new HintedError(
      `Cannot read ${setting} ${path}: ${error.message}`,
      `the file has to be on every node, and readable for root: ls -l ${path}`,
      { cause: error },
    );
  }
}

function isSame<T extends object>(one: T | undefined, other: T | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
