/** The page at `/`, used in Chromium as somebody would, on a machine without the internet. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { requireChromium } from "../../scripts/support/chromium.ts";
import { OfflineBrowser } from "../support/browser.ts";
import { allMiniLm, smollm2, tinyLlama } from "../support/models.ts";
import { createModel, startServer, type TestServer } from "../support/server.ts";

const LIMIT_MS = 120_000;
const AXE = readFileSync(Bun.resolveSync("axe-core/axe.min.js", import.meta.dir), "utf8");
/** For whoever wants to see it. */
const SCREENSHOT = join(tmpdir(), "llamero-page.png");
let server: TestServer;
let browser: OfflineBrowser;
let folder: string;
let page: Page;
/** What the browser's console complains about: nothing, whatever one does. */
let complaints: string[];

beforeAll(async () => {
  await requireChromium();
  folder = await mkdtemp(join(tmpdir(), "llamero-page-"));
  server = await startServer();
  const parameters = { temperature: 0, num_predict: 24 };
  await createModel(server, "smollm2", await smollm2(), { parameters });
  await createModel(server, "all-minilm", await allMiniLm());
  await createModel(server, "endless", await tinyLlama(), { parameters: { num_predict: 100_000 } });
  await createModel(server, "unwanted", await tinyLlama({ seed: 2 }));
  browser = await OfflineBrowser.launch(server.port);
}, 600_000);

afterAll(async () => {
  await browser[Symbol.asyncDispose]();
  await server.stop();
  await rm(folder, { recursive: true });
});

beforeEach(async () => {
  page = await browser.context.newPage();
  complaints = [];
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
});

afterEach(async () => {
  await page.close();
  expect(complaints).toEqual([]);
  expect(browser.strayed).toEqual([]);
});

async function ask(text: string): Promise<void> {
  await page.getByPlaceholder("Write a message").fill(text);
  await page.keyboard.press("Enter");
}

