/**
 * The options text of `VOLUME_SET`, `,key,value,key,value`, in which values can hold commas too.
 *
 * @module
 */

// The name spaces of volume options (glusterd-volume-set.c). A host name in a value
// (`auth.allow host1.example.com,host2.example.com`) must not be taken for the next option.
const NAMESPACES = new Set(
  ("auth bitrot changelog client cloudsync cluster config ctime debug delay-gen dht diagnostics " +
    "disperse encryption features feature ganesha geo-replication glusterd ipv6 locks nfs " +
    "nfs-ganesha network performance rebalance rpc server snap-activate-on-create ssl storage " +
    "transport user").split(" "),
);

// All other options have one dot, so that `nfs.example.com` in a value is a host name.
const NAMES_WITH_MORE_DOTS = /^(?:user|performance\.nfs|network\.compression|transport\.socket)\./;

/**
 * Splits the text into pairs of option and value. A value goes on until the next text between
 * commas that names an option and has a value behind it.
 */
export function parseVolumeOptions(text: string): [string, string][] {
  const words = text.split(",");
  if (words[0] === "") words.shift();
  const pairs: [string, string][] = [];
  let current: [string, string] | undefined;
  let valueIsOpen = false;
  words.forEach((word, position) => {
    if (!valueIsOpen && current !== undefined) {
      current[1] = word;
      valueIsOpen = true;
    } else if (current === undefined || startsOption(word, position < words.length - 1)) {
      current = [word, ""];
      pairs.push(current);
      valueIsOpen = false;
    } else {
      current[1] += `,${word}`;
    }
  });
  return pairs;
}

/** The text that {@linkcode parseVolumeOptions} reads as these pairs. */
export function formatVolumeOptions(pairs: readonly (readonly [string, string])[]): string {
  return pairs.map(([option, value]) => `,${option},${value}`).join("");
}

function startsOption(word: string, hasValue: boolean): boolean {
  if (!hasValue || !/^\S+$/.test(word)) return false;
  const [space = "", ...rest] = word.split(".");
  return NAMESPACES.has(space) && (rest.length === 1 || NAMES_WITH_MORE_DOTS.test(word));
}
