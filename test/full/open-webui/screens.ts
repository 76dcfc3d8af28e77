import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { RECORDS } from "./app.ts";
import { watch } from "./watch.ts";

/** A busy machine with one slot does the chat's title first. */
const ANSWER_LIMIT_MS = 240_000;
const PULL_LIMIT_MS = 120_000;

/** Where an answer's text is. */
const ANSWER = "[role=log] .chat-assistant";
const DIALOG = "[role=dialog]";

/** An answer, and the texts that it was seen with on the way. */
export interface SeenAnswer {
  text: string;
  before: string[];
}

/** open-webui as a person uses it: what is clicked and what is read. */
export class Screens {
  readonly page: Page;
  readonly #url: string;
  #shots = 0;

  private constructor(page: Page, url: string) {
    this.page = page;
    this.#url = url;
  }

  /** Opens open-webui for the first time, when its release notes stand in front of everything. */
  static async open(page: Page, url: string): Promise<Screens> {
    const screens = new Screens(page, url);
    await screens.newChat();
    await page.getByRole("button", { name: "Okay, Let's Go!" }).click();
    return screens;
  }

  async screenshot(name: string): Promise<void> {
    const number = String(++this.#shots).padStart(2, "0");
    await this.page.screenshot({ path: join(RECORDS, `${number}-${name}.png`) });
  }

  /** An empty chat, with this model if one is named. */
  async newChat(model?: string): Promise<void> {
    const query = model === undefined ? "" : `?model=${encodeURIComponent(model)}`;
    await this.page.goto(`${this.#url}/${query}`);
    await this.#input.waitFor();
  }

  /** Opens the list of models. */
  async models(): Promise<Locator> {
    await this.page.locator("#model-selector-model-button").click();
    const list = this.page.getByRole("listbox", { name: "Available models" });
    await list.getByRole("option").first().waitFor();
    return list.getByRole("option");
  }

  async send(text: string): Promise<void> {
    await this.#input.click();
    await this.page.keyboard.type(text);
    await this.page.keyboard.press("Enter");
    await this.page.getByRole("log").waitFor();
  }

  /** Sends a message in a chat that has none and waits for the answer's end. */
  async ask(text: string): Promise<SeenAnswer> {
    await this.send(text);
    const seen = await watch(this.page, ANSWER);
    await this.untilAnswered();
    const before = await seen();
    return { text: before.pop() ?? "", before };
  }

  async untilAnswered(): Promise<void> {
    await this.page.getByText("Response complete").first().waitFor({ timeout: ANSWER_LIMIT_MS });
  }

  async untilAnswerHas(text: RegExp): Promise<void> {
    await this.page.locator(ANSWER).last().filter({ hasText: text }).waitFor({ timeout: ANSWER_LIMIT_MS });
  }

  stop(): Promise<void> {
    return this.page.getByRole("button", { name: "Stop" }).click();
  }

  /** The administrator's dialog for models. */
  async manageModels(): Promise<Locator> {
    await this.page.goto(`${this.#url}/admin/settings/connections`);
    await this.page.getByRole("button", { name: "Manage", exact: true }).click();
    return this.page.getByRole("dialog").filter({ hasText: "Pull a model" });
  }

  /**
   * Pulls a model in the dialog.
   *
   * @returns the percentages between nothing and all that were shown.
   */
  async pull(dialog: Locator, model: string): Promise<number[]> {
    const tag = dialog.getByPlaceholder("mistral:7b");
    await tag.fill(model);
    await this.screenshot("manage-models");
    const shown = await watch(this.page, DIALOG);
    // It has an icon and no name.
    await tag.locator("xpath=following::button[1]").click();
    await dialog.getByText(/^[1-9]\d(\.\d+)?%$/).waitFor();
    await this.screenshot("pulling");
    await this.page.getByText("has been successfully downloaded").waitFor({ timeout: PULL_LIMIT_MS });
    await this.screenshot("pulled");
    const shares = (await shown()).map((text) => Number(/([\d.]+)%\s*sha256:/.exec(text)?.[1] ?? 0));
    return [...new Set(shares)].filter((share) => share > 0 && share < 100);
  }

  /** @param request what goes to `/api/create`. */
  async create(dialog: Locator, tag: string, request: object): Promise<void> {
    await dialog.getByPlaceholder("my-modelfile").first().fill(tag);
    await dialog.getByPlaceholder("my-modelfile").last().fill(JSON.stringify(request));
    await this.screenshot("create");
    await dialog.getByRole("button", { name: "Create Model" }).click();
  }

  async delete(dialog: Locator, model: string): Promise<void> {
    await dialog.getByRole("combobox").selectOption(model);
    await dialog.getByRole("button", { name: "Delete Model" }).click();
    const confirmation = this.page.getByRole("dialog", { name: "Confirm your action" });
    await confirmation.waitFor();
    await this.screenshot("delete");
    await confirmation.getByRole("button", { name: "Confirm" }).click();
  }

  /** Adds a text file to the next message and waits until it is indexed. */
  async attach(name: string, text: string): Promise<void> {
    const buffer = Buffer.from(text);
    const indexed = this.page.waitForResponse(
      (response) => response.url().includes("/api/v1/files/") && response.request().method() === "POST",
    );
    await this.page
      .locator("input[type=file]")
      .first()
      .setInputFiles({ name, mimeType: "text/plain", buffer });
    await indexed;
  }

  get #input(): Locator {
    return this.page.locator("#chat-input");
  }
}
