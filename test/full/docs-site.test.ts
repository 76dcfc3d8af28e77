/** The documents as a site: built, and read in Chromium on a machine without the internet. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import type { Page } from "playwright-core";
import { requireChromium } from "../../scripts/support/chromium.ts";
import { ROOT } from "../../scripts/support/paths.ts";
import { findingsOn } from "../support/axe.ts";
import { OfflineBrowser } from "../support/browser.ts";
import { runCommand } from "../support/run-program.ts";
import { startServer, type TestServer } from "../support/server.ts";

const LIMIT_MS = 300_000;

let server: TestServer;
let browser: OfflineBrowser;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  await requireChromium();
  const built = await runCommand([process.execPath, "run", "docs"], { cwd: ROOT, env: process.env });
  if (built.code !== 0) throw new Error(built.stderr);
  server = await startServer();
  browser = await OfflineBrowser.launch(server.port);
  page = await browser.context.newPage();
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
}, LIMIT_MS);

afterAll(async () => {
  await browser?.[Symbol.asyncDispose]();
  await server?.stop();
}, 60_000);

test(
  "a page is found by its name and by a search, and nothing is loaded from elsewhere",
  async () => {
    await page.goto(`${browser.url}/docs`);
    await page.getByRole("link", { name: "API by example" }).first().click();
    await page.getByRole("heading", { name: "Structured output" }).waitFor();
    await page.keyboard.press("Control+k");
    await page.locator(".VPLocalSearchBox input").fill("quantize");
    await page.locator(".VPLocalSearchBox").getByText("Import and quantize").first().click();
    await page.getByRole("heading", { name: "LoRA adapters" }).waitFor();
    expect(await page.locator("body").textContent()).not.toContain("{{ ");
    expect(complaints).toEqual([]);
    expect(browser.strayed).toEqual([]);
  },
  LIMIT_MS,
);

test(
  "axe finds nothing serious, by day and by night, and a phone is wide enough",
  async () => {
    await page.setViewportSize({ width: 390, height: 800 });
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      for (const path of ["", "/api", "/faq", "/behaviour/differences"]) {
        await page.goto(`${browser.url}/docs${path}`);
        expect(await findingsOn(page)).toEqual([]);
        expect(Number(await page.evaluate("document.documentElement.scrollWidth"))).toBeLessThanOrEqual(390);
      }
    }
  },
  LIMIT_MS,
);

test(
  "every link in the header of the page leads somewhere",
  async () => {
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.goto(browser.url);
    const links = await page
      .locator("header a[href^='/']")
      .evaluateAll((all) => all.map((each) => each.getAttribute("href")));
    expect(links).toEqual(["/docs/", "/swagger"]);
    for (const link of links) expect((await fetch(`${server.url}${link}`)).status).toBe(200);
  },
  LIMIT_MS,
);

/** Addresses that a page links to on this server, without those within itself. */
const linksIn = (html: string, address: string): string[] =>
  [...html.matchAll(/<a [^>]*href="([^"#]+)(?:#[^"]*)?"/g)]
    .map(([, href = ""]) => new URL(href, address))
    .filter(({ origin }) => origin === new URL(server.url).origin)
    .map(({ pathname }) => pathname);

test(
  "every link of every page of the site leads somewhere",
  async () => {
    const seen = new Set(["/docs/"]);
    const broken: string[] = [];
    // A set gives what is added while it is gone through.
    for (const path of seen) {
      const address = `${server.url}${path}`;
      const reply = await fetch(address, { headers: { accept: "text/html" } });
      if (reply.status !== 200) broken.push(`${path}: ${reply.status}`);
      if (!path.startsWith("/docs/") || !reply.headers.get("content-type")?.startsWith("text/html")) continue;
      for (const link of linksIn(await reply.text(), address)) seen.add(link);
    }
    expect(seen.size).toBeGreaterThan(35);
    expect([...seen].filter((path) => !path.startsWith("/docs"))).toEqual(["/", "/swagger/"]);
    expect(broken).toEqual([]);
  },
  LIMIT_MS,
);
