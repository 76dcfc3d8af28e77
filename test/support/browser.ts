import { type Browser, type BrowserContext, chromium } from "playwright-core";
import { findChromium } from "../../scripts/support/chromium.ts";

/** A name of the test's server that is not `localhost`, because pages behave differently there. */
const HOSTNAME = "llamero.local";

/** A browser on a machine without the internet: it reaches given ports of 127.0.0.1, and every other request is noted and fails. */
export class OfflineBrowser implements AsyncDisposable {
  /** Where the server is for the browser. */
  readonly url: string;
  readonly context: BrowserContext;
  /** Requests to anything else. */
  readonly strayed: string[] = [];
  readonly #browser: Browser;
  readonly #origins: readonly string[];

  private constructor(browser: Browser, context: BrowserContext, port: number, others: readonly number[]) {
    this.#browser = browser;
    this.#origins = [port, ...others].map((each) => `http://${HOSTNAME}:${each}`);
    this.context = context;
    this.url = `http://${HOSTNAME}:${port}`;
  }

  /**
   * @param port of the server on 127.0.0.1.
   * @param others that its pages may talk to.
   * @throws Error when no Chromium is installed.
   */
  static async launch(port: number, others: readonly number[] = []): Promise<OfflineBrowser> {
    const executablePath = findChromium();
    if (executablePath === undefined) {
      throw new Error(
        "this test needs Chromium on the PATH; `bun run check:full` installs it on Debian as root",
      );
    }
    const browser = await chromium.launch({
      executablePath,
      args: [`--host-resolver-rules=MAP ${HOSTNAME} 127.0.0.1, MAP * ~NOTFOUND`],
    });
    const context = await browser.newContext({ viewport: { width: 1280, height: 1600 } });
    const offline = new OfflineBrowser(browser, context, port, others);
    await context.route(
      (url) => !offline.#isAllowed(url),
      (route) => {
        offline.strayed.push(route.request().url());
        return route.abort("internetdisconnected");
      },
    );
    return offline;
  }

  #isAllowed({ protocol, origin }: URL): boolean {
    return protocol === "data:" || protocol === "blob:" || this.#origins.includes(origin);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#browser.close();
  }
}
