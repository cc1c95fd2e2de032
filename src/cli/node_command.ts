/**
 * What glusterd runs on every node: `gluster-eventing node ...`, called as `peer_gluster-eventing`.
 *
 * @module
 */
import { type NodeAnswer, toLines } from "../cluster/answer_lines.ts";
import type { GlusterCommand } from "../cluster/gluster_command.ts";
import { readOwnUuid } from "../cluster/pool.ts";
import type { GivenOptions } from "./command.ts";
import { EXIT } from "./exit_codes.ts";
import { describeFailure } from "./failures.ts";
import { NODE_ACTIONS, type NodeActionDeps } from "./node_actions.ts";
import type { Output } from "./output.ts";
import { type Environment, Places } from "./places.ts";

/** What the node's side of commands is run with. */
export interface NodeDeps {
  readonly output: Output;
  readonly environment: Environment;
  readonly gluster: GlusterCommand;
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * Answers a question from another node. It always ends with 0, since glusterd would keep back what
 * all the other nodes say.
 *
 * @param args The UUID of the node that asks and needs no answer, its glusterd's folder, then what it
 *   asks.
 */
export async function answerNode(args: readonly string[], deps: NodeDeps): Promise<number> {
  const [asker, folder = "", action = "", ...words] = args;
  const { output, environment, gluster } = deps;
  const likely = await readOwnUuid(folder);
  // glusterd is busy with this very question: it is asked for its folder only if that is another.
  const places = new Places(
    likely === "" ? givenWorkdir() : givenWorkdir(folder),
    environment,
    gluster,
  );
  const uuid = likely === "" ? await readOwnUuid(await places.workdir()) : likely;
  if (uuid === asker) return EXIT.done;
  const answer = await answerTo(action, words, { ...deps, places, uuid });
  if (answer !== undefined) toLines(uuid, answer).forEach((line) => output.line(line));
  return EXIT.done;
}

async function answerTo(
  action: string,
  words: readonly string[],
  deps: NodeActionDeps,
): Promise<NodeAnswer | undefined> {
  const act = Object.hasOwn(NODE_ACTIONS, action) ? NODE_ACTIONS[action] : undefined;
  if (act === undefined) {
    return {
      ok: false,
      error: `its version, ${deps.version}, cannot do that`,
      hint: "install the same version on all nodes",
      code: EXIT.failed,
    };
  }
  try {
    const value = await act(words, deps);
    return value === undefined ? undefined : { ok: true, value };
  } catch (error) {
    const { code, lines, hint } = describeFailure(error);
    return { ok: false, error: lines.join("; "), hint, code };
  }
}

function givenWorkdir(workdir?: string): GivenOptions {
  return {
    has: () => false,
    get: (name) => name === "workdir" ? workdir : undefined,
    all: () => [],
  };
}
