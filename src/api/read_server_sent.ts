/**
 * Reads what `server_sent.ts` writes.
 *
 * @module
 */

/** One message of a stream. */
export interface ServerSentMessage {
  /** `message`, where nothing else was said. */
  readonly type: string;
  readonly data: string;
  /** What `id:` said last. */
  readonly id: string;
}

/** A stream that is none, or has a line that is too long. */
export class ServerSentError extends Error {
  override readonly name = "ServerSentError";
}

/** A datagram has 64 KiB, and JSON writes one byte as six characters at worst. */
const LONGEST_LINE = 1024 * 1024;

/**
 * Reads messages until the end.
 *
 * @param onSign Called whenever something came, be it only a sign of life.
 * @throws {ServerSentError} If a line is too long.
 */
export async function* readServerSent(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  onSign: () => void,
): AsyncGenerator<ServerSentMessage> {
  const message = { type: "", data: "", id: "" };
  let isData = false;
  for await (const line of linesOf(body, onSign)) {
    if (line === "") {
      if (isData) yield { ...message, type: message.type || "message" };
      isData = false;
      message.type = "";
      message.data = "";
      continue;
    }
    const colon = line.indexOf(":");
    const name = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (name === "event") message.type = value;
    if (name === "id") message.id = value;
    if (name !== "data") continue;
    message.data = isData ? `${message.data}\n${value}` : value;
    isData = true;
  }
}

async function* linesOf(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  onSign: () => void,
): AsyncGenerator<string> {
  let begun = "";
  for await (const text of body.pipeThrough(new TextDecoderStream())) {
    onSign();
    const lines = text.split("\n");
    lines[0] = begun + (lines[0] ?? "");
    begun = lines.pop() ?? "";
    if (begun.length > LONGEST_LINE) {
      throw new ServerSentError(`A line is longer than ${LONGEST_LINE} characters`);
    }
    yield* lines;
  }
}
