/**
 * The login of browsers: whoever shows the token gets a cookie that stands for it, since a browser
 * sends no token of its own with a page, an `EventSource` or a `WebSocket`.
 *
 * @module
 */
import { parseHostPort } from "../std/host_port.ts";
import { isSameText } from "../std/same_text.ts";
import type { GateAnswer } from "./gate_answer.ts";
import type { RequestHead } from "./request_head.ts";
import { type Session, Sessions } from "./sessions.ts";
import { WrongTokens } from "./wrong_tokens.ts";

/** What the desk works with. */
export interface LoginDeskOptions {
  readonly scheme: "http" | "https";
  /** The token that is asked for, `null` if nobody's will do. */
  readonly token: () => string | null;
  /** A clock that does not jump, in milliseconds. */
  readonly steadyNow: () => number;
}

/** A request to log in or out, which was judged already. */
export interface LoginRequest {
  readonly head: RequestHead;
  readonly body: string;
  /** The address of whoever asks. */
  readonly from: string;
}

/** Where a browser logs in. */
export const LOGIN_PATH = "/v1/login";
/** Where it logs out. */
export const LOGOUT_PATH = "/v1/logout";
/** A token has at most 4096 characters. */
export const LARGEST_LOGIN = 8192;

const COOKIE = "gluster-eventing";
const DEFAULT_PORTS = { http: 80, https: 443 };

/** Opens and ends sessions. */
export class LoginDesk {
  readonly #options: LoginDeskOptions;
  readonly #sessions: Sessions;
  readonly #wrong: WrongTokens;

  constructor(options: LoginDeskOptions) {
    this.#options = options;
    this.#sessions = new Sessions(options);
    this.#wrong = new WrongTokens(options.steadyNow);
  }

  /** The session whose cookie the request has, which is used now; `undefined` without one. */
  sessionOf(head: RequestHead): Session | undefined {
    const token = this.#options.token();
    return token === null ? undefined : this.#sessions.use(this.#idsIn(head), token);
  }

  /** Ends the sessions whose time is over, or that were begun with another token. */
  endOld(): void {
    this.#sessions.endOld(this.#options.token());
  }

  /** Answers a request to {@link LOGIN_PATH}. */
  login({ head, body, from }: LoginRequest): GateAnswer {
    const waitMs = this.#wrong.waitMs(from);
    // Also with the right token: otherwise all could be tried.
    if (waitMs > 0) return tooMany(waitMs);
    const given = tokenIn(body);
    if (given === undefined) {
      return {
        status: 400,
        body: {
          error: "There is no token in the body",
          hint: 'send a JSON object like {"token": "..."}',
        },
      };
    }
    const token = this.#options.token();
    // The comparison takes the same time whether there is a token or not.
    if (!isSameText(given, token ?? "") || token === null) {
      this.#wrong.add(from);
      return {
        status: 401,
        body: {
          error: "This is not the token",
          hint: "it is what the node's api-token-file holds",
        },
      };
    }
    this.#endThoseOf(head);
    return { status: 204, headers: this.#cookie(head, this.#sessions.open(token)) };
  }

  /** Answers a request to {@link LOGOUT_PATH}. */
  logout({ head }: Pick<LoginRequest, "head">): GateAnswer {
    this.#endThoseOf(head);
    return { status: 204, headers: this.#cookie(head, "") };
  }

  #endThoseOf(head: RequestHead): void {
    for (const id of this.#idsIn(head)) this.#sessions.end(id);
  }

  #idsIn(head: RequestHead): string[] {
    return cookiesNamed(this.#nameFor(head), head.fields.get("cookie") ?? "");
  }

  /** @param id Empty if the browser is to forget it. */
  #cookie(head: RequestHead, id: string): Record<string, string> {
    const parts = [`${this.#nameFor(head)}=${id}`, "Path=/", "HttpOnly", "SameSite=Strict"];
    if (this.#options.scheme === "https") parts.push("Secure");
    if (id === "") parts.push("Max-Age=0");
    return { "set-cookie": parts.join("; ") };
  }

  /**
   * Browsers keep cookies by host and not by port: the daemons of several nodes, each behind a
   * forwarded port, would take each other's.
   */
  #nameFor({ fields }: RequestHead): string {
    const { scheme } = this.#options;
    const port = parseHostPort(fields.get("host") ?? "")?.port ?? DEFAULT_PORTS[scheme];
    // The prefix is for the browser (RFC 6265bis, 4.1.3): nobody else's answer sets such a cookie.
    return `${scheme === "https" ? "__Host-" : ""}${COOKIE}-${port}`;
  }
}

/** The values of all cookies of this name (RFC 6265, 4.2.1). */
function cookiesNamed(name: string, header: string): string[] {
  return header.split(";").flatMap((pair) => {
    const [given = "", value = ""] = pair.trim().split(/=(.*)/s);
    return given === name && value !== "" ? [value] : [];
  });
}

function tokenIn(body: string): string | undefined {
  try {
    const value: unknown = JSON.parse(body);
    const isFit = typeof value === "object" && value !== null && "token" in value &&
      typeof value.token === "string";
    return isFit ? value.token as string : undefined;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}

function tooMany(waitMs: number): GateAnswer {
  const seconds = Math.ceil(waitMs / 1000);
  return {
    status: 429,
    headers: { "retry-after": String(seconds) },
    body: {
      error: "Too many wrong tokens came from this address",
      hint: `try again in ${seconds} s`,
    },
  };
}
