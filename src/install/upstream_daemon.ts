/**
 * Upstream's daemon, which wants the same port.
 *
 * @module
 */
import { ConsentMissingError, InstallError, type StepReport } from "./item.ts";

/** Runs `systemctl`; `undefined` where no systemd runs. */
export type RunSystemctl = (
  args: readonly string[],
) => Promise<{ readonly code: number; readonly stderr: string } | undefined>;

/** Asks whoever sits at the terminal; `undefined` if nobody does. */
export type Ask = (question: string) => Promise<boolean | undefined>;

const UNIT = "glustereventsd.service";
const WHAT = "upstream's daemon";

/** What is known of it. */
export type UpstreamState = "absent" | "in the way" | "port taken";

/**
 * Finds out whether it is in the way.
 *
 * @param isPortTaken Whether a program other than ours has the port. Without systemd nothing else
 *   can be known: it removes its pid file as soon as it has written it.
 */
export async function findUpstream(
  systemctl: RunSystemctl,
  isPortTaken: () => Promise<boolean>,
): Promise<UpstreamState> {
  const active = await systemctl(["is-active", "--quiet", UNIT]);
  if (active === undefined) return await isPortTaken() ? "port taken" : "absent";
  const enabled = await systemctl(["is-enabled", "--quiet", UNIT]);
  return active.code === 0 || enabled?.code === 0 ? "in the way" : "absent";
}

/**
 * Asks whether it may be stopped.
 *
 * @throws {ConsentMissingError} If nobody can be asked, or the answer is no.
 */
export async function askForConsent(
  options: { readonly yes: boolean; readonly ask: Ask },
): Promise<void> {
  if (options.yes) return;
  const hint = "let it be stopped: gluster-eventing install --yes";
  const answer = await options.ask(
    "Upstream's glustereventsd is in use here, and wants the same port. Stop and disable it?",
  );
  if (answer === true) return;
  throw new ConsentMissingError(
    answer === undefined
      ? "Upstream's glustereventsd is in use here and has to be stopped first, since both want the " +
        "same port; nobody is at a terminal to agree. Nothing was changed"
      : "Upstream's glustereventsd stays, so nothing was changed",
    hint,
  );
}

/** Stops and disables it. @throws {InstallError} */
export async function stopUpstream(systemctl: RunSystemctl): Promise<void> {
  const result = await systemctl(["disable", "--now", UNIT]);
  if (result === undefined || result.code === 0) return;
  throw new InstallError(
    `systemctl disable --now ${UNIT} ended with ${result.code}: ${result.stderr.trim()}`,
    `see why: systemctl status ${UNIT}; then install again`,
  );
}

/** What is said of it; nothing if it is not there. */
export function reportUpstream(state: UpstreamState, isDryRun: boolean): StepReport[] {
  if (state === "absent") return [];
  if (state === "in the way") {
    const detail = isDryRun ? "is to be stopped and disabled" : "stopped and disabled";
    return [{ what: WHAT, result: isDryRun ? "planned" : "done", detail }];
  }
  return [{
    what: WHAT,
    result: "skipped",
    detail:
      "the UDP port is taken, maybe by glustereventsd; without systemd that cannot be told: " +
      "see ss -ulnp, and end it by hand before the start",
  }];
}
