/**
 * What a company wants of a webhook, with the compiled program: only what was asked for, provably
 * ours, over TLS of its own CA. The receivers verify and read with the libraries of others.
 *
 * @module
 */
import { HTTP } from "cloudevents";
import { jwtVerify } from "jose";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { Webhook as Verifier } from "standardwebhooks";
import { assert, assertEquals, assertMatch } from "../support/assert.ts";
import { command, mustDo, startDaemon, statusOf } from "../support/local_node.ts";
import { Receiver } from "../support/receiver.ts";
import { testNeeding } from "../support/requirements.ts";
import { makeTempFolder } from "../support/temp_folder.ts";
import { type CertificateWish, type Issued, LOCAL_NAMES, TestCa } from "../support/test_ca.ts";
import { until } from "../support/until.ts";

interface Request {
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** An HTTPS receiver that answers 401 to what it cannot verify, and why. */
class SecureReceiver implements AsyncDisposable {
  readonly taken: Request[] = [];
  readonly refused: unknown[] = [];
  readonly #server;

  private constructor(files: { cert: string; key: string }, verify: (request: Request) => void) {
    this.#server = createServer(files, async (incoming, response) => {
      const headers = Object.fromEntries(
        Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
      );
      const body = (await buffer(incoming)).toString();
      const request = { path: incoming.url ?? "", headers, body };
      try {
        verify(request);
        this.taken.push(request);
        response.writeHead(204).end();
      } catch (error) {
        this.refused.push(error);
        response.writeHead(401).end(String(error));
      }
    });
  }

  static async start(
    { cert, key }: Issued,
    verify: (request: Request) => void = () => {},
  ): Promise<SecureReceiver> {
    const files = { cert: await Deno.readTextFile(cert), key: await Deno.readTextFile(key) };
    const receiver = new SecureReceiver(files, verify);
    const { promise, resolve } = Promise.withResolvers<void>();
    // Its names are those of the certificate, and 127.0.0.2 is none of them.
    receiver.#server.listen(0, "0.0.0.0", resolve);
    await promise;
    return receiver;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `https://localhost:${this.port}/`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<unknown>();
    this.#server.close(resolve);
    this.#server.closeAllConnections();
    await promise;
  }
}

testNeeding(
  ["binary", "openssl"],
  "alerts come signed over TLS of a private CA, and other events do not",
  async () => {
    await using ca = await TestCa.make();
    await using folder = await makeTempFolder();
    const { path } = folder;
    const secretFile = `${path}/ops.secret`;
    await mustDo(path, "webhook-secret", "new", "--output", secretFile);
    const verifier = new Verifier((await Deno.readTextFile(secretFile)).trim());
    const issued = await ca.issue("server", { names: LOCAL_NAMES });
    await using receiver = await SecureReceiver.start(
      issued,
      ({ body, headers }) => verifier.verify(body, headers),
    );
    await using daemon = await startDaemon(path);
    const [, listening = ""] = await daemon.shows(/listening=(\S+)/);
    const settings = [
      ...["--severity", "alert", "--sign", "standard", "--secret-file", secretFile],
      ...["--ca-file", ca.file],
    ];
    await mustDo(path, "webhook-add", receiver.url, "--name", "ops", ...settings);
    const events = `${receiver.url}events`;
    await mustDo(
      path,
      "webhook-add",
      events,
      "--name",
      "ce",
      ...settings,
      "--format",
      "cloudevents",
    );
    const binary = ["--format", "cloudevents-binary"];
    await mustDo(path, "webhook-add", `${events}-binary`, "--name", "ceb", ...settings, ...binary);
    const emit = async (...event: string[]) => {
      await mustDo(path, "emit", ...event, "--to", listening);
    };
    await emit("VOLUME_CREATE", "name=gv0");
    await emit("BRICK_DISCONNECTED", "peer=gl1", "volume=gv0", "brick=/b1");
    await emit("VOLUME_CREATE", "name=gv1");
    const status = await until("all is delivered or left out", async () => {
      const report = await statusOf(path);
      const isDone = report.webhooks.every((it) => it.delivered === 1 && it.filtered === 2);
      return isDone ? report : undefined;
    }, { seen: () => [receiver.refused, daemon.stderr] });
    for (const { matched, filtered } of status.webhooks) {
      assertEquals([matched, filtered, status.events.received], [1, 2, 3]);
    }
    const byPath = new Map(receiver.taken.map((request) => [request.path, request]));
    assertEquals([...byPath.keys()].sort(), ["/", "/events", "/events-binary"]);
    assertEquals([receiver.taken.length, receiver.refused], [3, []]);
    const { event, message } = JSON.parse(byPath.get("/")?.body ?? "");
    assertEquals([event, message.brick], ["BRICK_DISCONNECTED", "/b1"]);
    for (const read of ["/events", "/events-binary"]) {
      const { headers = {}, body = "" } = byPath.get(read) ?? {};
      const found = HTTP.toEvent<{ message: unknown }>({ headers, body });
      assert(!Array.isArray(found));
      assertEquals(found.type, "org.gluster.brick.disconnected");
      assertEquals([found.id, found.data?.message], [headers["webhook-id"], message]);
    }
    assertEquals(
      (await command(path, "webhook-test", "ops")).code,
      0,
      Deno.inspect(receiver.refused),
    );
  },
);

