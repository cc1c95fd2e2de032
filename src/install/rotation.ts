/**
 * The rotation of the log that a daemon without systemd writes.
 *
 * @module
 */
import type { Tree } from "./tree.ts";

const FOLDER = "/etc/logrotate.d";

/**
 * Behind Gluster's own in the alphabet: logrotate takes no file twice, and of two that name it, the
 * later one is left out whole.
 */
export const ROTATION_PATH = `${FOLDER}/glusterfs-eventing`;

/** The text of our file for logrotate. */
export function rotationText({ logFile, binary }: { logFile: string; binary: string }): string {
  return `# The log of gluster-eventing where no systemd runs; with systemd it is in the journal.
${logFile} {
	weekly
	rotate 8
	compress
	delaycompress
	missingok
	notifempty
	create 0600 root root
	postrotate
		${binary} reload --local >/dev/null 2>&1 || true
	endscript
}
`;
}

/** Another file of logrotate that rotates the log already, as the one of Gluster's packages does. */
export async function findRotation(tree: Tree, logFile: string): Promise<string | undefined> {
  for (const name of await tree.list(FOLDER)) {
    const path = `${FOLDER}/${name}`;
    if (path === ROTATION_PATH) continue;
    const found = await tree.look(path);
    if (found.kind !== "file") continue;
    if (rotates(await tree.read(path) ?? "", logFile)) return path;
  }
  return undefined;
}

/** Whether a text for logrotate names the file, or a pattern that it fits. */
export function rotates(text: string, logFile: string): boolean {
  const lines = text.split("\n").map((line) => line.trim()).filter((line) => /^["']?\//.test(line));
  const words = lines.flatMap((line) => line.split(/[\s{]+/));
  return words.some((word) => toPattern(word.replace(/^["']|["']$/g, "")).test(logFile));
}

function toPattern(glob: string): RegExp {
  const source = glob.replace(/[.+^$(){}|[\]\\]/g, "\\$&")
    .replaceAll("*", "[^/]*").replaceAll("?", "[^/]");
  return new RegExp(`^${source}$`);
}
