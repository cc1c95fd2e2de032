import type { Invocation } from "../command.ts";
import { EXIT } from "../exit_codes.ts";
import { Places } from "../places.ts";

/**
 * `complete-webhooks`: the names of the webhooks, for a shell that waits for them with a person.
 * glusterd is not asked for its folder, since it may take seconds to answer or not be there.
 */
export async function run({ options, environment, output }: Invocation): Promise<number> {
  const places = new Places(options, environment, () => Promise.resolve(undefined));
  try {
    const { webhooks } = await (await places.registry()).read();
    output.result(webhooks.map(({ name }) => name), webhooks.map(({ name }) => name));
    return EXIT.done;
  } catch (error) {
    // Whatever is wrong, the middle of somebody's command line is no place to say it.
    if (!(error instanceof Error)) throw error;
    return EXIT.failed;
  }
}
