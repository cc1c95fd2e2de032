/**
 * What may give secrets away: command lines that show what is known, or complain, and registries that
 * nobody may have.
 *
 * @module
 */
import type { Planted } from "./planted_secrets.ts";

/** Command lines that show what they know, and those that complain. */
export function commandLines(
  { names, canaries }: Planted,
  url: string,
): readonly (readonly string[])[] {
  const secret = canaries.of("bad option");
  const hidden = `http://${
    canaries.of("given user")
  }:${secret}@127.0.0.1:1/${secret}?key=${secret}`;
  const looking = [
    ["status"],
    ["webhook-list"],
    ["history"],
    ["attempts", "--limit", "1000"],
    ["attempts", "--failed"],
    ["dead-letters"],
    ["replay", "jwt-200", "--since", "1h", "--dry-run"],
    ["replay", "url-401", "--dead-letters"],
    ["config-get"],
    ["reload"],
    ["sync"],
    ["webhook-resume", "url-410"],
    ["webhook-pause", "url-410"],
    ["webhook-secret", "public", "standard-200"],
    ...names.map((name) => ["webhook-show", name]),
    ...names.map((name) => ["webhook-test", name]),
  ];
  const complaining = [
    ["webhook-add", url],
    ["webhook-add", hidden, "--name", "jwt-200"],
    ["webhook-add", hidden, "--timeout", "soon"],
    ["webhook-add", hidden.replace("http", "ftp")],
    ["webhook-add", `${secret}:${secret}@ops`],
    ["webhook-add", `ops/${canaries.of("given path")}`],
    ["webhook-test", hidden, "--timeout", "100ms"],
    [
      "webhook-test",
      "http://127.0.0.1:1/",
      "-t",
      secret,
      "-s",
      secret,
      "--header",
      `X-A=${secret}`,
    ],
    ["webhook-show", hidden],
    ["webhook-trust", hidden],
    ["webhook-resume", hidden],
    ["replay", hidden, "--since", "1h"],
    ["replay", `ops/${secret}`, "--since", "1h"],
    ["attempts", `ops/${secret}`],
    ["webhook-del", hidden],
    ["webhook-mod", "jwt-200", "--bearer-token", `${secret} ${secret}`],
    ["webhook-mod", "jwt-200", "--secret", `${secret}\n`],
    ["webhook-mod", "jwt-200", "--secret", secret, "--keep-old", "1h"],
    ["webhook-mod", "jwt-200", "--secret", secret, "--sign", "standard"],
    ["webhook-mod", "standard-200", "--secret", `whsec_${secret}`],
    ["webhook-mod", "jwt-200", `-s${secret}`],
    ["webhook-mod", "jwt-200", `--secret${secret}`],
    ["webhook-mod", "jwt-200", "--header", secret],
    ["webhook-mod", "jwt-200", "--header", `X Key=${secret}`],
    ["webhook-mod", "jwt-200", "--header", `X-Key=${secret}\u0001`],
    ["webhook-mod", "jwt-200", "--proxy", `user:${secret}@proxy`],
    ["webhook-mod", "jwt-200", "--url", hidden.replace("@127", "@o ps")],
    ["webhook-mod", "jwt-200", "--secret", "x", secret],
    ["webhook-secret", secret],
    ["webhook-secret", "new", secret],
  ];
  return [...looking, ...looking.map((line) => [...line, "--json"]), ...complaining];
}

/** Lines that no registry may hold, with a secret where it is wrong. */
export function badRegistries({ canaries, registry }: Planted): string[] {
  const secret = canaries.of("bad registry");
  const lines = [
    `bearer-token = "${secret} ${secret}"`,
    `bearer-token = ["${secret}"]`,
    `secret = "${secret}\\n"`,
    `secret = { x = "${secret}" }`,
    `secret = "${secret}`,
    `secret = ${secret}`,
    `secret = "${secret}" "${secret}"`,
    `secret = "${secret}"\nsign = "standard"`,
    `secret = "${secret}"\nold-secret = "${secret}"`,
    `headers = "${secret}"`,
    `headers = { "X Key" = "${secret}" }`,
    `headers = { X-Key = "${secret}\\u0001" }`,
    `headers = { Authorization = "${secret}" }`,
    `proxy = "user:${secret}@proxy"`,
    `proxy = "ftp://user:${secret}@proxy"`,
  ];
  const urls = [
    `http://u:${secret}@o ps/`,
    `u:${secret}@ops`,
    `ftp://u:${secret}@ops/${secret}?k=${secret}`,
    `http://ops/${secret}"\nca-file = "/x`,
  ];
  const table = (url: string, line: string) =>
    `${registry}\n[[webhook]]\nname = "bad"\nurl = "${url}"\n${line}\n`;
  return [
    ...lines.map((line) => table("http://bad/", line)),
    ...urls.map((url) => table(url, "")),
  ];
}
