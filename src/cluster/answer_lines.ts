/**
 * What a node answers, as the lines that glusterd carries to whoever asked.
 *
 * glusterd reads the output of a node's command line by line and cuts lines at 4,095 bytes
 * (glusterd-geo-rep.c, glusterd_op_sys_exec), so a long answer travels in pieces.
 *
 * @module
 */
import { Buffer } from "node:buffer";

/** What a node answered: a value, or why it could not do what it was asked. */
export type NodeAnswer<T = unknown> =
  | { readonly ok: true; readonly value: T }
  | {
    readonly ok: false;
    readonly error: string;
    readonly hint: string;
    /** The exit code that the command would have had on that node alone. */
    readonly code: number;
  };

const MARK = "gluster-eventing";
const PIECE_CHARACTERS = 3900;

/** The lines of a node's answer; each says whose it is and where it belongs. */
export function toLines(uuid: string, answer: NodeAnswer): string[] {
  const text = Buffer.from(JSON.stringify(answer)).toString("base64");
  const count = Math.max(1, Math.ceil(text.length / PIECE_CHARACTERS));
  return Array.from({ length: count }, (_, at) => {
    const piece = text.slice(at * PIECE_CHARACTERS, (at + 1) * PIECE_CHARACTERS);
    return `${MARK} ${uuid} ${at + 1}/${count} ${piece}`;
  });
}

/** The answers in what `gluster system:: execute` prints, by the nodes' UUIDs. */
export function fromLines(output: string): Map<string, NodeAnswer> {
  const pieces = new Map<string, { count: number; texts: string[] }>();
  for (const line of output.split("\n")) {
    const [, uuid, at, count, text] = LINE.exec(line) ?? [];
    if (uuid === undefined || text === undefined) continue;
    const known = pieces.get(uuid) ?? { count: Number(count), texts: [] };
    known.texts[Number(at) - 1] = text;
    pieces.set(uuid, known);
  }
  return new Map([...pieces].map(([uuid, { count, texts }]) => [uuid, joinPieces(count, texts)]));
}

const LINE = new RegExp(`^${MARK} (\\S+) (\\d+)/(\\d+) ([A-Za-z0-9+/=]*)\\s*$`);

function joinPieces(count: number, texts: readonly string[]): NodeAnswer {
  const came = Array.from(texts).filter((text) => text !== undefined).length;
  if (came !== count) return garbled(`${came} of ${count} pieces came`);
  try {
    const answer: unknown = JSON.parse(Buffer.from(texts.join(""), "base64").toString());
    return isAnswer(answer) ? answer : garbled("it has another shape");
  } catch (error) {
    if (error instanceof SyntaxError) return garbled(error.message);
    throw error;
  }
}

function isAnswer(answer: unknown): answer is NodeAnswer {
  if (typeof answer !== "object" || answer === null || !("ok" in answer)) return false;
  return answer.ok === true ? "value" in answer : "error" in answer;
}

function garbled(reason: string): NodeAnswer {
  return {
    ok: false,
    error: `its answer cannot be read: ${reason}`,
    hint: "see whether all nodes have the same version: gluster-eventing status",
    code: 1,
  };
}
