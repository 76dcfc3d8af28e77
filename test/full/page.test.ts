/** The page at `/`, talked to in Chromium as somebody would, on a machine without the internet. */
import { expect, test } from "bun:test";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PageFixture, screenshot } from "../support/page.ts";

const LIMIT_MS = 120_000;
const at = new PageFixture();

test(
  "a chat: answered, edited, regenerated, found again after a reload, exported and imported",
  async () => {
    await at.page.goto(at.browser.url);
    await at.page.getByLabel("Model").selectOption("smollm2:latest");
    await at.ask("Name a colour.");
    await at.page.getByText(/\d+ tokens, /).waitFor();
    const answer = at.page.getByRole("article", { name: "Answer" });
    const first = await answer.textContent();
    await at.page.getByRole("button", { name: "Regenerate" }).click();
    await at.page.getByText(/\d+ tokens, /).waitFor();
    expect((await answer.textContent())?.split("\n")[0]).toBe(first?.split("\n")[0] ?? "none");
    await at.page.getByRole("button", { name: "Edit" }).click();
    await at.page
      .getByRole("article")
      .or(at.page.locator("form.turn"))
      .getByLabel("Message")
      .fill("Name an animal.");
    await at.page.locator("form.turn").getByRole("button", { name: "Send" }).click();
    await at.page.getByText(/\d+ tokens, /).waitFor();
    expect(await at.page.getByRole("article", { name: "You" }).allTextContents()).toHaveLength(1);
    await at.page.reload();
    await at.page.getByText("Name an animal.").first().waitFor();
    const download = at.page.waitForEvent("download");
    await at.page.getByRole("button", { name: "Export" }).click();
    const path = join(at.folder, "exported.json");
    await (await download).saveAs(path);
    expect(JSON.parse(await readFile(path, "utf8"))).toMatchObject({
      format: "llamero-conversations",
      version: 1,
    });
    await at.page.getByRole("button", { name: /^Rename “/ }).click();
    await at.page.getByLabel("Title").fill("About animals");
    await at.page.getByRole("dialog").getByRole("button", { name: "Rename" }).click();
    await at.page.getByRole("link", { name: "About animals" }).waitFor();
    await at.page.getByRole("button", { name: /^Delete “/ }).click();
    await at.page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await at.page.getByRole("link", { name: "About animals" }).waitFor({ state: "detached" });
    await at.page.getByLabel("Conversations to import").setInputFiles(path);
    await at.page.getByRole("link", { name: "Name an animal." }).waitFor();
    expect(await at.findings()).toEqual([]);
  },
  LIMIT_MS,
);

