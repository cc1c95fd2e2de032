/**
 * An nginx of our own: a receiver that is faster than whatever posts to it, and counts.
 *
 * @module
 */
import { freePort } from "../soak/free_port.ts";
import { RunningProgram } from "../support/program.ts";
import { makeTempFolder } from "../support/temp_folder.ts";
import { until } from "../support/until.ts";
import { findProgram, mustFind, notInstalled } from "../support/installed.ts";
import { requestsIn } from "./stub_status.ts";

const NGINX_PACKAGE = "nginx-light";

const STATUS = "stub_status";

/** Why it cannot run here; `undefined` if it can. */
export function nginxMissing(): string | undefined {
  return findProgram("nginx") === undefined ? notInstalled(NGINX_PACKAGE) : undefined;
}

/** Answers everything with 200 until it is disposed of. */
export class Nginx implements AsyncDisposable {
  readonly #port: number;
  readonly #cleanups: AsyncDisposableStack;
  /** How many requests were made only to ask. */
  #asked: number;

  private constructor(
    { port, asked, cleanups }: { port: number; asked: number; cleanups: AsyncDisposableStack },
  ) {
    this.#port = port;
    this.#asked = asked;
    this.#cleanups = cleanups;
  }

  /** Starts it and waits until it answers. */
  static async start(): Promise<Nginx> {
    const binary = mustFind("nginx");
    await using cleanups = new AsyncDisposableStack();
    const { path } = cleanups.use(await makeTempFolder());
    const port = freePort();
    await Deno.writeTextFile(`${path}/nginx.conf`, configOf(path, port));
    const args = ["-p", path, "-e", `${path}/error.log`, "-c", `${path}/nginx.conf`];
    const program = cleanups.use(new RunningProgram(args, { binary }));
    const asked = await until("nginx answers", () => readRequests(port).catch(() => undefined), {
      seen: () => program.stderr,
    });
    return new Nginx({ port, asked, cleanups: cleanups.move() });
  }

  /** A URL that is answered with 200. */
  url(path = "hook"): string {
    return urlOf(this.#port, path);
  }

  /** How many requests came, apart from our own questions. */
  async requests(): Promise<number> {
    this.#asked++;
    return await readRequests(this.#port) - this.#asked;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#cleanups.disposeAsync();
  }
}

function urlOf(port: number, path: string): string {
  return `http://127.0.0.1:${port}/${path}`;
}

async function readRequests(port: number): Promise<number> {
  const response = await fetch(urlOf(port, STATUS));
  const text = await response.text();
  if (!response.ok) throw new Error(`nginx answers ${response.status}: ${text}`);
  return requestsIn(text);
}

/** One process, which is easier to end, and as few reasons as possible to do anything else. */
function configOf(folder: string, port: number): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((kind) => `${kind}_temp_path ${folder}/${kind};`).join("\n  ");
  return `daemon off;
master_process off;
worker_processes 1;
worker_rlimit_nofile 8192;
pid ${folder}/nginx.pid;
events { worker_connections 4096; }
http {
  ${temporary}
  access_log off;
  keepalive_requests 1000000000;
  keepalive_timeout 1h;
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location = /${STATUS} { stub_status; }
    location / { return 200; }
  }
}
`;
}
