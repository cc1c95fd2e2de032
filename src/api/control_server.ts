/**
 * HTTP on the control socket of a running daemon.
 *
 * @module
 */
import { isWithin } from "../std/async.ts";
import { folderOf } from "../std/files.ts";
import { HintedError } from "../std/hinted_error.ts";
import { serveUnix } from "../std/http_server.ts";
import type { ControlHandlers } from "./control_handlers.ts";
import { answerRequest } from "./routes.ts";
import { StallCutter } from "./stall_cutter.ts";
import type { StreamLimits } from "./stream_answers.ts";

const GRACE_MS = 250;
const STREAM_LIMITS: StreamLimits = { keepAliveMs: 15_000, stallMs: 30_000 };

/** The control socket could not be made. */
export class ControlSocketError extends HintedError {
  override readonly name = "ControlSocketError";
}

/** The socket's path while no other daemon can use it. */
export interface SocketClaim extends Disposable {
  readonly path: string;
}

/**
 * Claims the control socket for this process. The kernel ends the claim with the process, however
 * it dies.
 *
 * @throws {ControlSocketError} If another daemon has it or it cannot be made.
 */
export async function claimSocket(path: string): Promise<SocketClaim> {
  const folder = folderOf(path);
  // sun_path of sockaddr_un holds 107 bytes and a NUL.
  if (new TextEncoder().encode(path).length > 107) {
    throw new ControlSocketError(
      `Cannot make the control socket ${path}: its path is longer than 107 bytes`,
      "name a shorter one with --socket",
    );
  }
  let lock: Deno.FsFile | undefined;
  try {
    await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
    lock = await Deno.open(`${path}.lock`, { create: true, write: true, mode: 0o600 });
    if (!await lock.tryLock(true)) {
      throw new ControlSocketError(
        `Cannot start: another daemon runs on the control socket ${path}`,
        "look at it with: gluster-eventing status --local; or name another socket with --socket",
      );
    }
    await removeStaleSocket(path);
    const held = lock;
    return { path, [Symbol.dispose]: () => held.close() };
  } catch (error) {
    lock?.close();
    throw toSocketError(path, error);
  }
}

/** Serves the control API on a claimed socket, readable by its owner only. */
export async function serveControl(
  { path }: SocketClaim,
  handlers: ControlHandlers,
  limits: StreamLimits = STREAM_LIMITS,
): Promise<AsyncDisposable> {
  try {
    const cutter = new StallCutter(path);
    const sockets = new Set<Promise<void>>();
    const streaming = { limits, cutter, sockets };
    const server = serveUnix(path, (request) => answerRequest(request, handlers, streaming));
    await Deno.chmod(path, 0o600);
    return {
      async [Symbol.asyncDispose]() {
        await Promise.all([server.stop(GRACE_MS), isWithin(GRACE_MS, Promise.all(sockets))]);
        if (sockets.size > 0) {
          // A WebSocket ends when the other side agrees, or never.
          cutter.cutAll();
          await isWithin(GRACE_MS, Promise.all(sockets));
        }
        cutter[Symbol.dispose]();
        await Deno.remove(path).catch((error) => {
          if (!(error instanceof Deno.errors.NotFound)) throw error;
        });
      },
    };
  } catch (error) {
    throw toSocketError(path, error);
  }
}

/** Whether no daemon has a claim on the socket, so that one can start. */
export async function isSocketFree(path: string): Promise<boolean> {
  try {
    using lock = await Deno.open(`${path}.lock`, { write: true });
    return await lock.tryLock(true);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return true;
    throw toSocketError(path, error);
  }
}

async function removeStaleSocket(path: string): Promise<void> {
  try {
    const { isSocket } = await Deno.lstat(path);
    if (isSocket !== true) {
      throw new ControlSocketError(
        `Cannot make the control socket ${path}: something that is no socket has this name`,
        "move it away, or name another socket with --socket",
      );
    }
    if (await isServed(path)) {
      throw new ControlSocketError(
        `Cannot make the control socket ${path}: another program answers on it`,
        "name another socket with --socket",
      );
    }
    await Deno.remove(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

async function isServed(path: string): Promise<boolean> {
  try {
    (await Deno.connect({ transport: "unix", path })).close();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.ConnectionRefused) return false;
    throw error;
  }
}

function toSocketError(path: string, error: unknown): unknown {
  if (error instanceof ControlSocketError || !(error instanceof Error)) return error;
  return new ControlSocketError(
    `Cannot make the control socket ${path}: ${error.message}`,
    "run it as root, or name another place with --socket",
    { cause: error },
  );
}
