import type { Page } from "playwright-core";

/** Runs in the page; text, since the tests are compiled without the types of browsers. */
const WATCH = `(selector, name) => {
  const seen = (window[name] = []);
  const note = () => {
    const text = [...document.querySelectorAll(selector)].at(-1)?.textContent?.trim();
    if (text && text !== seen.at(-1)) seen.push(text);
  };
  note();
  new MutationObserver(note).observe(document.body, { childList: true, characterData: true, subtree: true });
}`;

let watches = 0;

/**
 * Notes every text that the last element of a selector shows from here on, until the page is left: what comes and goes between
 * two looks at the page is not missed.
 *
 * @returns the texts so far, in order.
 */
export async function watch(page: Page, selector: string): Promise<() => Promise<string[]>> {
  const name = JSON.stringify(`llameroWatch${++watches}`);
  await page.evaluate(`(${WATCH})(${JSON.stringify(selector)}, ${name})`);
  return () => page.evaluate<string[]>(`window[${name}]`);
}