testNeeding(
  ["binary"],
  "a receiver that verifies tokens takes every attempt, also a repeated one",
  async () => {
    await using folder = await makeTempFolder();
    const { path } = folder;
    const secret = "a secret of upstream's kind";
    const claims: unknown[] = [];
    await using receiver = new Receiver({
      answer: async ({ headers }, number) => {
        const [, token = ""] = headers.get("authorization")?.split("Bearer ") ?? [];
        const key = new TextEncoder().encode(secret);
        const wanted = { issuer: "gluster", algorithms: ["HS256"], requiredClaims: ["exp", "sub"] };
        const { payload } = await jwtVerify(token, key, wanted);
        claims.push(payload.sub);
        return new Response(null, { status: number <= 2 ? 503 : 200 });
      },
    });
    await using daemon = await startDaemon(path);
    const [, listening = ""] = await daemon.shows(/listening=(\S+)/);
    const quick = ["--retry-min", "10ms", "--retry-max", "20ms"];
    const add = ["webhook-add", receiver.url, "--sign", "jwt", "--secret", secret];
    await mustDo(path, ...add, ...quick);
    for (const event of ["VOLUME_CREATE", "VOLUME_START"]) {
      await mustDo(path, "emit", event, "name=gv0", "--to", listening);
    }
    await until("both are delivered", async () => {
      const { webhooks: [ops] } = await statusOf(path);
      return ops?.delivered === 2;
    }, { seen: () => [claims, daemon.stderr] });
    assertEquals(claims, ["VOLUME_CREATE", "VOLUME_CREATE", "VOLUME_CREATE", "VOLUME_START"]);
  },
);

const CERTIFICATES: readonly {
  readonly what: string;
  readonly wish?: CertificateWish;
  readonly isOther?: boolean;
  readonly host?: string;
  readonly reason: RegExp;
  readonly hint: RegExp;
}[] = [
  {
    what: "is signed by another CA",
    isOther: true,
    reason: /UnknownIssuer/,
    hint: /^hint: .*no certificate in ca-file \S+ is that of the CA .*openssl s_client/m,
  },
  {
    what: "has expired",
    wish: { untilDays: -0.5 },
    reason: /certificate expired/,
    hint: /^hint: .*has expired.*the receiver needs a new one/m,
  },
  {
    what: "is of another name",
    host: "127.0.0.2",
    reason: /not valid for/,
    hint: /^hint: .*not made for 127\.0\.0\.2: .*subjectAltName/m,
  },
];

for (const { what, wish, isOther = false, host = "localhost", reason, hint } of CERTIFICATES) {
  testNeeding(
    ["binary", "openssl"],
    `webhook-test says what helps where ca-file is given and a certificate ${what}`,
    async () => {
      await using ca = await TestCa.make();
      await using other = await TestCa.make();
      await using folder = await makeTempFolder();
      const issued = await ca.issue("server", { names: LOCAL_NAMES, ...wish });
      await using receiver = await SecureReceiver.start(issued);
      const words = ["webhook-test", `https://${host}:${receiver.port}/`];
      const trusted = isOther ? other.file : ca.file;
      const { code, stdout } = await command(folder.path, ...words, "--ca-file", trusted);
      assertEquals(code, 3, stdout);
      assertMatch(stdout, /NOT OK: tls/);
      assertMatch(stdout, reason);
      assertMatch(stdout, hint);
    },
  );
}