/** Serious findings of axe, as `rule: element`. */
async function findings(): Promise<string[]> {
  await page.evaluate(AXE);
  const found = (await page.evaluate("axe.run()")) as { violations: AxeFinding[] };
  return found.violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

interface AxeFinding {
  id: string;
  impact: string;
  nodes: { html: string }[];
}

test(
  "a chat: answered, edited, regenerated, found again after a reload, exported and imported",
  async () => {
    await page.goto(browser.url);
    await page.getByLabel("Model").selectOption("smollm2:latest");
    await ask("Name a colour.");
    await page.getByText(/\d+ tokens, /).waitFor();
    const answer = page.getByRole("article", { name: "Answer" });
    const first = await answer.textContent();
    await page.getByRole("button", { name: "Regenerate" }).click();
    await page.getByText(/\d+ tokens, /).waitFor();
    expect((await answer.textContent())?.split("\n")[0]).toBe(first?.split("\n")[0] ?? "none");
    await page.getByRole("button", { name: "Edit" }).click();
    await page
      .getByRole("article")
      .or(page.locator("form.turn"))
      .getByLabel("Message")
      .fill("Name an animal.");
    await page.locator("form.turn").getByRole("button", { name: "Send" }).click();
    await page.getByText(/\d+ tokens, /).waitFor();
    expect(await page.getByRole("article", { name: "You" }).allTextContents()).toHaveLength(1);
    await page.reload();
    await page.getByText("Name an animal.").first().waitFor();
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Export" }).click();
    const path = join(folder, "exported.json");
    await (await download).saveAs(path);
    expect(JSON.parse(await readFile(path, "utf8"))).toMatchObject({
      format: "llamero-conversations",
      version: 1,
    });
    await page.getByRole("button", { name: /^Delete “/ }).click();
    await page.getByLabel("Conversations to import").setInputFiles(path);
    await page.getByRole("link", { name: "Name an animal." }).waitFor();
    expect(await findings()).toEqual([]);
  },
  LIMIT_MS,
);

test(
  "an answer is stopped by Escape, and the server stops too",
  async () => {
    await page.goto(browser.url);
    await page.getByRole("button", { name: "New conversation" }).click();
    await page.getByLabel("Model").selectOption("endless:latest");
    await ask("Go on for ever.");
    await page.locator(".markdown", { hasText: /[\s\S]{200}/ }).waitFor();
    await page.getByPlaceholder("Write a message").press("Escape");
    await page.getByText("Stopped.").waitFor();
    const logged = () =>
      server
        .stderr()
        .split("\n")
        .find(
          (line) =>
            /path=\/api\/chat.*cancelled=true/.test(line) || /cancelled=true.*path=\/api\/chat/.test(line),
        );
    for (let tries = 0; logged() === undefined && tries < 100; tries++) await Bun.sleep(50);
    expect(logged()).toBeDefined();
  },
  LIMIT_MS,
);

test(
  "Markdown, code, mathematics, thinking and calls are shown, and nothing of a stranger's is loaded or run",
  async () => {
    const content = [
      "# Title\n\n```python\nprint(1)\n```\n\nEuler: $e^{i\\pi} = -1$\n\n| a | b |\n|---|---|\n| 1 | 2 |\n",
      '<img src="https://example.com/x.png" onerror="window.hacked = 1"><script>window.hacked = 1</script>',
      "[link](javascript:window.hacked=1)",
    ].join("\n");
    await page.route("**/api/chat", (route) =>
      route.fulfill({
        contentType: "application/x-ndjson",
        body: [
          { message: { role: "assistant", content: "", thinking: "Let me see." }, done: false },
          { message: { role: "assistant", content }, done: false },
          {
            message: {
              role: "assistant",
              content: "",
              tool_calls: [{ function: { index: 0, name: "weather", arguments: { city: "Oslo" } } }],
            },
            done: true,
            eval_count: 5,
            eval_duration: 1e9,
          },
        ]
          .map((line) => `${JSON.stringify(line)}\n`)
          .join(""),
      }),
    );
    await page.goto(browser.url);
    await page.getByRole("button", { name: "New conversation" }).click();
    await ask("x");
    await page.locator("math").waitFor();
    await page.getByRole("heading", { name: "Title" }).waitFor();
    expect(await page.locator(".markdown pre button.copy").count()).toBe(1);
    expect(await page.locator("details.thinking summary").textContent()).toBe("Thinking");
    expect(await page.locator("details.call").textContent()).toContain('"city": "Oslo"');
    expect(await page.evaluate("window.hacked")).toBeUndefined();
    expect(await page.locator(".markdown img, .markdown script").count()).toBe(0);
    // Chromium says so of a handler that DOMPurify is about to take out.
    expect(complaints.filter((text) => !text.startsWith("Executing inline event handler"))).toEqual([]);
    complaints = [];
    await page.screenshot({ path: SCREENSHOT });
    expect(await findings()).toEqual([]);
  },
  LIMIT_MS,
);

test(
  "text files and pictures go along with a message",
  async () => {
    const bodies: unknown[] = [];
    await page.route("**/api/chat", (route) => {
      bodies.push(route.request().postDataJSON());
      const line = { message: { role: "assistant", content: "ok" }, done: true };
      return route.fulfill({ contentType: "application/x-ndjson", body: `${JSON.stringify(line)}\n` });
    });
    const text = join(folder, "notes.txt");
    await writeFile(text, "remember");
    const picture = join(folder, "dot.png");
    await writeFile(picture, Buffer.from(DOT, "base64"));
    await page.goto(browser.url);
    await page.getByRole("button", { name: "New conversation" }).click();
    await page.getByLabel("Files to attach").setInputFiles([text, picture]);
    await page.getByRole("button", { name: "Remove notes.txt" }).waitFor();
    await ask("What is this?");
    await page.getByText("ok", { exact: true }).waitFor();
    expect(bodies[0]).toMatchObject({
      messages: [{ content: "File notes.txt:\n```\nremember\n```\n\nWhat is this?", images: [DOT] }],
    });
  },
  LIMIT_MS,
);

test(
  "models: listed, unloaded, deleted after a question; a pull that fails says why",
  async () => {
    await page.goto(`${browser.url}#/models`);
    const row = page.getByRole("row", { name: /unwanted/ });
    await row.getByText("completion").waitFor();
    await page.getByRole("button", { name: "Details of smollm2:latest" }).click();
    await page.getByRole("dialog", { name: "smollm2:latest" }).getByText("8,192").waitFor();
    expect(await findings()).toEqual([]);
    await page.getByRole("button", { name: "Close" }).click();
    await page.getByRole("button", { name: "Delete unwanted:latest" }).click();
    await page.getByRole("button", { name: "Keep it" }).click();
    expect(await row.count()).toBe(1);
    await page.getByRole("button", { name: "Delete unwanted:latest" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await row.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Unload" }).first().click();
    await page.getByLabel("Name of the model").fill("127.0.0.1:1/library/nothing");
    await page.getByRole("button", { name: "Pull" }).click();
    await page.getByRole("button", { name: "Try again" }).waitFor();
    expect(await findings()).toEqual([]);
    complaints = complaints.filter((text) => !text.includes("Failed to load resource"));
  },
  LIMIT_MS,
);

test(
  "activity: the slots in use, and who waits for one",
  async () => {
    const abort = new AbortController();
    const ask = (prompt: string) =>
      fetch(`${server.url}/api/generate`, {
        method: "POST",
        body: JSON.stringify({ model: "endless", prompt }),
        signal: abort.signal,
      });
    const answering = await ask("Go on");
    const waiting = ask("And me?").catch((error: unknown) => error);
    await page.goto(`${browser.url}#/activity`);
    await page.getByRole("row", { name: /endless:latest 1 of 1 1/ }).waitFor();
    await page.getByRole("row", { name: /endless:latest a free slot/ }).waitFor();
    expect(await findings()).toEqual([]);
    abort.abort();
    await Promise.all([answering.text().catch(() => ""), waiting]);
    await page.getByText("No request waits.").waitFor();
    await page.getByRole("row", { name: /endless:latest 0 of 1/ }).waitFor();
    await page.getByText("Numbers: Requests").waitFor({ timeout: 30_000 });
    await page.getByRole("button", { name: "30 days" }).click();
    await page.locator(".plot canvas").nth(3).waitFor();
    await page.screenshot({ path: SCREENSHOT.replace("page", "activity") });
    expect(await findings()).toEqual([]);
  },
  LIMIT_MS,
);

test(
  "embeddings put lines in order",
  async () => {
    await page.goto(`${browser.url}#/try`);
    await page.getByRole("button", { name: "Compare" }).click();
    const lines = page.getByRole("listitem");
    await lines.nth(2).waitFor();
    expect(await lines.nth(2).textContent()).toContain("The train leaves at noon.");
    expect(await findings()).toEqual([]);
  },
  LIMIT_MS,
);

test(
  "in the dark and on a phone it is readable, and nothing is wider than the screen",
  async () => {
    await page.emulateMedia({ colorScheme: "dark" });
    await page.setViewportSize({ width: 390, height: 800 });
    for (const view of ["chat", "models", "activity", "try"]) {
      await page.goto(`${browser.url}#/${view}`);
      await page.getByRole("main").waitFor();
      expect(Number(await page.evaluate("document.documentElement.scrollWidth"))).toBeLessThanOrEqual(390);
      expect(await findings()).toEqual([]);
    }
  },
  LIMIT_MS,
);

const DOT =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
