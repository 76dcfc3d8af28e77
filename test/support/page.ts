import { afterAll, afterEach, beforeAll, beforeEach, expect } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { requireChromium } from "../../scripts/support/chromium.ts";
import { findingsOn } from "./axe.ts";
import { OfflineBrowser } from "./browser.ts";
import { allMiniLm, smollm2, tinyLlama } from "./models.ts";
import { type RegistryServer, startRegistry } from "./registry-server.ts";
import { createModel, startServer, type TestServer } from "./server.ts";

/** Where its screenshots go, for whoever wants to see it. */
export const screenshot = (name: string): string => join(tmpdir(), `llamero-page-${name}.png`);

/** The page of a server with four models, in a browser without the internet; a registry stands for Ollama's. */
export class PageFixture {
  registry!: RegistryServer;
  server!: TestServer;
  browser!: OfflineBrowser;
  /** Of the tests' own files. */
  folder!: string;
  page!: Page;
  /** What the browser's console complains about: nothing, whatever one does. */
  complaints: string[] = [];

  /** For the tests of a file: each has a page of its own. */
  constructor() {
    beforeAll(() => this.#start(), 600_000);
    afterAll(() => this.#stop());
    beforeEach(() => this.#open());
    afterEach(() => this.#close());
  }

  async ask(text: string): Promise<void> {
    await this.page.getByPlaceholder("Write a message").fill(text);
    await this.page.keyboard.press("Enter");
  }

  findings = (): Promise<string[]> => findingsOn(this.page);

  async #start(): Promise<void> {
    await requireChromium();
    this.folder = await mkdtemp(join(tmpdir(), "llamero-page-"));
    this.registry = await startRegistry();
    this.server = await startServer({ OLLAMA_REGISTRY_MIRROR: `http://${this.registry.host}` });
    const parameters = { temperature: 0, num_predict: 24 };
    await createModel(this.server, "smollm2", await smollm2(), { parameters });
    await createModel(this.server, "all-minilm", await allMiniLm());
    // Greedy and without a penalty it says the same for ever; what is drawn would be an end of text before long.
    const forEver = { num_predict: 100_000, temperature: 0, repeat_penalty: 1 };
    await createModel(this.server, "endless", await tinyLlama(), { parameters: forEver });
    await createModel(this.server, "unwanted", await tinyLlama({ seed: 2 }));
    this.browser = await OfflineBrowser.launch(this.server.port);
  }

  async #stop(): Promise<void> {
    await this.browser[Symbol.asyncDispose]();
    await this.server.stop();
    await this.registry[Symbol.asyncDispose]();
    await rm(this.folder, { recursive: true });
  }

  async #open(): Promise<void> {
    this.page = await this.browser.context.newPage();
    this.complaints = [];
    this.page.on("console", (message) => {
      if (message.type() === "error") this.complaints.push(message.text());
    });
    this.page.on("pageerror", (error) => this.complaints.push(error.message));
  }

  async #close(): Promise<void> {
    await this.page.close();
    expect(this.complaints).toEqual([]);
    expect(this.browser.strayed).toEqual([]);
  }
}
