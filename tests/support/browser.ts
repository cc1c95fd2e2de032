import { type Browser, chromium, type Page } from "playwright-core";
import { findProgram } from "./installed.ts";
import { CHROMIUM } from "./requirements.ts";

/** How a page is looked at. */
export interface PageLook {
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: "light" | "dark";
  /** Whether a certificate counts that nobody vouches for. */
  readonly trustsAll?: boolean;
  /** Whether a console error is expected, such as that of a server that is away. */
  readonly allows?: (complaint: string) => boolean;
}

/** A page of the browser that remembers what it complained about. */
export interface WatchedPage extends AsyncDisposable {
  readonly page: Page;
  /** Errors of scripts, of the console and of the content security policy. */
  readonly complaints: readonly string[];
}

/** A browser that ends with the test. */
export interface TestBrowser extends AsyncDisposable {
  /**
   * Opens a page in a context of its own.
   *
   * @param url An address, or nothing for an empty page.
   */
  readonly open: (url?: string, look?: PageLook) => Promise<WatchedPage>;
}

/** As long as `until` waits. */
const LONGEST_WAIT_MS = 15_000;

/** Starts Debian's Chromium without a window. Starting it takes a second: once per file. */
export async function startBrowser(): Promise<TestBrowser> {
  const browser = await chromium.launch({
    executablePath: findProgram(CHROMIUM) ?? CHROMIUM,
    args: ["--no-sandbox"],
  });
  return {
    open: (url, look) => openPage(browser, url, look),
    [Symbol.asyncDispose]: () => browser.close(),
  };
}

/** Closing the page throws if it complained of anything that is not allowed. */
async function openPage(
  browser: Browser,
  url: string | undefined,
  { width = 1280, height = 800, colorScheme = "light", ...look }: PageLook = {},
): Promise<WatchedPage> {
  const { allows = () => false, trustsAll = false } = look;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme,
    ignoreHTTPSErrors: trustsAll,
  });
  context.setDefaultTimeout(LONGEST_WAIT_MS);
  const page = await context.newPage();
  const complaints: string[] = [];
  const complain = (text: string) => {
    if (!allows(text)) complaints.push(text);
  };
  page.on("pageerror", (error) => complain(`error: ${error.message}`));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) {
      complain(`${message.type()}: ${message.text()} (${message.location().url})`);
    }
  });
  if (url !== undefined) await page.goto(url);
  return {
    page,
    complaints,
    async [Symbol.asyncDispose]() {
      await context.close();
      if (complaints.length > 0) {
        throw new Error(`The page complained:\n${complaints.join("\n")}`);
      }
    },
  };
}
