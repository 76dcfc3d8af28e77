/** The page at `/`, used in Chromium as somebody would, on a machine without the internet. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { requireChromium } from "../../scripts/support/chromium.ts";
import { MEDIA } from "../../src/store/media-type.ts";
import { OfflineBrowser } from "../support/browser.ts";
import { allMiniLm, smollm2, tinyLlama } from "../support/models.ts";
import { type RegistryServer, startRegistry } from "../support/registry-server.ts";
import { createModel, startServer, type TestServer } from "../support/server.ts";
import { ggufWithWeights } from "../support/weights-gguf.ts";

const LIMIT_MS = 120_000;
const AXE = readFileSync(Bun.resolveSync("axe-core/axe.min.js", import.meta.dir), "utf8");
/** For whoever wants to see it. */
const SCREENSHOT = join(tmpdir(), "llamero-page.png");
let registry: RegistryServer;
let server: TestServer;
let browser: OfflineBrowser;
let folder: string;
let page: Page;
/** What the browser's console complains about: nothing, whatever one does. */
let complaints: string[];

beforeAll(async () => {
  await requireChromium();
  folder = await mkdtemp(join(tmpdir(), "llamero-page-"));
  registry = await startRegistry();
  server = await startServer({ OLLAMA_REGISTRY_MIRROR: `http://${registry.host}` });
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
  await registry[Symbol.asyncDispose]();
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
    await page.getByRole("button", { name: /^Rename “/ }).click();
    await page.getByLabel("Title").fill("About animals");
    await page.getByRole("dialog").getByRole("button", { name: "Rename" }).click();
    await page.getByRole("link", { name: "About animals" }).waitFor();
    await page.getByRole("button", { name: /^Delete “/ }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await page.getByRole("link", { name: "About animals" }).waitFor({ state: "detached" });
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
  "decisions: questions of every kind are answered with probabilities, whose sum is one",
  async () => {
    await page.goto(`${browser.url}#/try`);
    const decisions = page.getByRole("region", { name: "Decisions" });
    await decisions.getByLabel("Model").selectOption("smollm2:latest");
    await decisions.getByRole("button", { name: "Add a question" }).click();
    await decisions.getByLabel("Question", { exact: true }).last().fill("Is it about the weather?");
    await decisions.getByRole("button", { name: "Remove question 3" }).click();
    await decisions.getByRole("button", { name: "Decide" }).click();
    const team = decisions.getByRole("list", { name: "Probabilities: Which team is to answer?" });
    await team.waitFor();
    const shares = await team.locator(".number").allTextContents();
    expect(shares).toHaveLength(3);
    expect(shares.reduce((sum, text) => sum + Number.parseFloat(text), 0)).toBeCloseTo(100, 0);
    expect(await decisions.locator(".answer").count()).toBe(3);
    await decisions.getByRole("list", { name: "Probabilities: Is it about the weather?" }).waitFor();
    expect(await findings()).toEqual([]);
  },
  LIMIT_MS,
);

test(
  "embeddings put lines in order",
  async () => {
    await page.goto(`${browser.url}#/try`);
    await page.getByRole("button", { name: "Compare" }).click();
    const lines = page.getByRole("list", { name: "The likest first" }).getByRole("listitem");
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

/** Runs in the page before it: notes in which of the screen's frames the first chunk of an answer came, and in which its text stood there. */
const COUNT_FRAMES = `
  let frame = 0;
  const count = () => { frame++; requestAnimationFrame(count); };
  requestAnimationFrame(count);
  window.seen = {};
  const read = ReadableStreamDefaultReader.prototype.read;
  ReadableStreamDefaultReader.prototype.read = async function () {
    const result = await read.call(this);
    if (!result.done && window.seen.came === undefined && new TextDecoder().decode(result.value).includes('"message"'))
      window.seen.came = frame;
    return result;
  };
  new MutationObserver(() => {
    if (window.seen.shown === undefined && document.querySelector(".markdown")?.textContent) window.seen.shown = frame;
  }).observe(document, { subtree: true, childList: true, characterData: true });
`;

test(
  "the first token is on the screen within a frame of its arrival",
  async () => {
    await page.addInitScript(COUNT_FRAMES);
    await page.goto(browser.url);
    await page.getByRole("button", { name: "New conversation" }).click();
    await page.getByLabel("Model").selectOption("smollm2:latest");
    await ask("Name a colour.");
    await page.getByText(/\d+ tokens, /).waitFor();
    const { came, shown } = (await page.evaluate("window.seen")) as { came: number; shown: number };
    expect(shown - came).toBeLessThanOrEqual(1);
  },
  LIMIT_MS,
);

test(
  "a server with API keys: asked for, refused, and a narrow one opens what it opens",
  async () => {
    await using guarded = await startServer({ OLLAMA_ALLOWED_HOSTS: "llamero.local" });
    await createModel(guarded, "smollm2", await smollm2(), {
      parameters: { temperature: 0, num_predict: 8 },
    });
    const keyOf = async (name: string, scope: string, key?: string): Promise<string> => {
      const reply = await fetch(`${guarded.url}/api/keys`, {
        method: "POST",
        body: JSON.stringify({ name, scopes: [scope] }),
        ...(key !== undefined && { headers: { authorization: `Bearer ${key}` } }),
      });
      const made = (await reply.json()) as { key: string };
      return made.key;
    };
    const admin = await keyOf("ada", "admin");
    const narrow = await keyOf("guest", "infer", admin);
    await using other = await OfflineBrowser.launch(guarded.port);
    const guest = await other.context.newPage();
    await guest.goto(other.url);
    const dialog = guest.getByRole("dialog", { name: "API key" });
    await dialog.getByLabel("Key").fill("llamero-wrong");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.getByText("does not know the API key").waitFor();
    await guest.evaluate(AXE);
    expect(
      await guest.evaluate("axe.run('dialog').then(({ violations }) => violations.map(({ id }) => id))"),
    ).toEqual([]);
    await guest.screenshot({ path: SCREENSHOT.replace("page", "key") });
    await dialog.getByLabel("Key").fill(narrow);
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.waitFor({ state: "hidden" });
    await guest.getByLabel("Model").selectOption("smollm2:latest");
    await guest.getByPlaceholder("Write a message").fill("Name a colour.");
    await guest.keyboard.press("Enter");
    await guest.getByText(/\d+ tokens, /).waitFor();
    await guest.goto(`${other.url}/#/models`);
    await guest.getByRole("button", { name: "Delete smollm2:latest" }).click();
    await guest.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await guest.getByText('the API key "guest" does not have the scope "manage"').waitFor();
    await guest.goto(`${other.url}/#/activity`);
    await guest.getByRole("row", { name: /smollm2:latest 0 of 1/ }).waitFor();
    await guest.getByText('does not have the scope "manage"').waitFor();
    await guest.getByRole("button", { name: "API key" }).click();
    await dialog.getByLabel("Key").fill(admin);
    await dialog.getByRole("button", { name: "Save" }).click();
    await guest.getByText("Numbers: Requests").waitFor();
    expect(other.strayed).toEqual([]);
  },
  LIMIT_MS,
);

test(
  "a pull: its bar fills, and the model is there",
  async () => {
    const layer = registry.blob(MEDIA.model, await ggufWithWeights(8));
    registry.publish("library/pulled:latest", layer);
    registry.options.bytesPerSecond = 1_000_000;
    await page.goto(`${browser.url}#/models`);
    await page.getByLabel("Name of the model").fill("pulled");
    await page.getByRole("button", { name: "Pull", exact: true }).click();
    const bar = page.getByRole("progressbar", { name: "Pull of pulled" });
    const filled = async () => Number(await bar.getAttribute("value"));
    while ((await filled()) === 0) await page.waitForTimeout(50);
    const early = await filled();
    while ((await filled()) === early) await page.waitForTimeout(50);
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByText("pulled:latest paused").waitFor();
    await page.screenshot({ path: SCREENSHOT.replace("page", "models") });
    expect(await findings()).toEqual([]);
    delete registry.options.bytesPerSecond;
    await page.getByRole("button", { name: "Resume" }).click();
    await page.getByRole("row", { name: /^pulled:latest/ }).waitFor();
    expect(await bar.count()).toBe(0);
  },
  LIMIT_MS,
);

const DOT =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
