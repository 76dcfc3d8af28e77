/** The views of the page at `/` beside the chat, in Chromium on a machine without the internet. */
import { expect, test } from "bun:test";
import { MEDIA } from "../../src/store/media-type.ts";
import { PageFixture, screenshot } from "../support/page.ts";
import { ggufWithWeights } from "../support/weights-gguf.ts";

const LIMIT_MS = 120_000;
const at = new PageFixture();

test(
  "models: listed, unloaded, deleted after a question; a pull that fails says why",
  async () => {
    await at.page.goto(`${at.browser.url}#/models`);
    const row = at.page.getByRole("row", { name: /unwanted/ });
    await row.getByText("completion").waitFor();
    await at.page.getByRole("button", { name: "Details of smollm2:latest" }).click();
    await at.page.getByRole("dialog", { name: "smollm2:latest" }).getByText("8,192").waitFor();
    expect(await at.findings()).toEqual([]);
    await at.page.getByRole("button", { name: "Close" }).click();
    await at.page.getByRole("button", { name: "Delete unwanted:latest" }).click();
    await at.page.getByRole("button", { name: "Keep it" }).click();
    expect(await row.count()).toBe(1);
    await at.page.getByRole("button", { name: "Delete unwanted:latest" }).click();
    await at.page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await row.waitFor({ state: "detached" });
    await fetch(`${at.server.url}/api/generate`, {
      method: "POST",
      body: JSON.stringify({ model: "endless" }),
    });
    const loaded = at.page.getByRole("region", { name: "Loaded" }).first();
    await loaded.getByRole("button", { name: "Unload" }).first().click();
    await loaded.waitFor({ state: "detached" });
    await at.page.getByLabel("Name of the model").fill("127.0.0.1:1/library/nothing");
    await at.page.getByRole("button", { name: "Pull" }).click();
    await at.page.getByRole("button", { name: "Try again" }).waitFor();
    expect(await at.findings()).toEqual([]);
    at.complaints = at.complaints.filter((text) => !text.includes("Failed to load resource"));
  },
  LIMIT_MS,
);

test(
  "a pull: its bar fills, and the model is there",
  async () => {
    const layer = at.registry.blob(MEDIA.model, await ggufWithWeights(8));
    at.registry.publish("library/pulled:latest", layer);
    at.registry.options.bytesPerSecond = 1_000_000;
    await at.page.goto(`${at.browser.url}#/models`);
    await at.page.getByLabel("Name of the model").fill("pulled");
    await at.page.getByRole("button", { name: "Pull", exact: true }).click();
    const bar = at.page.getByRole("progressbar", { name: "Pull of pulled" });
    const filled = async () => Number(await bar.getAttribute("value"));
    while ((await filled()) === 0) await at.page.waitForTimeout(50);
    const early = await filled();
    while ((await filled()) === early) await at.page.waitForTimeout(50);
    await at.page.getByRole("button", { name: "Pause" }).click();
    await at.page.getByText("pulled:latest paused").waitFor();
    await at.page.screenshot({ path: screenshot("models") });
    expect(await at.findings()).toEqual([]);
    delete at.registry.options.bytesPerSecond;
    const row = at.page.getByRole("listitem").filter({ hasText: "pulled:latest" });
    await row.getByRole("button", { name: "Resume" }).click();
    await at.page.getByRole("row", { name: /^pulled:latest/ }).waitFor();
    await bar.waitFor({ state: "detached" });
  },
  LIMIT_MS,
);

test(
  "activity: the slots in use, and who waits for one",
  async () => {
    const abort = new AbortController();
    const ask = (prompt: string) =>
      fetch(`${at.server.url}/api/generate`, {
        method: "POST",
        body: JSON.stringify({ model: "endless", prompt }),
        signal: abort.signal,
      });
    const answering = await ask("Go on");
    const waiting = ask("And me?").catch((error: unknown) => error);
    await at.page.goto(`${at.browser.url}#/activity`);
    await at.page.getByRole("row", { name: /endless:latest 1 of 1 1/ }).waitFor();
    await at.page.getByRole("row", { name: /endless:latest a free slot/ }).waitFor();
    expect(await at.findings()).toEqual([]);
    abort.abort();
    await Promise.all([answering.text().catch(() => ""), waiting]);
    await at.page.getByText("No request waits.").waitFor();
    await at.page.getByRole("row", { name: /endless:latest 0 of 1/ }).waitFor();
    await at.page.getByText("Numbers: Requests").waitFor({ timeout: 30_000 });
    await at.page.getByRole("button", { name: "30 days" }).click();
    await at.page.locator(".plot canvas").nth(3).waitFor();
    await at.page.screenshot({ path: screenshot("activity") });
    expect(await at.findings()).toEqual([]);
  },
  LIMIT_MS,
);

test(
  "decisions: questions of every kind are answered with probabilities, whose sum is one",
  async () => {
    await at.page.goto(`${at.browser.url}#/try`);
    const decisions = at.page.getByRole("region", { name: "Decisions" });
    await decisions.getByLabel("Model").selectOption("smollm2:latest");
    await decisions.getByRole("button", { name: "Add a question" }).click();
    await decisions.getByLabel("Question", { exact: true }).last().fill("Is it about the weather?");
    await decisions.getByRole("button", { name: "Remove question 3" }).click();
    await decisions.getByRole("button", { name: "Decide" }).click();
    const team = decisions.getByRole("list", { name: "Probabilities: Which team is to answer?" });
    await team.waitFor({ timeout: LIMIT_MS });
    const shares = await team.locator(".number").allTextContents();
    expect(shares).toHaveLength(3);
    expect(shares.reduce((sum, text) => sum + Number.parseFloat(text), 0)).toBeCloseTo(100, 0);
    expect(await decisions.locator(".answer").count()).toBe(3);
    await decisions.getByRole("list", { name: "Probabilities: Is it about the weather?" }).waitFor();
    expect(await at.findings()).toEqual([]);
  },
  LIMIT_MS,
);

test(
  "embeddings put lines in order",
  async () => {
    await at.page.goto(`${at.browser.url}#/try`);
    await at.page.getByRole("button", { name: "Compare" }).click();
    const lines = at.page.getByRole("list", { name: "The likest first" }).getByRole("listitem");
    await lines.nth(2).waitFor();
    expect(await lines.nth(2).textContent()).toContain("The train leaves at noon.");
    expect(await at.findings()).toEqual([]);
  },
  LIMIT_MS,
);

test(
  "in the dark and on a phone it is readable, and nothing is wider than the screen",
  async () => {
    await at.page.emulateMedia({ colorScheme: "dark" });
    await at.page.setViewportSize({ width: 390, height: 800 });
    for (const view of ["chat", "models", "activity", "try"]) {
      await at.page.goto(`${at.browser.url}#/${view}`);
      await at.page.getByRole("main").waitFor();
      expect(Number(await at.page.evaluate("document.documentElement.scrollWidth"))).toBeLessThanOrEqual(390);
      expect(await at.findings()).toEqual([]);
    }
  },
  LIMIT_MS,
);
