/** Swagger UI in Chromium without the internet, and a real answer through its "Try it out". */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { findingsOn } from "../support/axe.ts";
import { OfflineBrowser } from "../support/browser.ts";
import { allMiniLm, smollm2 } from "../support/models.ts";
import { createModel, startServer, type TestServer } from "../support/server.ts";

const LIMIT_MS = 180_000;
/** For whoever wants to see it. */
const SCREENSHOT = join(tmpdir(), "llamero-swagger.png");

let server: TestServer;
let browser: OfflineBrowser;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  server = await startServer();
  await createModel(server, "smollm2:135m", await smollm2());
  await createModel(server, "minilm:22m", await allMiniLm());
  browser = await OfflineBrowser.launch(server.port);
  page = await browser.context.newPage();
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  await page.goto(`${browser.url}/swagger`);
  await page.locator(".opblock").first().waitFor();
}, LIMIT_MS);

afterAll(async () => {
  await browser?.[Symbol.asyncDispose]();
  await server?.stop();
});

/** `POST /api/chat` and so on, as the document and as the page has them. */
async function documented(): Promise<string[]> {
  const reply = await fetch(`${server.url}/swagger/json`);
  const { paths } = (await reply.json()) as { paths: Record<string, object> };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
}

async function shown(): Promise<string[]> {
  const methods = await page.locator(".opblock-summary-method").allTextContents();
  const paths = await page
    .locator(".opblock-summary-path, .opblock-summary-path__deprecated")
    .allTextContents();
  // Swagger UI puts zero-width spaces where a path may be broken.
  return methods.map((method, index) => `${method} ${paths[index]?.replaceAll("\u200b", "")}`);
}

test(
  "lists every route",
  async () => {
    expect((await shown()).sort()).toEqual((await documented()).sort());
  },
  LIMIT_MS,
);

test(
  '"Try it out" of POST /api/generate streams an answer of a real model',
  async () => {
    const block = page.locator(".opblock", { has: page.locator('[data-path="/api/generate"]') });
    await block.locator(".opblock-summary-control").click();
    await block.getByRole("button", { name: "Try it out" }).click();
    expect(JSON.parse(await block.locator("textarea.body-param__text").inputValue())).toMatchObject({
      model: "smollm2:135m",
    });
    await block.getByRole("button", { name: "Execute" }).click();
    const live = block.locator(".live-responses-table .response");
    await live.waitFor({ timeout: LIMIT_MS });
    expect((await live.locator(".response-col_status").textContent())?.trim()).toBe("200");
    const body = (await live.locator(".response-col_description pre").first().textContent()) ?? "";
    const lines = body
      .split("\n")
      .filter((line) => line.trim() !== "")
      .map((line) => JSON.parse(line) as { response: string; done: boolean });
    expect(lines.length).toBeGreaterThan(2);
    expect(lines.filter(({ done }) => done)).toEqual([lines.at(-1)!]);
    expect(lines.map(({ response }) => response).join("")).toMatch(/[a-z]{3}/);
    await block.screenshot({ path: SCREENSHOT });
  },
  LIMIT_MS,
);

/** Paths of the operations that are unfolded. */
const unfolded = (): Promise<string[]> =>
  page.locator(".opblock.is-open .opblock-summary-path").allTextContents();

test(
  "an address leads to an operation, also one that is followed later",
  async () => {
    await page.goto("about:blank");
    await page.goto(`${browser.url}/swagger#/answer/postApiChat`);
    await page.locator(".opblock.is-open").first().waitFor();
    expect(await unfolded()).toEqual(["/api/chat"]);
    expect(new URL(page.url()).hash).toBe("#/answer/chat");
    expect(await page.locator(".opblock.is-open .opblock-description").textContent()).toContain(
      "This page shows a stream when it has ended",
    );
    await page.evaluate("location.hash = '#/v1/embeddings'");
    await page.locator("#operations-openai-createEmbedding.is-open").waitFor();
    expect(
      await page.locator("#operations-openai-createEmbedding .body-param__example").first().textContent(),
    ).toContain('"minilm:22m"');
  },
  LIMIT_MS,
);

