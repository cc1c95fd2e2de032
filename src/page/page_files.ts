/**
 * The files of the live page, which the test hook and the daemon serve alike. They are in the binary
 * and hold nothing that anybody may not see: what the page shows it asks for.
 *
 * @module
 */

/** Where the page is. */
export const PAGE_PATH = "/";

/** Where its files are. */
const FOLDER = "/page/";
const NAME = /^[a-z_]+\.(html|css|js|svg)$/;
const TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
};

/** Nothing from elsewhere, no script in the text, no frame around it. */
const SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** Whether a path is that of the page or of one of its files. */
export function isPagePath(path: string): boolean {
  return nameOf(path) !== undefined;
}

/** Answers with the page or one of its files; `undefined` if there is none at the path. */
export async function answerPage(path: string): Promise<Response | undefined> {
  const name = nameOf(path);
  if (name === undefined) return undefined;
  try {
    const text = await Deno.readTextFile(new URL(`./assets/${name}`, import.meta.url));
    return new Response(text, { headers: headersOf(name) });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function nameOf(path: string): string | undefined {
  if (path === PAGE_PATH) return "page.html";
  const name = path.startsWith(FOLDER) ? path.slice(FOLDER.length) : "";
  return NAME.test(name) ? name : undefined;
}

function headersOf(name: string): Record<string, string> {
  const extension = name.slice(name.lastIndexOf(".") + 1);
  return {
    "content-type": TYPES[extension] ?? "application/octet-stream",
    "content-security-policy": SECURITY_POLICY,
    "referrer-policy": "no-referrer",
  };
}
