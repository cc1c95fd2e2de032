/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import type { Page } from "playwright-core";

/**
 * Texts of a page whose contrast with what is behind them is less than WCAG 2 asks for on level AA
 * (4.5).
 */
export async function poorContrasts(page: Page): Promise<string[]> {
  return await page.evaluate(() => {
    const channels = (color: string) => (color.match(/[\d.]+/g) ?? []).map(Number);
    const luminance = (color: string) => {
      const [red = 0, green = 0, blue = 0] = channels(color).map((value) => {
        const part = value / 255;
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const behind = (element: Element | null): string => {
      if (element === null) return "rgb(255, 255, 255)";
      const color = getComputedStyle(element).backgroundColor;
      return (channels(color)[3] ?? 1) === 0 ? behind(element.parentElement) : color;
    };
    const hasText = (element: Element) =>
      [...element.childNodes].some((node) =>
        node.nodeType === Node.TEXT_NODE && (node.textContent ?? "").trim() !== ""
      );
    const poor: string[] = [];
    // What flashes is on its way to the colours that count.
    for (const animation of document.getAnimations()) animation.finish();
    for (const element of document.querySelectorAll("body *")) {
      if (!hasText(element) || element.getClientRects().length === 0) continue;
      const [back, text] = [behind(element), getComputedStyle(element).color];
      const [low = 0, high = 0] = [luminance(back), luminance(text)].sort((one, two) => one - two);
      const contrast = (high + 0.05) / (low + 0.05);
      if (contrast < 4.5) {
        poor.push(
          `${element.textContent?.slice(0, 40)}: ${text} on ${back}: ${contrast.toFixed(2)}`,
        );
      }
    }
    return poor;
  });
}