test(
  "an answer is stopped by Escape, and the server stops too",
  async () => {
    await at.page.goto(at.browser.url);
    await at.page.getByRole("button", { name: "New conversation" }).click();
    await at.page.getByLabel("Model").selectOption("endless:latest");
    await at.ask("Go on for ever.");
    await at.page.locator(".markdown", { hasText: /[\s\S]{200}/ }).waitFor();
    await at.page.getByPlaceholder("Write a message").press("Escape");
    await at.page.getByText("Stopped.").waitFor();
    const logged = () =>
      at.server
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
    await at.page.route("**/api/chat", (route) =>
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
    await at.page.goto(at.browser.url);
    await at.page.getByRole("button", { name: "New conversation" }).click();
    await at.ask("x");
    await at.page.locator("math").waitFor();
    await at.page.getByRole("heading", { name: "Title" }).waitFor();
    expect(await at.page.locator(".markdown .code button.copy").count()).toBe(1);
    expect(await at.page.locator("details.thinking summary").textContent()).toBe("Thinking");
    expect(await at.page.locator("details.call").textContent()).toContain('"city": "Oslo"');
    expect(await at.page.evaluate("window.hacked")).toBeUndefined();
    expect(await at.page.locator(".markdown img, .markdown script").count()).toBe(0);
    // Chromium says so of a handler that DOMPurify is about to take out.
    expect(at.complaints.filter((text) => !text.startsWith("Executing inline event handler"))).toEqual([]);
    at.complaints = [];
    await at.page.screenshot({ path: screenshot("chat") });
    expect(await at.findings()).toEqual([]);
  },
  LIMIT_MS,
);

test(
  "text files and pictures go along with a message",
  async () => {
    const bodies: unknown[] = [];
    await at.page.route("**/api/chat", (route) => {
      bodies.push(route.request().postDataJSON());
      const line = { message: { role: "assistant", content: "ok" }, done: true };
      return route.fulfill({ contentType: "application/x-ndjson", body: `${JSON.stringify(line)}\n` });
    });
    const text = join(at.folder, "notes.txt");
    await writeFile(text, "remember");
    const picture = join(at.folder, "dot.png");
    await writeFile(picture, Buffer.from(DOT, "base64"));
    await at.page.goto(at.browser.url);
    await at.page.getByRole("button", { name: "New conversation" }).click();
    await at.page.getByLabel("Files to attach").setInputFiles([text, picture]);
    await at.page.getByRole("button", { name: "Remove notes.txt" }).waitFor();
    await at.ask("What is this?");
    await at.page.getByText("ok", { exact: true }).waitFor();
    expect(bodies[0]).toMatchObject({
      messages: [{ content: "File notes.txt:\n```\nremember\n```\n\nWhat is this?", images: [DOT] }],
    });
  },
  LIMIT_MS,
);

test(
  "an answer that the page does not see the end of is found again as far as it came",
  async () => {
    await at.page.goto(at.browser.url);
    await at.page.getByRole("button", { name: "New conversation" }).click();
    await at.page.getByLabel("Model").selectOption("endless:latest");
    await at.ask("Go on.");
    await at.page.locator(".markdown", { hasText: /[\s\S]{200}/ }).waitFor();
    // What is written down once a second.
    await at.page.waitForTimeout(1_500);
    await at.page.reload();
    const answer = at.page.getByRole("article", { name: "Answer" });
    await answer.getByText("Stopped.").waitFor();
    expect((await answer.locator(".markdown").textContent())?.length).toBeGreaterThan(100);
  },
  LIMIT_MS,
);

test(
  "a browser that keeps nothing says so, and answers all the same",
  async () => {
    await at.page.addInitScript(`IDBObjectStore.prototype.put = () => {
      throw new DOMException("The disk is full.", "QuotaExceededError");
    };`);
    await at.page.goto(at.browser.url);
    await at.page.getByRole("button", { name: "New conversation" }).click();
    await at.page.getByLabel("Model").selectOption("smollm2:latest");
    await at.ask("Name a colour.");
    await at.page.getByText(/\d+ tokens, /).waitFor();
    expect(await at.page.getByRole("alert").textContent()).toBe(
      "This browser does not keep this conversation: The disk is full.",
    );
  },
  LIMIT_MS,
);

test(
  "a damaged file leaves the page as it was, and nothing moves for who wants it so",
  async () => {
    const whole = {
      id: "w",
      title: "Whole",
      model: "smollm2:latest",
      settings: { system: "" },
      turns: [],
      changed: 1,
    };
    const file = (...conversations: object[]) =>
      JSON.stringify({ format: "llamero-conversations", version: 1, conversations });
    await at.page.emulateMedia({ reducedMotion: "reduce" });
    await at.page.goto(at.browser.url);
    const restore = async (text: string) => {
      const path = join(at.folder, "damaged.json");
      await writeFile(path, text);
      await at.page.getByLabel("Conversations to import").setInputFiles(path);
    };
    await restore(file(whole, { ...whole, id: "x", turns: [null] }));
    await at.page.getByText("1 of 2 conversations in this file are damaged").waitFor();
    await at.page.getByRole("link", { name: "Whole" }).click();
    await restore(file(whole).slice(0, 60));
    await at.page.getByText("This file holds no conversations of llamero's.").waitFor();
    await at.ask("Name a colour.");
    await at.page.getByRole("status", { name: "The model reads" }).waitFor();
    expect(await at.page.evaluate("document.getAnimations().length")).toBe(0);
    await at.page.getByText(/\d+ tokens, /).waitFor();
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
    await at.page.addInitScript(COUNT_FRAMES);
    await at.page.goto(at.browser.url);
    await at.page.getByRole("button", { name: "New conversation" }).click();
    await at.page.getByLabel("Model").selectOption("smollm2:latest");
    await at.ask("Name a colour.");
    await at.page.getByText(/\d+ tokens, /).waitFor();
    const { came, shown } = (await at.page.evaluate("window.seen")) as { came: number; shown: number };
    expect(shown - came).toBeLessThanOrEqual(1);
  },
  LIMIT_MS,
);

const DOT =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