test(
  "the filter finds operations by any of their words",
  async () => {
    await page.goto("about:blank");
    await page.goto(`${browser.url}/swagger`);
    await page.locator(".opblock").first().waitFor();
    await page.getByLabel("Filter by words").fill("relevance documents");
    await page.locator("#operations-answer-chat").waitFor({ state: "detached" });
    expect(await shown()).toEqual(["POST /api/rerank", "POST /v1/rerank"]);
    await page.getByLabel("Filter by words").fill("");
    await page.locator("#operations-answer-chat").waitFor();
  },
  LIMIT_MS,
);

test.each(["light", "dark"] as const)(
  "is %s where the browser is, can be read, and fits on a phone",
  async (colorScheme) => {
    const phone = await browser.context.newPage();
    await phone.emulateMedia({ colorScheme });
    await phone.setViewportSize({ width: 390, height: 800 });
    await phone.goto(`${browser.url}/swagger#/answer/chat`);
    await phone.locator(".opblock.is-open .body-param__example").first().waitFor();
    expect(await phone.evaluate("getComputedStyle(document.documentElement).backgroundColor")).toBe(
      colorScheme === "dark" ? "rgb(28, 32, 34)" : "rgba(0, 0, 0, 0)",
    );
    expect(Number(await phone.evaluate("document.documentElement.scrollWidth"))).toBeLessThanOrEqual(390);
    await phone.locator(".opblock.is-open").getByRole("button", { name: "Try it out" }).click();
    expect(await findingsOn(phone)).toEqual([]);
    await phone.close();
  },
  LIMIT_MS,
);

/** One of each kind of form: a path, a query, a file as the body, a file as a field; and a reply that scrolls. */
const FORMS = {
  removePull: "models",
  usage: "models",
  uploadBlob: "blobs",
  createTranscription: "openai",
  showModel: "models",
};

test.each(["light", "dark"] as const)(
  "every kind of form, a long reply and the place for a key can be read and heard in the %s",
  async (colorScheme) => {
    const desk = await browser.context.newPage();
    await desk.emulateMedia({ colorScheme });
    await desk.goto(`${browser.url}/swagger`);
    await desk.getByRole("button", { name: "Authorize" }).click();
    expect(await findingsOn(desk)).toEqual([]);
    await desk.getByRole("button", { name: "Close" }).first().click();
    for (const [operation, tag] of Object.entries(FORMS)) {
      const block = desk.locator(`#operations-${tag}-${operation}`);
      await block.locator(".opblock-summary-control").click();
      await block.getByRole("button", { name: "Try it out" }).click();
      if (operation === "showModel") {
        await block.getByRole("button", { name: "Execute" }).click();
        await block.locator(".live-responses-table .response pre[tabindex='0']").waitFor();
      }
      expect(await findingsOn(desk, `#operations-${tag}-${operation}`)).toEqual([]);
    }
    await desk.close();
  },
  LIMIT_MS,
);

test(
  "the key of the page at / goes along, and without the list of models the examples stay as they are",
  async () => {
    const keyed = await browser.context.newPage();
    await keyed.addInitScript("localStorage.setItem('llamero.apiKey', 'secret')");
    const keys: (string | undefined)[] = [];
    const refused = { status: 401, contentType: "application/json", body: '{"error":"unauthorized"}' };
    for (const path of ["**/api/tags", "**/api/version"]) {
      await keyed.route(path, (route) => {
        keys.push(route.request().headers().authorization);
        return route.fulfill(refused);
      });
    }
    await keyed.goto(`${browser.url}/swagger#/answer/chat`);
    const body = keyed.locator(".opblock.is-open .body-param__example").first();
    await body.waitFor();
    expect(await body.textContent()).toContain('"smollm2"');
    await keyed.evaluate("location.hash = '#/server/getVersion'");
    const version = keyed.locator("#operations-server-getVersion");
    await version.getByRole("button", { name: "Try it out" }).click();
    await version.getByRole("button", { name: "Execute" }).click();
    await version.locator(".live-responses-table .response").waitFor();
    expect(keys).toEqual(["Bearer secret", "Bearer secret"]);
    await keyed.evaluate("localStorage.clear()");
    await keyed.close();
  },
  LIMIT_MS,
);

test("asks nobody but the server for anything, and finds no fault", () => {
  expect(browser.strayed).toEqual([]);
  expect(complaints).toEqual([]);
});
